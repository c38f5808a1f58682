/** The edge of a picture, and statistics of its values. */

/** Share of a picture's shorter side whose pixels count as its edge. */
const RING = 0.06;

/**
 * Indices of the pixels along the edge.
 * @param {{width: number, height: number}} size
 */
export function ringOf({ width, height }) {
  const deep = Math.max(1, Math.round(RING * Math.min(width, height)));
  /** @type {number[]} */
  const indices = [];
  for (let y = 0; y < height; y++) {
    const isInside = y >= deep && y < height - deep;
    for (let x = 0; x < width; x++) {
      if (isInside && x === deep && width > 2 * deep) x = width - deep;
      indices.push(y * width + x);
    }
  }
  return indices;
}

/** @param {number[]} values */
export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number[]} values */
export function median(values) {
  return values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
