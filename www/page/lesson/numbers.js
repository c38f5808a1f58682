import { written } from '../../state/texts.js';

/** A measured number with about three digits, in the page's language. @param {number} value */
export function shownNumber(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return written(value.toFixed(digits));
}

/**
 * A number that the reader has set, with as many decimals as the steps need.
 * @param {number} value
 * @param {number} step
 */
export function setNumber(value, step) {
  return written(value.toFixed(Math.min(6, decimalsOf(step))));
}

/** @param {number} step */
function decimalsOf(step) {
  const [, decimals = ''] = step.toFixed(6).replace(/0+$/, '').split('.');
  return decimals.length;
}
