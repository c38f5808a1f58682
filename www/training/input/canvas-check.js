/**
 * Checks that pixels that are drawn can be read back. Browsers that protect their users from being recognized give noise instead:
 * Firefox with privacy.resistFingerprinting, and Tor Browser.
 */

import { say } from '../../state/texts.js';

/** Colors of the test picture: so many squares of one pixel along each side, each of another color. */
const SIDE = 16;

/** Some browsers change a pixel by one here and there, which no network notices. */
const TOLERANCE = 2;

/** Known once it is true; a reader who allows it is believed without a reload. */
let isReadable = false;

/** @type {CanvasRenderingContext2D | null} */
let shared = null;

/**
 * A canvas whose pixels are read; what was in it may still be there, and whoever asks next gets the same. It is an element: that is
 * what a reader can allow a page to read.
 * @param {number} width
 * @param {number} height
 */
export function readableContext(width, height) {
  shared ??= /** @type {CanvasRenderingContext2D} */ (
    document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  );
  const { canvas } = shared;
  // To set a size takes longer than to fill a small canvas.
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  return shared;
}

/** @throws {Error} where it is noise that is read, in words for the reader */
export function assertReadable() {
  isReadable ||= comesBack();
  if (isReadable) return;
  throw new Error(
    say(
      'this browser gives pages noise instead of the pixels of pictures, so that its users are not recognized (resistFingerprinting in Firefox, Tor Browser); to use pictures here, allow this page to read canvas data, with the icon in the address bar',
    ),
  );
}

/** Draws known colors and reads them. */
function comesBack() {
  const context = readableContext(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [red, green, blue] = colorOf(i);
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect(i % SIDE, Math.floor(i / SIDE), 1, 1);
  }
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Array.from({ length: SIDE * SIDE }, (_, i) =>
    colorOf(i).every((value, color) => Math.abs(value - data[4 * i + color]) <= TOLERANCE),
  ).every(Boolean);
}

/** @param {number} i */
function colorOf(i) {
  return [i, (i * 37) % 256, (i * 101) % 256];
}
