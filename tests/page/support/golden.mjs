// The fixtures of tests/golden.rs, and functions that compare values with them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const folder = new URL('../../fixtures/golden/', import.meta.url);

const floats = async (/** @type {string} */ name) =>
  new Float32Array(Uint8Array.from(await readFile(new URL(name, folder))).buffer);

/** Codes, [8 stored + 11 of the strip, 16]. */
export const codes = await floats('codes.f32');

/** Their pictures as the native reproducible decoder draws them, [19, 784], 0 to 1. */
export const pixels = await floats('pixels.f32');

/** A short training run, see `golden_training_is_reproduced_from_its_seed`. */
export const training = JSON.parse(await readFile(new URL('training.json', folder), 'utf8'));

export const STORED = 8;
export const STRIP = 11;

/**
 * One golden picture, [784].
 * @param {number} index
 */
export function goldenPicture(index) {
  const size = pixels.length / (STORED + STRIP);
  return pixels.subarray(index * size, (index + 1) * size);
}

/**
 * Compares bytes of a canvas with a golden picture: within one step of 255.
 * @param {ArrayLike<number>} bytes
 * @param {number} index
 */
export function assertShows(bytes, index) {
  const golden = goldenPicture(index);
  assert.equal(bytes.length, golden.length);
  const worst = golden.reduce((most, value, i) => Math.max(most, Math.abs(value * 255 - bytes[i])), 0);
  assert.ok(worst <= 1, `golden picture ${index}: ${worst} of 255 away`);
}

/**
 * As `fingerprint` in tests/golden.rs: FNV-1a over words of 32 bits, 64 bits, hexadecimal.
 * @param {Uint8Array | Float32Array} bytes
 */
export function fingerprint(bytes) {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.equal(bytes.byteLength % 4, 0);
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < bytes.byteLength; at += 4) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(words.getUint32(at, true))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
