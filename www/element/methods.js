/** Methods of the element that compute something. Fetched with the first call. */

import { modelAddress } from '../assets.js';
import { assertReadable } from '../training/input/canvas-check.js';
import { pageEngine } from '../engine/engine.js';
import { negative } from '../pixels.js';
import { fit, fitFile } from '../training/input/preprocessing.js';

/**
 * @typedef {import('../views/parts/view.js').View} View
 * @typedef {{scale?: number, ink?: boolean}} StillOptions
 * @typedef {StillOptions & {frames?: number, rate?: number}} FilmOptions
 */

/** Limits of an export: frames of an animation, and pixels on the side of each decoded pixel. */
const MOST_FRAMES = 300;
const LARGEST_SCALE = 16;

/**
 * @param {string} model
 * @param {ArrayLike<number>} z codes, one after the other
 * @returns {Promise<ImageData[]>}
 */
export async function decode(model, z) {
  return keepingWorker(async () => {
    const address = modelAddress(model);
    const { latent, image } = (await pageEngine.load(address)).config;
    const latents = Float32Array.from(z);
    if (latents.length === 0 || latents.length % latent !== 0) {
      throw new RangeError(`expected codes of ${latent} numbers each, got ${latents.length} numbers`);
    }
    if (!latents.every(Number.isFinite)) throw new RangeError('a code contains a number that is not finite');
    const rgba = await pageEngine.decode(address, latents);
    const size = image.width * image.height * 4;
    return Array.from({ length: rgba.length / size }, (_, i) => {
      return new ImageData(new Uint8ClampedArray(rgba.slice(i * size, (i + 1) * size)), image.width, image.height);
    });
  });
}

/**
 * @param {string} model
 * @param {ImageData | ImageBitmap | HTMLCanvasElement | HTMLImageElement | Blob} picture is cropped to its middle and resized; for models
 *   of digits, strokes have to be white on black
 * @returns {Promise<{mean: Float32Array, logVar: Float32Array | undefined}>}
 */
export async function encode(model, picture) {
  return keepingWorker(async () => {
    const address = modelAddress(model);
    const { image } = (await pageEngine.load(address)).config;
    return pageEngine.encode(address, picture instanceof Blob ? await fitFile(picture, image) : fit(picture, image));
  });
}

/**
 * Draws a view's canvases as one picture.
 * @param {View} view
 * @param {Element} element whose color scheme decides about ink on paper, unless the options do
 * @param {string} type such as `image/png`
 * @param {StillOptions} options
 * @returns {Promise<Blob>}
 */
export function toBlob(view, element, type, { scale = 4, ink = isLight(element) }) {
  const { still } = view;
  if (!still) throw new Error('this figure has no picture to export');
  assertReadable();
  const { canvases, columns, isInk = !still.canvases[0].closest('.in-color') } = still;
  const [{ width, height }] = canvases;
  const side = Math.min(LARGEST_SCALE, Math.max(1, Math.round(scale)));
  const whole = document.createElement('canvas');
  whole.width = columns * width * side;
  whole.height = Math.ceil(canvases.length / columns) * height * side;
  const context = /** @type {CanvasRenderingContext2D} */ (whole.getContext('2d'));
  context.imageSmoothingEnabled = false;
  canvases.forEach((canvas, i) => {
    context.drawImage(
      canvas,
      (i % columns) * width * side,
      Math.floor(i / columns) * height * side,
      width * side,
      height * side,
    );
  });
  if (ink && isInk) {
    context.globalCompositeOperation = 'difference';
    context.fillStyle = '#fff';
    context.fillRect(0, 0, whole.width, whole.height);
  }
  return new Promise((resolve, reject) => {
    whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`this browser cannot write ${type}`))), type);
  });
}

/**
 * Encodes a view's frames as an animation.
 * @param {View} view
 * @param {Element} element as for `toBlob`
 * @param {FilmOptions} options
 * @returns {Promise<Blob>}
 */
export async function toGif(view, element, { frames = 49, rate = 12, scale = 4, ink = isLight(element) }) {
  const { film } = view;
  if (!film) throw new Error('this figure has no animation to export');
  const count = Math.min(film.most, MOST_FRAMES, Math.max(2, Math.round(frames)));
  const { rgba, width, height } = await film.frames(count);
  const turned = ink && film.isInk ? negative(rgba) : new Uint8Array(rgba);
  const side = Math.min(LARGEST_SCALE, Math.max(1, Math.round(scale)));
  const file = await pageEngine.animate({ format: 'gif', frames: turned, width, height, scale: side, rate });
  return new Blob([file], { type: 'image/gif' });
}

/**
 * True if pictures are shown as ink on paper, as in light color schemes.
 * @param {Element} element
 */
function isLight(element) {
  const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue < 384;
}

/**
 * Keeps the worker while work continues, even if the figure has left the page meanwhile.
 * @template T
 * @param {() => Promise<T>} work
 */
async function keepingWorker(work) {
  pageEngine.acquire();
  try {
    return await work();
  } finally {
    pageEngine.release();
  }
}
