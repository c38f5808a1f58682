/** Appraises the networks of an experiment: how closely they redraw images that none has seen, compared with principal components. */

import { toBytes, toRgba, toValues } from '../../pixels.js';
import { fitComponents, project } from '../components.js';
import { imagesOf } from './group.js';
import { spread } from './preview.js';

/**
 * @typedef {import('../protocol.js').Appraisal} Appraisal
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('./pacer.js').Pacer} Pacer
 * @typedef {(pixels: Uint8Array) => Promise<Float32Array> | Float32Array} Redraw bytes of images -> their redrawings' values
 */

/** Most images of each kind that are measured, and number of held-out ones whose redrawings are sent to the page. */
const MEASURED = 150;
export const REDRAWN = 12;

/** Number of images that are redrawn together; other requests are let in after each batch. */
const AT_ONCE = 32;

/** The images that no network of an experiment sees. @param {RunConfig} config */
export function heldOutOf({ configs: [{ image }], pixels, counts = [] }) {
  return pixels.subarray(Math.max(0, ...counts) * sizeOf(image));
}

/**
 * @param {Bindings} bindings
 * @param {import('../../pkg/training/latent_lab.js').Model} model
 * @param {{config: RunConfig, network: number}} of
 * @param {Pacer} pacer lets other requests in
 * @returns {Promise<Appraisal>}
 */
export function appraise(bindings, model, of, pacer) {
  return measured(bindings, of, pacer, async (pixels) => model.decode((await model.encode(toValues(pixels))).mean));
}

/**
 * Fits components to the images that each network sees, as many as its code has numbers, and appraises them.
 * @param {Bindings} bindings
 * @param {RunConfig} config
 * @param {Pacer} pacer
 * @param {() => boolean} isStale true once nobody waits for the result
 * @returns {Promise<Appraisal[] | null>} null for a stale one
 */
export async function appraiseComponents(bindings, config, pacer, isStale) {
  const { configs, counts = [] } = config;
  const most = Math.max(...configs.map(({ latent }) => latent));
  /** @type {Map<number, import('../components.js').Components>} by the number of images, since networks may see the same */
  const fitted = new Map();
  const all = [];
  for (const [network, { image, latent }] of configs.entries()) {
    const images = imagesOf(config, network);
    const search = fitComponents(images, sizeOf(image), most);
    let components = fitted.get(counts[network]);
    while (!components) {
      const { done, value } = search.next();
      if (done) fitted.set(counts[network], (components = value));
      await pacer.breatheIfDue();
      if (isStale()) return null;
    }
    const found = components;
    all.push(await measured(bindings, { config, network }, pacer, (pixels) => project(found, pixels, latent)));
  }
  return isStale() ? null : all;
}

/**
 * @param {Bindings} bindings
 * @param {{config: RunConfig, network: number}} of
 * @param {Pacer} pacer
 * @param {Redraw} redraw
 * @returns {Promise<Appraisal>}
 */
async function measured(bindings, { config, network }, pacer, redraw) {
  const { image } = config.configs[network];
  const heldOut = some(heldOutOf(config), sizeOf(image));
  const own = some(imagesOf(config, network), sizeOf(image));
  const pictures = new Uint8ClampedArray(
    Math.min(REDRAWN, heldOut.length / sizeOf(image)) * 4 * image.height * image.width,
  );
  let similarity = 0;
  const mse = await errorOf(heldOut, image, pacer, redraw, (originals, redrawn, first) => {
    const { channels, height, width } = image;
    similarity += bindings.ssim(channels, height, width, originals, redrawn) * originals.length;
    const rgba = toRgba(toBytes(redrawn), image);
    const place = first * 4 * height * width;
    if (place < pictures.length) pictures.set(rgba.subarray(0, pictures.length - place), place);
  });
  return { mse, ssim: similarity / heldOut.length, ownMse: await errorOf(own, image, pacer, redraw), pictures };
}

/**
 * Redraws images a few at a time. Resolves with the mean squared error.
 * @param {Uint8Array} pixels
 * @param {import('../../engine/types.js').ImageShape} image
 * @param {Pacer} pacer
 * @param {Redraw} redraw
 * @param {(originals: Float32Array, redrawn: Float32Array, first: number) => void} [look] gets the values of each part, and the index of
 *   its first image
 */
async function errorOf(pixels, image, pacer, redraw, look = () => {}) {
  const part = AT_ONCE * sizeOf(image);
  let sum = 0;
  for (let at = 0; at < pixels.length; at += part) {
    const bytes = pixels.subarray(at, at + part);
    const originals = toValues(bytes);
    const redrawn = await redraw(bytes);
    sum += originals.reduce((all, value, i) => all + (value - redrawn[i]) ** 2, 0);
    look(originals, redrawn, at / sizeOf(image));
    await pacer.breatheIfDue();
  }
  return sum / pixels.length;
}

/**
 * Up to `MEASURED` images at even intervals; all of them if there are no more.
 * @param {Uint8Array} pixels
 * @param {number} size
 */
function some(pixels, size) {
  const indices = spread(MEASURED, pixels.length / size);
  const chosen = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => chosen.set(pixels.subarray(index * size, (index + 1) * size), i * size));
  return chosen;
}

/** @param {import('../../engine/types.js').ImageShape} image */
function sizeOf({ channels, height, width }) {
  return channels * height * width;
}
