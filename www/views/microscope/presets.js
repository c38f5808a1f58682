import { say } from '../../state/texts.js';

/** Preset inputs and kernels. All values are exact in binary, so that every sum on the page is exact. */

/** Side of the input. */
export const SIDE = 4;

/** Largest size of a value that the reader can enter. */
export const LIMIT = 9;

/**
 * @typedef {readonly [string, (side: number) => number[]]} Preset name and how it is made
 */

/**
 * @param {number} side
 * @param {(row: number, column: number) => number} value
 */
function square(side, value) {
  return Array.from({ length: side * side }, (_, i) => value(Math.floor(i / side), i % side));
}

/** @type {readonly Preset[]} */
export const inputs = [
  ['corner', (side) => square(side, (row, column) => Number(row >= 1 && column >= 1 && (row === 1 || column === 1)))],
  ['dot', (side) => square(side, (row, column) => Number(row === 1 && column === 1))],
  ['ones', (side) => square(side, () => 1)],
  ['ramp', (side) => square(side, (_, column) => column)],
  ['signs', (side) => square(side, (row, column) => (row === column ? 2 : row + column === side - 1 ? -1 : 0))],
  ['zeros', (side) => square(side, () => 0)],
];

/** @type {readonly Preset[]} */
export const kernels = [
  // Half the weight at the edge: at stride 2, two halves meet where stamps overlap.
  ['blur', (side) => square(side, (row, column) => rim(row, side) * rim(column, side))],
  ['ones', (side) => square(side, () => 1)],
  ['edge', (side) => square(side, (_, column) => Math.sign(2 * column - (side - 1)))],
  ['dot', (side) => square(side, (row, column) => Number(row === column && row === Math.floor((side - 1) / 2)))],
  ['count', (side) => square(side, (row, column) => row * side + column + 1)],
];

/**
 * @param {number} at
 * @param {number} side
 */
function rim(at, side) {
  return at === 0 || at === side - 1 ? 0.5 : 1;
}

/**
 * @param {readonly Preset[]} presets
 * @param {string} name
 * @param {number} side
 * @returns {number[]} [side, side]
 */
export function preset(presets, name, side) {
  const found = presets.find(([value]) => value === name) ?? presets[0];
  return found[1](side);
}

/** @returns {Record<string, string>} labels of presets, by name */
export function presetLabels() {
  return {
    corner: say('A corner'),
    dot: say('One dot'),
    ones: say('All ones'),
    ramp: say('A ramp'),
    signs: say('Both signs'),
    zeros: say('All zeros'),
    blur: say('Blur'),
    edge: say('Edge'),
    count: say('Counting'),
  };
}

/**
 * Parses an attribute: the name of a preset, or all numbers row by row. Anything else gives the first preset.
 * @param {readonly Preset[]} presets
 * @param {string} text
 * @param {number} side
 * @returns {{name: string, values: number[]}} the name is empty for numbers
 */
export function parsed(presets, text, side) {
  const numbers = text.split(/[\s,]+/).map((word) => (word === '' ? NaN : Number(word)));
  if (numbers.length === side * side && numbers.every((value) => Math.abs(value) <= LIMIT)) {
    return { name: '', values: numbers };
  }
  const name = presets.some(([value]) => value === text) ? text : presets[0][0];
  return { name, values: preset(presets, name, side) };
}
