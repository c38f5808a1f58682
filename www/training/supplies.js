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
  const [{ config }, { latent, mean, labels: known }] = await Promise.all([
    engine.load(address),
    engine.latents(latentsAddress(SOURCE)),
  ]);
  const { height, width } = config.image;
  const labels = known ?? new Uint8Array();
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

/** Names of what was made here; a figure notices another network by another name. */
let made = 0;

/**
 * @typedef {object} Made
 * @property {Uint8Array<ArrayBuffer>} file
 * @property {import('../engine.js').ModelConfig} config
 * @property {import('../engine.js').StoredLatents} stored
 */

/**
 * Puts networks into the other figures of the page.
 * @param {import('../engine.js').Engine} engine
 * @param {Made[]} networks the one that was chosen, then its twin if there is one
 * @returns {string[]} the figures that show one now
 */
export function show(engine, networks) {
  const names = networks.map(({ file, stored }) => {
    const name = `trained-here-${++made}`;
    engine.provide(modelAddress(name), new Blob([file]), latentsAddress(name), stored);
    return name;
  });
  /** @type {Set<string>} */
  const shown = new Set();
  for (const figure of document.querySelectorAll('latent-lab')) {
    const kind = figure.getAttribute('figure') ?? 'morph';
    if (kind === 'train' || (kind === 'map' && networks[0].config.latent !== 2)) continue;
    figure.setAttribute('model', names[0]);
    if (kind === 'samples' && names[1]) figure.setAttribute('compare', names[1]);
    shown.add(kind);
  }
  return [...shown];
}

/** Codes of a network that came without pictures are drawn at random, so many. */
const DRAWN = 300;

/**
 * Puts a model file from outside into the other figures of the page.
 * @param {import('../engine.js').Engine} engine
 * @param {File} file
 * @param {{pixels: Uint8Array, labels: Uint8Array | null}} pictures
 * @returns {Promise<string[]>}
 */
export async function adopt(engine, file, { pixels, labels }) {
  const address = modelAddress(`dropped-${++made}`);
  engine.provide(address, file, latentsAddress(`dropped-${made}`), { latent: 0, mean: new Float32Array(), labels: new Uint8Array() });
  const { config } = await engine.load(address);
  const { latent, image } = config;
  const size = image.channels * image.height * image.width;
  const fits = pixels.length > 0 && pixels.length % size === 0;
  const count = fits ? Math.min(DRAWN, pixels.length / size) : DRAWN;
  const mean = fits
    ? (await engine.encode(address, toRgba(pixels.subarray(0, count * size), image))).mean
    : await engine.draws({ seed: 1, stream: 0, count: DRAWN * latent });
  const known = fits && labels ? labels.slice(0, count) : null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  return show(engine, [{ file: bytes, config, stored: { latent, mean, labels: known, own: fits ? 'pictures' : 'draws' } }]);
}

/**
 * @param {Uint8Array} pixels [n, channels, height, width]
 * @param {import('../engine.js').ImageShape} image
 */
function toRgba(pixels, { channels, height, width }) {
  const plane = height * width;
  const rgba = new Uint8ClampedArray((pixels.length / channels) * 4).fill(255);
  for (let i = 0; i < rgba.length / 4; i++) {
    const start = Math.floor(i / plane) * channels * plane + (i % plane);
    for (let color = 0; color < 3; color++) rgba[4 * i + color] = pixels[start + Math.min(color, channels - 1) * plane];
  }
  return rgba;
}
