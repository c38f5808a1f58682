/** Deviations of an encoder's posterior, and of the pictures drawn from it. */

import { toValue } from '../../pixels.js';

/**
 * Standard deviation of each latent dimension.
 * @param {Float32Array | undefined} logVar undefined for a plain autoencoder, whose code is a point
 * @param {number} latent
 */
export function deviationOf(logVar, latent) {
  return logVar ? logVar.map((value) => Math.exp(value / 2)) : new Float32Array(latent);
}

/**
 * Codes drawn from a posterior.
 * @param {Float32Array} mean [latent]
 * @param {Float32Array} deviation [latent]
 * @param {Float32Array} noise [n, latent], standard normal
 */
export function drawn(mean, deviation, noise) {
  const { length } = mean;
  return noise.map((value, i) => mean[i % length] + Math.fround(value * deviation[i % length]));
}

/**
 * Standard deviation of each pixel over several pictures, where black to white is 1; for colors, the root of the mean square.
 * @param {Uint8ClampedArray} rgba pictures, stacked
 * @param {number} count
 */
export function pixelDeviation(rgba, count) {
  const bytes = rgba.length / count;
  const found = new Float32Array(bytes / 4);
  for (let pixel = 0; pixel < found.length; pixel++) {
    let variance = 0;
    for (let color = 0; color < 3; color++) {
      let [sum, squares] = [0, 0];
      for (let at = 4 * pixel + color; at < rgba.length; at += bytes) {
        sum += rgba[at];
        squares += rgba[at] ** 2;
      }
      variance += Math.max(0, squares / count - (sum / count) ** 2) / 3;
    }
    found[pixel] = toValue(Math.sqrt(variance));
  }
  return found;
}
