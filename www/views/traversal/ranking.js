import { spreadOf } from '../parts/spread.js';
import { measured } from './measured.js';

/**
 * How much each latent dimension of a model tells about its pictures.
 *
 * @typedef {object} Ranking
 * @property {'kl' | 'variance' | 'none'} measure KL in nats; the variance of the stored codes, for models without a known KL; or none,
 *   for random codes, which tell nothing about the model
 * @property {ArrayLike<number>} values of that measure, by dimension
 * @property {number[]} order of the dimensions, most informative first
 */

/**
 * @param {string} model
 * @param {import('../parts/stored.js').StoredLatents} stored
 * @returns {Ranking}
 */
export function rankingOf(model, stored) {
  const kl = stored.divergence ?? measured[model];
  if (kl?.length === stored.latent) return { measure: 'kl', values: kl, order: orderOf(kl) };
  const variances = spreadOf(stored).deviation.map((deviation) => deviation ** 2);
  const measure = stored.own === 'draws' ? 'none' : 'variance';
  return { measure, values: variances, order: orderOf(variances) };
}

/** @param {ArrayLike<number>} values after an explosion of training they may be NaN */
function orderOf(values) {
  const worth = Array.from(values, (value) => (Number.isFinite(value) ? value : -1));
  return [...worth.keys()].sort((a, b) => worth[b] - worth[a]);
}

/** Numbers of dimensions in the short form: the most informative ones, then the least informative ones. */
const FIRST = 6;
const LAST = 2;

/**
 * The dimensions with a row: a few, unless all are wanted.
 * @param {number[]} order
 * @param {boolean} isWhole
 * @param {ReadonlyMap<number, number>} moved these always have a row
 */
export function shownOf(order, isWhole, moved) {
  const last = order.length - LAST;
  return order.filter((dimension, rank) => isWhole || rank < FIRST || rank >= last || moved.has(dimension));
}

/** Smallest range of a row on each side of 0: nearly all of the prior. */
const LEAST = 3;

/**
 * Distance that each dimension's row reaches on both sides of 0. A plain autoencoder has no prior, and its codes may lie farther out.
 * @param {import('../parts/stored.js').StoredLatents} stored
 * @param {boolean} isVariational
 */
export function limitsOf({ latent, mean }, isVariational) {
  const limits = new Array(latent).fill(LEAST);
  if (isVariational) return limits;
  mean.forEach((value, i) => (limits[i % latent] = Math.max(limits[i % latent], Math.ceil(Math.abs(value)))));
  return limits;
}
