import { toValue } from '../../pixels.js';
import { say, written } from '../../state/texts.js';
import { coordinate } from '../parts/plane.js';

/**
 * @typedef {object} Try
 * @property {number} x
 * @property {number} y
 * @property {number} nats from its picture to the target
 * @property {Float32Array} missing ink that its picture lacks in each of nine regions, row by row; negative where there is too much
 */

/** Regions in a row and in a column. */
const SIDE = 3;

/** Least mean difference of a region to be mentioned, where black to white is 1; and the least change since the last try. */
const SEEN = 0.03;
const CHANGED = 0.02;

/** Difference in nats below which two tries are equally close. */
const EQUAL = 0.05;

/**
 * The mean difference of two pictures in each region.
 * @param {ArrayLike<number>} target RGBA
 * @param {ArrayLike<number>} guess RGBA
 * @param {import('../../engine/types.js').ImageShape} image
 */
export function missingInk(target, guess, { width, height, channels }) {
  const sums = new Float32Array(SIDE * SIDE);
  const sizes = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const region = Math.floor((y * SIDE) / height) * SIDE + Math.floor((x * SIDE) / width);
      sizes[region] += channels;
      for (let i = 4 * (y * width + x), end = i + channels; i < end; i++) sums[region] += toValue(target[i] - guess[i]);
    }
  }
  return sums.map((sum, region) => sum / sizes[region]);
}

/** A distance as text. @param {number} nats */
export function inNats(nats) {
  return written(nats.toFixed(nats < 9.95 ? 1 : 0));
}

/** @param {Try} found */
export function placeOf({ x, y }) {
  return say('({x}, {y})', { x: coordinate(x), y: coordinate(y) });
}

/**
 * The distance of a try, and whether it is closer than the previous one.
 * @param {Try} now
 * @param {Try | undefined} before
 */
export function distanceInWords(now, before) {
  const nats = inNats(now.nats);
  if (!before) return say('{nats} nats away.', { nats });
  if (Math.abs(now.nats - before.nats) < EQUAL) return say('{nats} nats away, as far as before.', { nats });
  if (now.nats > before.nats) return say('{nats} nats away, farther.', { nats });
  const where = mostImproved(now, before);
  return where
    ? say('{nats} nats away, closer, most of all {where}.', { nats, where })
    : say('{nats} nats away, closer.', { nats });
}

/**
 * The region where a try's picture differs most from the target.
 * @param {Try} found
 */
export function differenceInWords({ missing }) {
  const regions = [...missing.keys()];
  const [least] = [...regions].sort((a, b) => missing[b] - missing[a]);
  const [most] = [...regions].sort((a, b) => missing[a] - missing[b]);
  return [
    missing[least] > SEEN ? say('Ink is missing {where}.', { where: names()[least] }) : '',
    missing[most] < -SEEN ? say('There is too much ink {where}.', { where: names()[most] }) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * The region that has come closest, or null where none has.
 * @param {Try} now
 * @param {Try} before
 */
function mostImproved(now, before) {
  const gains = Array.from(now.missing, (value, region) => Math.abs(before.missing[region]) - Math.abs(value));
  const best = gains.indexOf(Math.max(...gains));
  return gains[best] > CHANGED ? names()[best] : null;
}

/** Names of the regions, row by row. */
const names = () => [
  say('at the top left'),
  say('at the top'),
  say('at the top right'),
  say('on the left'),
  say('in the middle'),
  say('on the right'),
  say('at the bottom left'),
  say('at the bottom'),
  say('at the bottom right'),
];
