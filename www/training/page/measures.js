/** Measures of pictures in nats and bits. Pure functions. */

import { toValue } from '../../pixels.js';

/** Distance between two bytes as model values. */
const LEVEL = toValue(1);

/**
 * Entropy of gray targets in nats: the sum over a picture's values of -x log x - (1 - x) log(1 - x), as the mean over the pictures. No
 * reconstruction with a Bernoulli likelihood costs less, not even the picture itself. `target_entropy` in the core is the same.
 * @param {Uint8Array} pixels of all pictures
 * @param {number} size values of one picture
 */
export function targetEntropy(pixels, size) {
  const term = (/** @type {number} */ x) => (x > 0 ? -x * Math.log(x) : 0);
  const ofByte = Float64Array.from({ length: 256 }, (_, byte) => term(toValue(byte)) + term(1 - toValue(byte)));
  let sum = 0;
  for (const byte of pixels) sum += ofByte[byte];
  return sum / (pixels.length / size);
}

/**
 * Bits per dimension of a VAE with a Gaussian likelihood: an upper bound on -log2 of the probability of a picture of bytes, divided by
 * the number D of its values.
 *
 * The decoder's picture has the means of independent normal distributions, all of one deviation σ; values are 0 to 1, so a byte is d =
 * 1/255 wide. The probability of a byte is the integral of the density over its width, and the mean of -log density over the width is
 * at least -log of the mean (uniform dequantization; Theis, van den Oord and Bethge 2016, https://arxiv.org/abs/1511.01844). For a squared
 * error E, summed over the picture, that mean has a closed form: uniform noise of width d adds d²/12 to each value's square.
 *
 *     bits = log2(2 π σ²) / 2 - log2(d) + (E / D + d²/12) / (2 σ² ln 2) + KL / (D ln 2)
 *
 * If all bytes are equally likely, a picture costs 8 bits per dimension.
 * @param {{reconstruction: number, kl: number}} parts squared error and KL in nats, each the sum over a picture
 * @param {number} dimensions number of values of a picture
 * @param {number} deviation σ, above 0
 */
export function bitsPerDimension({ reconstruction, kl }, dimensions, deviation) {
  const variance = deviation ** 2;
  const density = Math.log2(2 * Math.PI * variance) / 2 - Math.log2(LEVEL);
  const error = (reconstruction / dimensions + LEVEL ** 2 / 12) / (2 * variance * Math.LN2);
  return density + error + kl / (dimensions * Math.LN2);
}

/**
 * The deviation that the loss implies: squared error + beta KL is -ELBO of a normal distribution with 2 σ² = beta, times beta and up to a
 * constant. For beta 1 it is 0.71, which is hundreds of gray levels to either side: a loss of sums, not a model of pixels.
 * @param {number} beta
 */
export function impliedDeviation(beta) {
  return Math.sqrt(beta / 2);
}

/** A deviation, of values from 0 to 1, in gray levels. @param {number} deviation */
export function inLevels(deviation) {
  return deviation / LEVEL;
}

/**
 * The deviation with the fewest bits for a squared error: σ² is the mean squared error (Rybkin, Daniilidis and Levine 2021,
 * https://arxiv.org/abs/2006.13202), with what uniform dequantization adds.
 * @param {number} error squared, the sum over a picture
 * @param {number} dimensions
 */
export function fittedDeviation(error, dimensions) {
  return Math.sqrt(error / dimensions + LEVEL ** 2 / 12);
}
