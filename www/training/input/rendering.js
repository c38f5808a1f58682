/**
 * Renders images as the network sees them: cropped to a square, resized, gray or in color. The collection of images calls it. Only images
 * of the network's size go to the worker, which converts them to bytes.
 */

import { toRgba } from '../../pixels.js';
import { fit, fitFile } from './preprocessing.js';

/**
 * @typedef {import('./images.js').ImageShape} ImageShape
 * @typedef {import('./images.js').Item} Item
 * @typedef {import('./images.js').Refusal} Refusal
 *
 * @typedef {object} Options
 * @property {import('./images.js').ToBytes} toBytes
 * @property {() => boolean} isStale true once another rendering is needed, which ends this one
 * @property {(done: number, of: number) => void} onProgress
 */

/** Number of images sent to the worker together, since a message takes longer than converting an image. */
const TOGETHER = 64;

/**
 * Renders images.
 * @param {Item[]} due images that get `seen`, unless they are refused
 * @param {ImageShape} shape
 * @param {Options} options
 * @returns {Promise<Refusal[]>}
 */
export async function render(due, shape, { toBytes, isStale, onProgress }) {
  /** @type {Refusal[]} */
  const refused = [];
  const size = shape.channels * shape.height * shape.width;
  for (let start = 0; start < due.length; start += TOGETHER) {
    const part = await drawnTogether(due.slice(start, start + TOGETHER), shape, refused, isStale);
    if (isStale()) return refused;
    if (part.items.length === 0) continue;
    const bytes = await toBytes(part.rgba, shape).catch(reasonOf);
    if (isStale()) return refused;
    part.items.forEach((item, i) => {
      if (typeof bytes === 'string') refused.push({ name: item.name, why: bytes });
      else item.seen = bytes.slice(i * size, (i + 1) * size);
    });
    onProgress(Math.min(start + TOGETHER, due.length), due.length);
  }
  return refused;
}

/**
 * Draws images in the network's size; those that already have its shape are taken as they are.
 * @param {Item[]} items
 * @param {ImageShape} shape
 * @param {Refusal[]} refused receives those that cannot be drawn
 * @param {() => boolean} isStale
 * @returns {Promise<{items: Item[], rgba: Uint8ClampedArray}>} the drawn images, and their pixels, stacked
 */
async function drawnTogether(items, shape, refused, isStale) {
  const size = shape.height * shape.width * 4;
  const rgba = new Uint8ClampedArray(items.length * size);
  /** @type {Item[]} */
  const done = [];
  for (const item of items) {
    if (isStale()) break;
    if (item.raw && hasShape(item.raw, shape)) {
      item.seen = item.raw.pixels;
      continue;
    }
    try {
      rgba.set(await drawn(item, shape), done.length * size);
      done.push(item);
    } catch (error) {
      refused.push({ name: item.name, why: reasonOf(error) });
    }
  }
  return { items: done, rgba: rgba.slice(0, done.length * size) };
}

/**
 * An image in the network's size. A decoded file is not kept, since a thousand photographs do not fit into memory.
 * @param {Item} item
 * @param {ImageShape} shape
 * @returns {Promise<Uint8ClampedArray>} RGBA
 */
export async function drawn({ raw, file, isInk }, shape) {
  if (!raw) return fitFile(/** @type {Blob} */ (file), shape, isInk ? '#000' : '#fff');
  const { pixels, channels, height, width } = raw;
  return fit({ data: toRgba(pixels, { channels, height, width }), width, height }, shape);
}

/**
 * @param {import('./images.js').Raw} raw
 * @param {ImageShape} shape
 */
function hasShape({ channels, height, width }, shape) {
  return channels === shape.channels && height === shape.height && width === shape.width;
}

/** @param {unknown} error */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
