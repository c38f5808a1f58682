/**
 * Checks that drawn pixels can be read back. Browsers that protect their users from fingerprinting return noise instead: Firefox with
 * privacy.resistFingerprinting, and Tor Browser.
 */

import { say } from '../../state/texts.js';

/** Side of the test picture, in pixels, each of another color. */
const SIDE = 16;

/** Largest tolerated difference of a channel: some browsers change a few pixels by one, which does not matter to a network. */
const TOLERANCE = 2;

/** Only true is final: a reader may allow the page to read pixels without a reload. */
let isReadable = false;

/** @type {CanvasRenderingContext2D | null} */
let shared = null;

/**
 * The context of the one canvas whose pixels are read; it may hold earlier pictures. It belongs to an element, since readers can only
 * allow a page to read from elements.
 * @param {number} width
 * @param {number} height
 */
export function readableContext(width, height) {
  shared ??= /** @type {CanvasRenderingContext2D} */ (
    document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  );
  const { canvas } = shared;
  // Setting a size takes longer than filling a small canvas.
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  return shared;
}

/** @throws {Error} if pixels cannot be read back, with a message for the reader */
export function assertReadable() {
  isReadable ||= comesBack();
  if (isReadable) return;
  throw new Error(
    say(
      'this browser gives pages noise instead of the pixels of pictures, to keep its users from being recognized (resistFingerprinting in Firefox, Tor Browser); to use pictures here, allow this page to read canvas data, with the icon in the address bar',
    ),
  );
}

/** Draws known colors and reads them back. */
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
