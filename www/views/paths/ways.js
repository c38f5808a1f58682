import { say } from '../../state/texts.js';

/** The paths that are compared, in the order of their rows. @typedef {'pixels' | 'lerp' | 'slerp' | 'geodesic'} Way */

export const WAYS = /** @type {const} */ (['pixels', 'lerp', 'slerp', 'geodesic']);

/** Those of codes that need no search. */
export const DIRECT = /** @type {const} */ (['lerp', 'slerp']);

/**
 * Makes something for each path.
 * @template T
 * @param {(way: Way) => T} make
 * @returns {Record<Way, T>}
 */
export function byWay(make) {
  return /** @type {Record<Way, T>} */ (Object.fromEntries(WAYS.map((way) => [way, make(way)])));
}

/** @returns {Record<Way, string>} */
export const namesOfWays = () => ({
  pixels: say('Cross-fade'),
  lerp: say('Line'),
  slerp: say('Arc'),
  geodesic: say('Through pictures'),
});
