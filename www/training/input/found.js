/**
 * Finds what a picture shows, white on black. Pure functions.
 *
 * @typedef {object} Found
 * @property {number} left of the bounding box, in pixels
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} x center of mass
 * @property {number} y
 */

/** Values above this count as ink. */
export const INK = 0.35;

/** Parts smaller than this share of the largest part are specks, or belong to something else. */
const SPECK = 0.08;

/**
 * Finds the largest part and others that are not much smaller. Parts that touch the edge belong to something outside, unless there are no
 * others.
 * @param {Float32Array} values [height, width]
 * @param {import('./placement.js').Size} size
 * @returns {Found | null}
 */
export function found(values, { width, height }) {
  const parts = partsOf(values, width);
  const inside = parts.filter((part) => !part.some((i) => isAtEdge(i, width, height)));
  const all = inside.length > 0 ? inside : parts;
  // Noise has more parts than a call may have arguments.
  const most = all.reduce((longest, { length }) => Math.max(longest, length), 0);
  return extentOf(all.filter(({ length }) => length >= SPECK * most).flat(), values, width);
}

/**
 * Groups of neighboring pixels with ink.
 * @param {Float32Array} values
 * @param {number} width
 */
function partsOf(values, width) {
  const isOpen = Uint8Array.from(values, (value) => Number(value > INK));
  /** @type {number[][]} */
  const parts = [];
  for (let start = 0; start < isOpen.length; start++) {
    if (!isOpen[start]) continue;
    const part = [start];
    isOpen[start] = 0;
    for (let next = 0; next < part.length; next++) {
      for (const i of neighborsOf(part[next], width, values.length)) {
        if (isOpen[i]) part.push(i);
        isOpen[i] = 0;
      }
    }
    parts.push(part);
  }
  return parts;
}

/** @param {number} i @param {number} width @param {number} count */
function neighborsOf(i, width, count) {
  const column = i % width;
  const sides = [column > 0 ? i - 1 : i, column < width - 1 ? i + 1 : i];
  return [...sides, ...sides.flatMap((side) => [side - width, side + width]), i - width, i + width].filter(
    (each) => each >= 0 && each < count,
  );
}

/** @param {number} i @param {number} width @param {number} height */
function isAtEdge(i, width, height) {
  const [x, y] = [i % width, Math.floor(i / width)];
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

/**
 * @param {number[]} indices
 * @param {Float32Array} values
 * @param {number} width
 * @returns {Found | null}
 */
function extentOf(indices, values, width) {
  if (indices.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let [sum, x, y] = [0, 0, 0];
  for (const i of indices) {
    const [column, row] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    sum += values[i];
    x += values[i] * (column + 0.5);
    y += values[i] * (row + 0.5);
  }
  return { left, top, width: right + 1 - left, height: bottom + 1 - top, x: x / sum, y: y / sum };
}
