import { written } from '../../state/texts.js';

/**
 * Positions on the plane of two latent dimensions: x to the right, y up, a square from -extent to extent.
 *
 * @typedef {{x: number, y: number}} Spot in latent units
 */

/**
 * @param {Spot} spot
 * @param {number} extent
 * @returns {{left: string, top: string}} as percentages of the plot
 */
export function place({ x, y }, extent) {
  return { left: `${(50 + (50 * x) / extent).toFixed(2)}%`, top: `${(50 - (50 * y) / extent).toFixed(2)}%` };
}

/**
 * The labels of the codes closest to a spot, closest first; or their numbers, from 1, if they have no labels.
 * @param {Spot} spot
 * @param {import('../../engine/types.js').StoredLatents} stored of a two-dimensional model
 * @param {number} count
 */
export function nearest({ x, y }, { mean, labels }, count) {
  return Array.from({ length: mean.length / 2 }, (_, i) => ({
    i,
    distance: Math.hypot(mean[2 * i] - x, mean[2 * i + 1] - y),
  }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ i }) => labels?.[i] ?? i + 1);
}

/**
 * Writes a coordinate with two decimals and a minus sign.
 * @param {number} value
 */
export function coordinate(value) {
  return written(value.toFixed(2));
}
