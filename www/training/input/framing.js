/**
 * The framing of a network's pictures in their square, and the placement that gives a picture of the reader's the same framing.
 *
 * @typedef {import('./preprocessing.js').Rgba} Rgba
 * @typedef {import('./placement.js').Placement} Placement
 *
 * @typedef {object} Framing
 * @property {boolean} isInk true if the pictures are white on black
 * @property {number} share of the side that they fill
 * @property {boolean} isBalanced true if the center of mass is in the middle rather than the bounding box, as in MNIST
 */

import { toGray, toValues } from '../../pixels.js';
import { found } from './found.js';
import { covering } from './placement.js';
import { mean, ringOf } from './ring.js';

/** @typedef {import('./found.js').Found} Found */

/** Longest side at which ink is searched for, in pixels. */
const SMALL = 256;

/** Largest mean value of the edge of pictures that are white on black. */
const BLACK = 0.15;

/**
 * The placement that frames white on black as in the network's own pictures.
 * @param {import('./levels.js').Levels} levels
 * @param {Framing} framing
 * @returns {Placement}
 */
export function placedAsInk(levels, { share, isBalanced }) {
  const { whole } = levels;
  const small = levels.atMost(SMALL);
  const ink = foundIn(small);
  if (!ink) return covering(whole);
  const scale = whole.width / small.width;
  const middle = isBalanced ? ink : { x: ink.left + ink.width / 2, y: ink.top + ink.height / 2 };
  const side = (scale * Math.max(ink.width, ink.height)) / share;
  return { x: scale * middle.x, y: scale * middle.y, zoom: Math.min(whole.width, whole.height) / side, turn: 0 };
}

/**
 * The framing of a network's pictures in their square.
 * @param {Uint8ClampedArray} rgba pictures that it has decoded, stacked
 * @param {import('../../engine/types.js').ImageShape} image
 * @returns {Framing}
 */
export function framingOf(rgba, { channels, width, height }) {
  const size = width * height * 4;
  const pictures = Array.from({ length: rgba.length / size }, (_, i) => {
    return { data: rgba.subarray(i * size, (i + 1) * size), width, height };
  });
  const ring = ringOf({ width, height });
  const edges = pictures.flatMap(({ data }) => {
    const values = toValues(toGray(data));
    return ring.map((i) => values[i]);
  });
  const isInk = channels === 1 && edges.length > 0 && mean(edges) < BLACK;
  const inks = pictures.map(foundIn).filter((ink) => ink !== null);
  if (!isInk || inks.length === 0) return { isInk, share: 1, isBalanced: false };
  const side = Math.max(width, height);
  const off = (/** @type {(ink: Found) => [x: number, y: number]} */ middle) =>
    mean(inks.map(middle).map(([x, y]) => Math.hypot(x - width / 2, y - height / 2)));
  return {
    isInk,
    share: mean(inks.map((ink) => Math.max(ink.width, ink.height) / side)),
    isBalanced: off(({ x, y }) => [x, y]) < off((ink) => [ink.left + ink.width / 2, ink.top + ink.height / 2]),
  };
}

/** @param {Rgba} picture */
function foundIn(picture) {
  return found(toValues(toGray(picture.data)), picture);
}
