/** Checks of a picture's file before the browser decodes it. */

import { say, sayNumber } from '../../state/texts.js';
import { dimensions } from './dimensions.js';

/** Number of bytes at the beginning of a file that are read to tell its format. */
const HEAD = 1 << 16;

/** Largest number of pixels in a picture that the browser is asked to decode, and of bytes in a file. */
const MOST_PIXELS = 64e6;
const MOST_FILE = 64 << 20;

/**
 * Reads the beginning of a file.
 * @param {Blob} file
 * @throws {Error} if it is empty
 */
export async function startOf(file) {
  if (file.size === 0) throw new Error('it is empty');
  // The browser registers each slice, which takes longer than reading a small file.
  return new Uint8Array(await (file.size <= HEAD ? file : file.slice(0, HEAD)).arrayBuffer());
}

/**
 * @param {Blob} file
 * @param {Uint8Array} start of the file
 * @throws {Error} if the file or its picture is too large, or the picture has no pixels, with a message for the reader
 */
export function assertPicture(file, start) {
  if (file.size > MOST_FILE) {
    throw new Error(
      say('it has {size} MB, and a picture may have 67 at most', { size: sayNumber(Math.round(file.size / 1e6)) }),
    );
  }
  const size = dimensions(start);
  if (size && size.width * size.height > MOST_PIXELS) {
    throw new Error(say('it would have {width} by {height} pixels, and 64 million is the limit', { ...size }));
  }
  if (size && (size.width === 0 || size.height === 0)) throw new Error('it has no pixels');
}
