/** Divides the pictures of an experiment into those to train on, which come first, and those that are held out. A pure function. */

import { shuffled } from '../../../training/input/apart.js';
import { sizeOf } from '../../../training/page/settings.js';
import { HELD_OUT } from './experiments.js';

/**
 * @typedef {import('../../../training/page/types.js').DataSet} DataSet
 * @typedef {{data: DataSet, counts: number[], heldOut: number}} Split `counts` of the first pictures that each network sees
 */

/** At most one picture in this many is held out. */
const SHARE = 5;

/** Fewest pictures of an experiment. */
export const LEAST = 10;

/**
 * @param {DataSet} data
 * @param {object} options
 * @param {number[]} options.counts numbers of pictures that the networks should see, ascending, `Infinity` for all; proportionally fewer
 *   if there are not enough
 * @param {number} options.networks
 * @param {number | null} options.train number of the first pictures that are for training; null if they are in no such order
 * @returns {Split | null} null if there are too few pictures
 */
export function split(data, { counts, networks, train }) {
  const size = sizeOf(data.shape);
  const all = data.pixels.length / size;
  if (all < LEAST) return null;
  const order = Array.from({ length: all }, (_, i) => i);
  const mixed = train === null ? shuffled(order) : order;
  const heldOut = Math.min(HELD_OUT, train === null ? Math.floor(all / SHARE) : all - train);
  const room = all - heldOut;
  const wanted = counts.map((count) => (Number.isFinite(count) ? count : room));
  const most = Math.min(room, Math.max(...wanted));
  const scaled = wanted.map((count) => Math.max(1, Math.round((count * most) / Math.max(...wanted))));
  const taken = [...mixed.slice(0, most), ...mixed.slice(room)];
  const pixels = new Uint8Array(taken.length * size);
  taken.forEach((from, i) => pixels.set(data.pixels.subarray(from * size, (from + 1) * size), i * size));
  return {
    data: { ...data, pixels, labels: null },
    counts: Array.from({ length: networks }, (_, i) => scaled[i] ?? scaled[scaled.length - 1]),
    heldOut,
  };
}
