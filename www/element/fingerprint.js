/** Fingerprint of the files that a figure's pictures come from: links contain it, and a figure compares it with its own. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';

/** Hexadecimal digits for each file. */
const DIGITS = 12;

/** Earlier files with the same weights or codes, and so the same pictures: they had no fitted prior yet, or another name. */
const SAME_CONTENT = new Map([
  ['ed11edc3f8c2', '11c61056183f'],
  ['94aaef9caf0a', '4657ea3b79a7'],
  ['7bc9046d6b99', 'adc4ec8d4d96'],
  ['62cd895f83f7', 'adc4ec8d4d96'],
  ['6c5b0216dbbb', 'cc880c8a6532'],
  ['b5b139c544ad', '4650e74df3d1'],
  ['19711139d84c', 'b375f5e27aa1'],
  ['870b824a783b', 'd50a05e6cc24'],
]);

/**
 * True if a link's fingerprint is of files with the same pictures as those found.
 * @param {string} expected
 * @param {string} found
 */
export function showsTheSame(expected, found) {
  const newest = expected.split('.').map((hash) => SAME_CONTENT.get(hash) ?? hash);
  return newest.join('.') === found;
}

/**
 * The first digits of the SHA-256 of each model, or of the model and its stored latents, joined by dots. Empty for training
 * runs and where the browser has no cryptography, as on pages without https.
 * @param {import('../state/state.js').FigureState} state
 */
export async function fingerprint({ figure, model, compare }) {
  if (!globalThis.crypto?.subtle || figure === 'train') return '';
  const files =
    figure === 'samples'
      ? [model, compare].filter(Boolean).map(modelAddress)
      : [modelAddress(model), latentsAddress(model)];
  const hashes = await Promise.all(
    files.map(async (file) =>
      hex(await crypto.subtle.digest('SHA-256', await (await pageEngine.file(file)).arrayBuffer())),
    ),
  );
  return hashes.map((hash) => hash.slice(0, DIGITS)).join('.');
}

/** @param {ArrayBuffer} bytes */
function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
