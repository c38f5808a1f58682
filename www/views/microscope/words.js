import { say, written } from '../../state/texts.js';

/** Texts of the microscope for numbers and places. */

/**
 * At most two decimals, a real minus sign, no trailing zeros.
 * @param {number} value
 */
export function plain(value) {
  const rounded = Math.round(value * 100) / 100;
  return written(rounded === 0 ? 0 : rounded);
}

/**
 * All decimals. They are few, since the figure's sums are exact in binary.
 * @param {number} value
 */
export function exact(value) {
  return written(value === 0 ? 0 : value);
}

/**
 * A factor or a term: in brackets if negative.
 * @param {number} value
 */
export function bracketed(value) {
  return value < 0 ? `(${exact(value)})` : exact(value);
}

/**
 * "row 2, column 3" of a square.
 * @param {number} position
 * @param {number} side
 */
export function placeOf(position, side) {
  return say('row {row}, column {column}', { row: Math.floor(position / side) + 1, column: (position % side) + 1 });
}

/**
 * "4 × 4".
 * @param {number} height
 * @param {number} [width]
 */
export function size(height, width = height) {
  return `${height}\u00a0×\u00a0${width}`;
}

/**
 * "rows 2 to 4", or "row 2".
 * @param {number} first
 * @param {number} last
 */
export function rowsOf(first, last) {
  return first === last ? say('row {first}', { first }) : say('rows {first} to {last}', { first, last });
}

/**
 * @param {number} first
 * @param {number} last
 */
export function columnsOf(first, last) {
  return first === last ? say('column {first}', { first }) : say('columns {first} to {last}', { first, last });
}
