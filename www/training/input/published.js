/** Recognizes files of published datasets by their content, since their names are the same. */

import { fnv1a } from './hash.js';

/** @typedef {'mnist' | 'fashion-mnist' | `drawn by ${string}`} Dataset a published one, or pictures decoded by a model of this page */

/** Hashes of the first picture of the files of training and of test images. @type {Map<number, Dataset>} */
const firstPictures = new Map([
  [0x9dfe5230, 'mnist'],
  [0x599c52e7, 'mnist'],
  [0xf365a098, 'fashion-mnist'],
  [0x993077db, 'fashion-mnist'],
]);

/**
 * The dataset of a file; null if it is unknown.
 * @param {Uint8Array} pixels of its pictures
 * @param {number} size values of one
 * @param {ReadonlyMap<number, Dataset>} [known] hashes of first pictures
 */
export function datasetOf(pixels, size, known = firstPictures) {
  return known.get(fnv1a(pixels.subarray(0, size))) ?? null;
}

/**
 * The model that decoded the pictures of a dataset; null for others.
 * @param {Dataset} dataset
 */
export function drawnBy(dataset) {
  return /^drawn by (.+)$/.exec(dataset)?.[1] ?? null;
}
