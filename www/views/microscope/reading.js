import { say, sayCount } from '../../state/texts.js';
import { fineAt, fineSide, links, stamp, stamped, convolution, cropped } from './transposed.js';
import { bracketed, columnsOf, placeOf, exact, rowsOf } from './words.js';

/**
 * @typedef {{grid: 'small' | 'result' | 'kernel' | 'large', index: number} | null} Spot
 *
 * @typedef {object} Scene
 * @property {import('../../state/state.js').FigureState['way']} way
 * @property {import('./transposed.js').Geometry} geometry
 * @property {number[]} input
 * @property {number[]} kernel
 * @property {number} step
 * @property {Spot} spot
 */

/**
 * Describes the number under the pointer, or else the last step.
 * @param {Scene} scene
 */
export function read(scene) {
  const { spot, step, way, geometry, kernel } = scene;
  if (spot?.grid === 'large') return place(scene, spot.index);
  if (spot?.grid === 'kernel') {
    return say('Kernel, {place}: {value}. One weight, used at every step.', {
      place: placeOf(spot.index, geometry.kernel),
      value: exact(kernel[spot.index]),
    });
  }
  const coarse = spot ? spot.index : step - 1;
  if (coarse < 0) {
    return way === 'convolution' ? say('Nothing has been read yet.') : say('Nothing has been stamped yet.');
  }
  return way === 'convolution' ? window(scene, coarse) : stampOf(scene, coarse);
}

/**
 * @param {Scene} scene
 * @param {number} coarse
 */
function stampOf({ way, geometry, input }, coarse) {
  const where = reach(geometry, coarse);
  const place = placeOf(coarse, geometry.coarse);
  if (way === 'overlap') return say('The stamp of the input at {place} covers {where}.', { place, where });
  return say('The input at {place} is {value}: {factor} × the kernel is added to {where}.', {
    ...{ place, where },
    value: exact(input[coarse]),
    factor: bracketed(input[coarse]),
  });
}

/**
 * The rows and columns of the fine side that a stamp reaches.
 * @param {import('./transposed.js').Geometry} geometry
 * @param {number} coarse
 */
function reach(geometry, coarse) {
  const side = fineSide(geometry);
  const reached = stamp(geometry, coarse)
    .map((position) => fineAt(geometry, position))
    .filter((fine) => fine >= 0);
  if (reached.length === 0) return say('nothing: all of it falls into the padding');
  const rows = reached.map((fine) => Math.floor(fine / side) + 1);
  const columns = reached.map((fine) => (fine % side) + 1);
  return `${rowsOf(Math.min(...rows), Math.max(...rows))}, ${columnsOf(Math.min(...columns), Math.max(...columns))}`;
}

/**
 * Describes a convolution's sum at one place of its output.
 * @param {Scene} scene
 * @param {number} coarse
 */
function window({ geometry, input, kernel, step, spot }, coarse) {
  const fine = cropped(geometry, stamped(geometry, input, kernel));
  const place = say('Output, {place}', { place: placeOf(coarse, geometry.coarse) });
  if (spot && coarse >= step) return `${place}: ${say('not computed yet.')}`;
  const terms = links(geometry)
    .filter((link) => link.coarse === coarse)
    .map((link) => [fine[link.fine], kernel[link.tap]]);
  return `${place}: ${sum(terms, convolution(geometry, fine, kernel)[coarse])}`;
}

/**
 * Describes a place of the fine side by its links.
 * @param {Scene} scene
 * @param {number} position on the canvas
 */
function place({ way, geometry, input, kernel, step }, position) {
  const fine = fineAt(geometry, position);
  if (fine < 0) {
    return way === 'convolution'
      ? say('Padding: zeros that the kernel reads beyond the edge.')
      : say('Padding: what is stamped here is cut off.');
  }
  const all = links(geometry).filter((link) => link.fine === fine);
  const where = placeOf(fine, fineSide(geometry));
  if (way === 'convolution') {
    const readers = sayCount(
      all.length,
      'One output reads it, with one weight.',
      '{count} outputs read it, each with a different weight.',
    );
    return `${say('Input, {place}', { place: where })}: ${exact(stamped(geometry, input, kernel)[position])}. ${readers}`;
  }
  const done = all.filter((link) => link.coarse < step);
  if (way === 'overlap') {
    const covered = sayCount(done.length, 'One stamp covers {place}', '{count} stamps cover {place}', { place: where });
    return `${covered}${done.length < all.length ? say(' so far; in the end {count}', { count: all.length }) : ''}.`;
  }
  const output = say('Output, {place}', { place: where });
  if (done.length === 0) {
    return `${output}: ${all.length > 0 ? say('nothing has been stamped here yet.') : say('no stamp reaches it.')}`;
  }
  const terms = done.map((link) => [input[link.coarse], kernel[link.tap]]);
  return `${output}: ${sum(terms, stamped(geometry, input, kernel, step)[position])}`;
}

/**
 * "1 × 0.5 + 2 × 1 = 2.5".
 * @param {number[][]} terms
 * @param {number} total
 */
function sum(terms, total) {
  if (terms.length === 0) return exact(total);
  // Products of zero are counted, not written out.
  const nonzero = terms.filter(([a, b]) => a !== 0 && b !== 0);
  const zeros = terms.length - nonzero.length;
  const written = nonzero.map(([a, b]) => `${bracketed(a)}\u00a0×\u00a0${bracketed(b)}`);
  if (zeros > 0) written.push(sayCount(zeros, 'one product of zero', '{count} products of zero'));
  return `${written.join(' + ')} = ${exact(total)}`;
}
