import { say } from '../../state/texts.js';

/** The compared paths, in the order of their rows. @typedef {'pixels' | 'lerp' | 'slerp' | 'geodesic'} Path */

export const PATHS = /** @type {const} */ (['pixels', 'lerp', 'slerp', 'geodesic']);

/** Paths of codes that need no search. */
export const DIRECT = /** @type {const} */ (['lerp', 'slerp']);

/**
 * Makes something for each path.
 * @template T
 * @param {(path: Path) => T} make
 * @returns {Record<Path, T>}
 */
export function byPath(make) {
  return /** @type {Record<Path, T>} */ (Object.fromEntries(PATHS.map((path) => [path, make(path)])));
}

/** @returns {Record<Path, string>} */
export const namesOfPaths = () => ({
  pixels: say('Cross-fade'),
  lerp: say('Line'),
  slerp: say('Arc'),
  geodesic: say('Through pictures'),
});
