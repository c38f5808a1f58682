import { written } from '../../state/texts.js';

/**
 * Where things are on the plane of a two-dimensional latent: x to the right, y up, the square from -extent to extent.
 *
 * @typedef {{x: number, y: number}} Spot in latent units
 */

/**
 * @param {Spot} spot
 * @param {number} extent
 * @returns {{left: string, top: string}} as percentages of the plot
 */
export function place({ x, y }, extent) {
  return { left: `${(50 + (50 * x) / extent).toFixed(2)}%`, top: `${(50 - (50 * y) / extent).toFixed(2)}%` };
}

/**
 * The codes closest to a spot, closest first: their labels, or their numbers from 1 where they have none.
 * @param {Spot} spot
 * @param {import('../../engine/engine.js').StoredLatents} stored of a two-dimensional model
 * @param {number} count
 */
export function nearest({ x, y }, { mean, labels }, count) {
  return Array.from({ length: mean.length / 2 }, (_, i) => ({
    i,
    distance: Math.hypot(mean[2 * i] - x, mean[2 * i + 1] - y),
  }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ i }) => labels?.[i] ?? i + 1);
}

/**
 * In the notation that the figure uses: one sign, two decimals, a real minus.
 * @param {number} value
 */
export function coordinate(value) {
  return written(value.toFixed(2));
}
