import { originalsAddress } from '../../assets.js';
import { contextOf } from './pictures.js';

/** Test images in a row of a model's file. */
const COLUMNS = 10;

/**
 * The test images behind a model's stored codes, if they are shipped. They are shown beside the decoded pictures.
 *
 * @typedef {(place: number, canvas: HTMLCanvasElement) => void} Draw draws one of them at its own size
 */

/**
 * Fetches the test images; null if there are none or they cannot be loaded.
 * @param {string} model
 * @returns {Promise<Draw | null>}
 */
export async function originalsOf(model) {
  const address = originalsAddress(model);
  if (!address) return null;
  try {
    const response = await fetch(address);
    if (!response.ok) return null;
    const all = await createImageBitmap(await response.blob());
    const side = all.width / COLUMNS;
    return (place, canvas) => {
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
