/** Numbers as the cells of a grid: what stands in them, and how strong their color is. */

import { say } from '../../state/texts.js';
import { cropped, fineAt, fineSide } from './transposed.js';
import { placeOf, plain } from './words.js';

/**
 * Cells of a square of values, colored by the largest.
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
      // A convolution finds zeros there; its transpose cuts off what it stamped there.
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
