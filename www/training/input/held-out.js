/**
 * Held-out pictures of a run: those that training never sees. Their content and the seed decide, so that the order of the pictures does
 * not matter, and identical pictures are on the same side. A dataset has them last, with their number; a dataset of an earlier version
 * has no number, and holds none out.
 */

import { fnv1a } from './hash.js';

/** @typedef {import('../page/types.js').DataSet} DataSet */

/** Fewest pictures of which some are held out: a mean over fewer than two would say nothing. */
export const FEWEST = 20;

/** Most held-out pictures that are measured: enough for a mean, without a long break for training. */
export const MOST_MEASURED = 128;

/**
 * Number of pictures to hold out, unless some of them are identical.
 * @param {number} count of all pictures
 * @param {number} share of them, 0 to 0.5
 */
export function heldOutCount(count, share) {
  return count < FEWEST ? 0 : Math.round(share * count);
}

/**
 * The same pictures, the held-out ones last.
 * @param {DataSet} data
 * @param {{held: number, seed: number}} settings the share that is held out
 * @returns {DataSet}
 */
export function holdOut(data, { held, seed }) {
  const size = sizeOf(data);
  const count = data.pixels.length / size;
  const wanted = heldOutCount(count, held);
  if (wanted === 0) return { ...data, heldOut: 0 };
  const places = Uint32Array.from({ length: count }, (_, i) =>
    placeOf(data.pixels.subarray(i * size, (i + 1) * size), seed),
  );
  const byPlace = Array.from(places.keys()).sort((a, b) => places[a] - places[b] || a - b);
  const heldOut = whole(byPlace, places, wanted);
  const isHeld = new Set(byPlace.slice(0, heldOut));
  const order = [...[...places.keys()].filter((i) => !isHeld.has(i)), ...byPlace.slice(0, heldOut)];
  return { ...data, ...reordered(data, order), heldOut };
}

/**
 * The pictures that the networks are trained on. All views and files of a run show these.
 * @param {DataSet} data
 * @returns {DataSet}
 */
export function trainingPart(data) {
  const { pixels, labels, heldOut = 0 } = data;
  const count = pixels.length / sizeOf(data) - heldOut;
  return {
    ...data,
    pixels: pixels.subarray(0, count * sizeOf(data)),
    labels: labels?.subarray(0, count) ?? null,
    heldOut: 0,
  };
}

/**
 * The held-out pictures to measure: a random sample, since they are in the order of their places.
 * @param {DataSet} data
 * @returns {Uint8Array} [n, channels, height, width]
 */
export function measuredPart(data) {
  const { pixels, heldOut = 0 } = data;
  const first = pixels.length - heldOut * sizeOf(data);
  return pixels.subarray(first, first + Math.min(heldOut, MOST_MEASURED) * sizeOf(data));
}

/**
 * The wanted number of pictures, or more if the last one has copies; none if all others are copies of each other.
 * @param {number[]} byPlace
 * @param {Uint32Array} places
 * @param {number} wanted
 */
function whole(byPlace, places, wanted) {
  let end = wanted;
  while (end < byPlace.length && places[byPlace[end]] === places[byPlace[end - 1]]) end += 1;
  return end === byPlace.length ? 0 : end;
}

/**
 * @param {DataSet} data
 * @param {number[]} order
 */
function reordered(data, order) {
  const size = sizeOf(data);
  const pixels = new Uint8Array(data.pixels.length);
  order.forEach((from, to) => pixels.set(data.pixels.subarray(from * size, (from + 1) * size), to * size));
  return {
    pixels,
    labels: data.labels && Uint8Array.from(order, (from) => /** @type {Uint8Array} */ (data.labels)[from]),
  };
}

/**
 * A pseudorandom number from a picture and a seed: a hash with the finalizer of MurmurHash3
 * (Appleby), since the high bits of FNV-1a depend little on the last bytes.
 * @param {Uint8Array} bytes
 * @param {number} seed
 */
function placeOf(bytes, seed) {
  let hash = fnv1a(bytes, fnv1a(new Uint8Array(Uint32Array.of(seed).buffer)));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Values of a picture. @param {DataSet} data */
function sizeOf({ shape: { channels, height, width } }) {
  return channels * height * width;
}
