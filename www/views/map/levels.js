/**
 * The values of a field's contours: round ones at even steps.
 *
 * @typedef {object} Field values at the nodes of a square grid, top row first; the outermost nodes lie on the edges of the plane
 * @property {number} side nodes in a row
 * @property {Float32Array} values [side * side]
 */

/** Steps that people count in, between 1 and 10. */
const ROUND = [1, 2, 5, 10];

/** Approximate number of contours. */
const CONTOURS = 6;

/** Densities this many nats below the largest one count as empty: six codes in a million would be there. */
const DEEPEST = 12;

/** The share of the errors that contours distinguish; a few large errors would otherwise leave no contour for the rest. */
const MOST = 0.98;

/**
 * Levels between two values, ascending, without the ends.
 * @param {number} low
 * @param {number} high
 */
export function levelsBetween(low, high) {
  if (!(high > low)) return [];
  const rough = (high - low) / CONTOURS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (ROUND.find((each) => each * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9) + 1;
  const count = Math.ceil(high / step - 1e-9) - first;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

/** @param {Field} field of log densities */
export function densityLevels({ values }) {
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  return levelsBetween(Math.max(low, high - DEEPEST), high);
}

/** @param {Field} field of distances, from 0 */
export function errorLevels({ values }) {
  const sorted = values.slice().sort();
  return levelsBetween(0, sorted[Math.floor(MOST * (sorted.length - 1))]);
}
