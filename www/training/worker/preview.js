/** Previews of a network: its pictures of fixed images and fixed draws. The session calls it; it keeps no state. */

import { toValues } from '../../pixels.js';

/** @typedef {import('../../pkg/training/latent_lab.js').Model} Model */

/** Numbers of images shown with their reconstructions, of draws, and of stops on the path between two images. */
export const FIXED = 8;
export const SAMPLES = 16;
export const PATH = 8;

/** Number of images that are encoded together; other requests are let in after each batch. */
const AT_ONCE = 64;

/** Number of images for the mean KL, and number of images that the plane shows or to which a distribution of codes is fitted. */
const AVERAGED = 64;
const MAPPED = 400;

/** Stream of the draws. */
const STREAM = 0xffff_ffff;

/**
 * @param {import('../protocol.js').Bindings} bindings
 * @param {Model} model
 * @param {import('../protocol.js').RunConfig} config
 * @param {{isFitted: boolean, critic: import('./critic.js').CriticNetwork | null}} options whether the draws are from the distribution
 *   of the codes; who judges the pictures
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @returns {Promise<import('../protocol.js').Preview>}
 */
export async function preview(bindings, model, { configs: [config], pixels, seed }, { isFitted, critic }, pacer) {
  const { latent, image } = config;
  const size = image.channels * image.height * image.width;
  const count = pixels.length / size;
  const fixed = Math.min(FIXED, count);
  const indices = spread(latent === 2 || isFitted ? MAPPED : AVERAGED, count);
  const { mean, logVar } = await encode(model, pixels, { indices, size, latent }, pacer);
  const originals = pick(pixels, size, spread(FIXED, count));
  const { mean: shown } = await model.encode(originals);
  if (isFitted) model.fitPrior(mean, logVar);
  const draws = isFitted
    ? model.priorDraws('gaussian', seed, STREAM, SAMPLES, 1)
    : bindings.normalDraws(seed, STREAM, SAMPLES * latent);
  const ends =
    fixed > 1
      ? [shown.slice(0, latent), shown.slice(-latent)]
      : [draws.slice(0, latent), draws.slice(latent, 2 * latent)];
  const path = bindings.interpolate('slerp', ends[0], ends[1], PATH);
  const pictures = new Uint8ClampedArray((fixed + SAMPLES + PATH) * image.height * image.width * 4);
  let filled = 0;
  for (const latents of [shown, draws, path]) {
    await pacer.breatheIfDue();
    const { data: drawn } = await model.decodeImages(latents);
    pictures.set(drawn, filled);
    filled += drawn.length;
  }
  const drawn = model.pixelsFromRgba(new Uint8Array(pictures.buffer));
  return {
    fixed,
    pictures,
    sharpness: sharpnessOf(bindings, image, drawn.subarray(fixed * size, (fixed + SAMPLES) * size), pixels),
    verdicts: critic ? critic.verdicts(joined(originals, drawn)) : null,
    isFitted,
    divergence: logVar ? bindings.latentDivergences(latent, mean, logVar) : null,
    codes: latent === 2 ? mean : null,
  };
}

/**
 * Sharpness of pictures in percent of the training images'; NaN if the images have none.
 * @param {import('../protocol.js').Bindings} bindings
 * @param {import('../../engine/types.js').ImageShape} image
 * @param {Float32Array} values of the pictures
 * @param {Uint8Array} pixels
 */
function sharpnessOf(bindings, { channels, height, width }, values, pixels) {
  const size = channels * height * width;
  const originals = pick(pixels, size, spread(AVERAGED, pixels.length / size));
  const measure = (/** @type {Float32Array} */ each) => bindings.sharpness(channels, height, width, each);
  const whole = measure(originals);
  return whole > 0 ? (100 * measure(values)) / whole : NaN;
}

/**
 * @param {Float32Array} first
 * @param {Float32Array} second
 */
function joined(first, second) {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/**
 * Encodes some of the images, a few at a time.
 * @param {Model} model
 * @param {Uint8Array} pixels
 * @param {{indices: number[], size: number, latent: number}} selection which images; values of an image; latent size
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @returns {Promise<{mean: Float32Array, logVar: Float32Array | undefined}>} each [n, latent]
 */
export async function encode(model, pixels, { indices, size, latent }, pacer) {
  const all = { mean: new Float32Array(indices.length * latent), logVar: new Float32Array(indices.length * latent) };
  let isVariational = false;
  for (let first = 0; first < indices.length; first += AT_ONCE) {
    const { mean, logVar } = await model.encode(pick(pixels, size, indices.slice(first, first + AT_ONCE)));
    all.mean.set(mean, first * latent);
    if (logVar) all.logVar.set(logVar, first * latent);
    isVariational = logVar !== undefined;
    await pacer.breatheIfDue();
  }
  return { mean: all.mean, logVar: isVariational ? all.logVar : undefined };
}

/**
 * Indices of up to `most` of `count` images, at even intervals.
 * @param {number} most
 * @param {number} count
 */
export function spread(most, count) {
  const shown = Math.min(most, count);
  return Array.from({ length: shown }, (_, i) => Math.floor((i * count) / shown));
}

/**
 * @param {Uint8Array} pixels
 * @param {number} size values of one image
 * @param {number[]} indices
 */
function pick(pixels, size, indices) {
  const values = new Float32Array(indices.length * size);
  indices.forEach((index, i) => {
    values.set(toValues(pixels.subarray(index * size, (index + 1) * size)), i * size);
  });
  return values;
}
