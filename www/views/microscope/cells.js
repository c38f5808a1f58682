/** Turns numbers into cells of a grid, with text and color. */

import { say } from '../../state/texts.js';
import { cropped, fineAt, fineSide } from './transposed.js';
import { placeOf, plain } from './words.js';

/**
 * Cells of a square of values. The largest value gets the full color.
 * @param {ArrayLike<number>} all
 * @param {number} side
 * @returns {import('./grid.js').Cell[]}
 */
export function values(all, side) {
  const most = largest(all);
  return Array.from(all, (value, i) => ({ text: plain(value), tone: value / most, label: placeOf(i, side) }));
}

/**
 * @param {import('./transposed.js').Geometry} geometry
 * @param {Float64Array} sums of the canvas
 * @param {{isBack: boolean, isReached: (position: number) => boolean}} options
 * @returns {import('./grid.js').Cell[]}
 */
export function canvasCells(geometry, sums, { isBack, isReached }) {
  const most = largest(cropped(geometry, sums));
  return Array.from(sums, (sum, i) => {
    const fine = fineAt(geometry, i);
    if (fine < 0) {
      // A convolution reads zeros there; its transpose cuts off stamps there.
      const text = isBack ? '0' : isReached(i) ? plain(sum) : '';
      return { text, tone: 0, label: say('padding'), kind: 'cut' };
    }
    const isThere = isBack || isReached(i);
    return {
      text: isThere ? plain(sum) : '',
      tone: sum / most,
      label: placeOf(fine, fineSide(geometry)),
      kind: isThere ? '' : 'blank',
    };
  });
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}
