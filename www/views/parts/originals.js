import { originalsAddress } from '../../assets.js';
import { toRgba } from '../../pixels.js';
import { contextOf } from './pictures.js';

/** Test images in a row of a model's file. */
const COLUMNS = 10;

/**
 * The pictures behind a model's stored codes: test images, if they are shipped, or the visitor's pictures that a network was trained on
 * here. They are shown beside the decoded pictures.
 *
 * @typedef {(place: number, picture: import('./pictures.js').Picture) => void} Draw draws one of them at its own size
 */

/**
 * @param {string} model
 * @param {import('./stored.js').StoredLatents} stored
 * @param {import('./pictures.js').ImageShape} image
 * @returns {Promise<Draw | null>} null if there are none or they cannot be loaded
 */
export async function originalsOf(model, { originals }, image) {
  if (!originals) return shipped(model);
  const size = image.channels * image.height * image.width;
  return (place, picture) => picture.paint(image, toRgba(originals.subarray(place * size, (place + 1) * size), image));
}

/**
 * Fetches a shipped model's test images.
 * @param {string} model
 * @returns {Promise<Draw | null>}
 */
async function shipped(model) {
  const address = originalsAddress(model);
  if (!address) return null;
  try {
    const response = await fetch(address);
    if (!response.ok) return null;
    const all = await createImageBitmap(await response.blob());
    const side = all.width / COLUMNS;
    return (place, { canvas, node }) => {
      node.classList.add('in-color');
      [canvas.width, canvas.height] = [side, side];
      contextOf(canvas)?.drawImage(
        all,
        (place % COLUMNS) * side,
        Math.floor(place / COLUMNS) * side,
        side,
        side,
        0,
        0,
        side,
        side,
      );
    };
  } catch {
    return null;
  }
}
