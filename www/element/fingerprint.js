/** Fingerprint of the files that a figure's pictures come from: links carry it, and a figure compares it with its own. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';

/** Hexadecimal digits for each file. */
const DIGITS = 12;

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
