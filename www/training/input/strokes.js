/** Widens thin strokes, white on black, to the width of the pad's pen, as if drawn with it. Pure functions. */

import { found, INK } from './found.js';

/** Width of the pad's pen, as a share of the side of MNIST's square; see views/parts/center.js. */
const PEN = 2.2 / 28;

/** Distances to a neighbor beside and to one across a corner. */
const BESIDE = 1;
const ACROSS = Math.SQRT2;

/**
 * @param {Float32Array} values [height, width], 0 to 1
 * @param {import('./placement.js').Size} size
 * @param {number} share of the network's square that its pictures fill
 */
export function widened(values, size, share) {
  const ink = found(values, size);
  if (!ink) return values;
  const pen = (PEN * Math.max(ink.width, ink.height)) / share;
  const more = (pen - widthOf(values, size)) / 2;
  if (more < BESIDE) return values;
  const distances = distancesFrom(values, size);
  return values.map((value, i) => Math.max(value, Math.min(1, more + 0.5 - distances[i])));
}

/**
 * The mean width of strokes: twice their area over the length of their outline.
 * @param {Float32Array} values
 * @param {import('./placement.js').Size} size
 */
function widthOf(values, { width }) {
  let [area, outline] = [0, 0];
  values.forEach((value, i) => {
    if (value <= INK) return;
    area += 1;
    if ([i - 1, i + 1, i - width, i + width].some((next) => !(values[next] > INK))) outline += 1;
  });
  return (2 * area) / Math.max(1, outline);
}

/**
 * The distance of each pixel from the nearest one with ink, in pixels, by one pass forward and one back.
 * @param {Float32Array} values
 * @param {import('./placement.js').Size} size
 */
function distancesFrom(values, { width, height }) {
  const distances = values.map((value) => (value > INK ? 0 : width + height));
  const pass = (/** @type {number} */ i, /** @type {-1 | 1} */ way) => {
    const [x, above] = [i % width, i + way * width];
    const isFirst = x === (way < 0 ? 0 : width - 1);
    const isLast = x === (way < 0 ? width - 1 : 0);
    let least = distances[i];
    if (!isFirst) least = Math.min(least, distances[i + way] + BESIDE);
    if (above >= 0 && above < distances.length) {
      least = Math.min(least, distances[above] + BESIDE);
      if (!isFirst) least = Math.min(least, distances[above + way] + ACROSS);
      if (!isLast) least = Math.min(least, distances[above - way] + ACROSS);
    }
    distances[i] = least;
  };
  for (let i = 0; i < distances.length; i++) pass(i, -1);
  for (let i = distances.length - 1; i >= 0; i--) pass(i, 1);
  return distances;
}
