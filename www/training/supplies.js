/** What a training figure gets from the engine beside the run itself: pictures to train on, and a place for what it made. */

import { latentsAddress, modelAddress } from '../assets.js';

/** The shipped model whose stored latents become pictures again. */
const SOURCE = 'digits';

/** Pictures decoded at once. */
const BATCH = 100;

/** Points between two codes of one digit, beside the codes themselves. */
const BETWEEN = 3;

/**
 * Digits without a download: the stored codes of 500 test images, and points on the way between two of the same digit,
 * decoded by the shipped decoder. They look like handwriting, and none of them was written by a hand.
 * @param {import('../engine.js').Engine} engine
 * @returns {Promise<{pixels: Uint8Array, height: number, width: number, labels: Uint8Array}>} gray
 */
export async function ourDigits(engine) {
  const address = modelAddress(SOURCE);
  const [{ config }, { latent, mean, labels }] = await Promise.all([
    engine.load(address),
    engine.latents(latentsAddress(SOURCE)),
  ]);
  const { height, width } = config.image;
  const count = labels.length * (1 + BETWEEN);
  const codes = new Float32Array(count * latent);
  const digits = new Uint8Array(count);
  codes.set(mean);
  digits.set(labels);
  for (let i = 0, at = labels.length; i < labels.length; i++) {
    const to = nextOf(labels, i);
    const ends = { from: mean.slice(i * latent, (i + 1) * latent), to: mean.slice(to * latent, (to + 1) * latent) };
    const way = await engine.interpolate({ path: 'slerp', frames: BETWEEN + 2, ...ends });
    for (let stop = 1; stop <= BETWEEN; stop++, at++) {
      codes.set(way.subarray(stop * latent, (stop + 1) * latent), at * latent);
      digits[at] = labels[i];
    }
  }
  const pixels = new Uint8Array(count * height * width);
  for (let first = 0; first < count; first += BATCH) {
    const last = Math.min(count, first + BATCH);
    const rgba = await engine.decode(address, codes.slice(first * latent, last * latent));
    for (let i = 0; i < rgba.length / 4; i++) pixels[first * height * width + i] = rgba[4 * i];
  }
  return { pixels, height, width, labels: digits };
}

/**
 * The next code of the same digit, around the end.
 * @param {Uint8Array} labels
 * @param {number} index
 */
function nextOf(labels, index) {
  for (let step = 1; step < labels.length; step++) {
    const other = (index + step) % labels.length;
    if (labels[other] === labels[index]) return other;
  }
  return index;
}

/**
 * From now on other figures find a network under this name, and its codes beside it.
 * @param {import('../engine.js').Engine} engine
 * @param {string} name as in the attribute `model`
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {import('../engine.js').StoredLatents} stored
 */
export function provide(engine, name, file, stored) {
  engine.provide(modelAddress(name), new Blob([file]), latentsAddress(name), stored);
}
