/** The curves of losses on held-out images and on training images side by side. Pure functions. */

import { smoothed } from './curve.js';
import { bitsPerDimension, fittedDeviation, impliedDeviation } from './measures.js';

/**
 * Losses at the steps after which held-out images were measured.
 * @param {number[][]} heldOut steps, then reconstruction and KL of each network
 * @param {number[][]} curve the same of training images, at each step
 * @returns {number[][]} steps; for each network reconstruction + KL on held-out images, and the running mean of that on training images
 */
export function totals(heldOut, curve) {
  const [steps, ...columns] = heldOut;
  const training = smoothedAt(curve, steps);
  const rows = [];
  for (let at = 0; at < columns.length; at += 2) {
    rows.push(added(columns[at], columns[at + 1]), added(training[at], training[at + 1]));
  }
  return [steps, ...rows];
}

/**
 * Bits per dimension of the first network, a VAE with a Gaussian likelihood, on held-out images.
 * @param {number[][]} heldOut as for `totals`
 * @param {number[][]} curve
 * @param {{dimensions: number, beta: number}} options number of values of an image; weight of the KL
 * @returns {{fitted: number[], implied: number[], deviations: number[]}} with the deviation that fits the training images, and with the
 *   one that the loss implies, which for beta 0 is 0 and gives no density; the fitted deviations
 */
export function bits([steps, errors, kls], curve, { dimensions, beta }) {
  const deviations = smoothedAt(curve, steps)[0].map((error) => fittedDeviation(error, dimensions));
  const parts = steps.map((_, i) => ({ reconstruction: errors[i], kl: kls[i] }));
  return {
    fitted: parts.map((each, i) => bitsPerDimension(each, dimensions, deviations[i])),
    implied: parts.map((each) => bitsPerDimension(each, dimensions, impliedDeviation(beta))),
    deviations,
  };
}

/**
 * The running means of each column, as its chart shows them, at some of the steps. Rows of a long curve stand for several steps, so the
 * row of a step may be later.
 * @param {number[][]} curve
 * @param {number[]} steps ascending
 */
function smoothedAt([all, ...columns], steps) {
  let row = 0;
  const rows = steps.map((step) => {
    while (row < all.length - 1 && all[row] < step) row += 1;
    return row;
  });
  return columns.map((column) => {
    const means = smoothed(column);
    return rows.map((row) => means[row] ?? NaN);
  });
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function added(a, b) {
  return a.map((value, i) => value + b[i]);
}
