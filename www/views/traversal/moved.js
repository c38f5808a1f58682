/**
 * Moved numbers of a code, in the form of the attribute `moved`: `3:1.5,7:-2` puts the third number at 1.5 and the seventh at -2.
 *
 * @typedef {ReadonlyMap<number, number>} Moved values by latent dimension, from 0
 */

/** Farthest value from the origin. */
const FARTHEST = 100;

/** Decimals of a value in the attribute. */
const DECIMALS = 3;

/**
 * @param {string} text
 * @param {number} latent
 * @returns {Moved} without invalid parts and those beyond the latent size
 */
export function movedOf(text, latent) {
  /** @type {Map<number, number>} */
  const moved = new Map();
  for (const part of text.split(/[\s,]+/, 2 * latent)) {
    const [, number, value] = /^(\d{1,4}):([-+\d.e]{1,24})$/.exec(part) ?? [];
    const dimension = Number(number) - 1;
    const isValid = dimension >= 0 && dimension < latent && Math.abs(Number(value)) <= FARTHEST;
    if (isValid) moved.set(dimension, Number(value));
  }
  return moved;
}

/** @param {Moved} moved */
export function writtenMoved(moved) {
  return [...moved]
    .sort(([a], [b]) => a - b)
    .map(([dimension, value]) => `${dimension + 1}:${Number(value.toFixed(DECIMALS))}`)
    .join(',');
}

/**
 * A code with its moved numbers.
 * @param {Float32Array} code
 * @param {Moved} moved
 */
export function withMoved(code, moved) {
  const changed = code.slice();
  for (const [dimension, value] of moved) changed[dimension] = value;
  return changed;
}
