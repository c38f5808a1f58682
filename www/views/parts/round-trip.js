/**
 * Decodes codes, encodes the pictures, and decodes once more: where pictures are, the second code and picture equal the first.
 *
 * @typedef {import('./request.js').Verbs} Verbs
 * @typedef {<V extends 'decode' | 'encode'>(verb: V, args: Verbs[V]['args']) => Promise<Verbs[V]['answer']>} Ask of a view, with or
 *   without a slot
 *
 * @typedef {object} RoundTrip
 * @property {Float32Array} distance [n] from each code to the mean of the posterior of its picture, in latent units
 * @property {Float32Array} mse [n] between the picture of each code and that of this mean; pixels are from 0 to 1
 */

import { toValue } from '../../pixels.js';

/**
 * Once stale, it makes no further requests: the next one would replace a newer request in the same slot, which would then never settle.
 * @param {Ask} ask
 * @param {string} model
 * @param {Float32Array} latents [n, latent]
 * @param {number} latent
 * @param {() => boolean} isCurrent
 * @returns {Promise<RoundTrip | null>} null if it is stale
 */
export async function roundTrip(ask, model, latents, latent, isCurrent) {
  if (!isCurrent()) return null;
  const pictures = await ask('decode', { model, latents: latents.slice() });
  if (!isCurrent()) return null;
  const { mean } = await ask('encode', { model, rgba: pictures.slice() });
  if (!isCurrent()) return null;
  const again = await ask('decode', { model, latents: mean.slice() });
  if (!isCurrent()) return null;
  const count = latents.length / latent;
  return {
    distance: Float32Array.from({ length: count }, (_, i) => distanceOf(latents, mean, latent, i)),
    mse: Float32Array.from({ length: count }, (_, i) => mseOf(pictures, again, pictures.length / count, i)),
  };
}

/**
 * @param {Float32Array} a [n, latent]
 * @param {Float32Array} b
 * @param {number} latent
 * @param {number} index of a code in both
 */
function distanceOf(a, b, latent, index) {
  let sum = 0;
  for (let i = index * latent; i < (index + 1) * latent; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/**
 * The mean squared error of red, green and blue, which are equal in gray pictures.
 * @param {Uint8ClampedArray} a RGBA, stacked
 * @param {Uint8ClampedArray} b
 * @param {number} bytes of a picture
 * @param {number} index of a picture in both
 */
function mseOf(a, b, bytes, index) {
  let sum = 0;
  for (let i = index * bytes; i < (index + 1) * bytes; i++) if (i % 4 !== 3) sum += (a[i] - b[i]) ** 2;
  return (sum * toValue(1) ** 2) / ((3 / 4) * bytes);
}
