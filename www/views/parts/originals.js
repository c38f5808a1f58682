import { originalsAddress } from '../../assets.js';
import { contextOf } from './pictures.js';

/** Test images in a row of the file that holds those of a model. */
const COLUMNS = 10;

/**
 * The test images that a model's stored codes are of, where they are shipped: they are shown beside what the network makes of them.
 *
 * @typedef {(place: number, canvas: HTMLCanvasElement) => void} Draw one of them, at its own size
 */

/**
 * Fetches them; without them a figure is what it is.
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
