/** What a training figure gets from the engine beside the run itself: pictures to train on, and a place for what it made. */

import { latentsAddress, modelAddress } from '../../assets.js';

/** Pictures decoded at once. */
const BATCH = 100;

/** Points between two codes, beside the codes themselves. */
const BETWEEN = 3;

/**
 * @typedef {object} Supply
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {import('../../engine/engine.js').ImageShape} shape
 * @property {Uint8Array | null} labels [n]
 * @property {number} stored how many codes there were
 * @property {string} license of the network that drew them
 */

/**
 * Pictures without a data set: the stored codes of test images, and points on the way between each and the next of the same digit,
 * or the closest other where nobody has said what they show; decoded by the shipped decoder. They look like what it was trained on, and
 * none
 * of them was taken or drawn by anybody.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {string} model a shipped one
 * @returns {Promise<Supply>}
 */
export async function ourPictures(engine, model) {
  const address = modelAddress(model);
  const [{ config, card }, { latent, mean, labels: known }] = await Promise.all([
    engine.load(address),
    engine.latents(latentsAddress(model)),
  ]);
  const stored = mean.length / latent;
  const codeOf = (/** @type {number} */ i) => mean.subarray(i * latent, (i + 1) * latent);
  const count = stored * (1 + BETWEEN);
  const codes = new Float32Array(count * latent);
  const labels = known && new Uint8Array(count);
  codes.set(mean);
  labels?.set(/** @type {Uint8Array} */ (known));
  for (let i = 0, at = stored; i < stored; i++) {
    const to = known ? nextOf(known, i) : closestTo(mean, latent, i);
    const way = await engine.interpolate({
      path: 'slerp',
      frames: BETWEEN + 2,
      from: codeOf(i).slice(),
      to: codeOf(to).slice(),
    });
    for (let stop = 1; stop <= BETWEEN; stop++, at++) {
      codes.set(way.subarray(stop * latent, (stop + 1) * latent), at * latent);
      if (labels && known) labels[at] = known[i];
    }
  }
  const { channels, height, width } = config.image;
  const plane = height * width;
  const pixels = new Uint8Array(count * channels * plane);
  for (let first = 0; first < count; first += BATCH) {
    const last = Math.min(count, first + BATCH);
    const rgba = await engine.decode(address, codes.slice(first * latent, last * latent));
    for (let n = 0; n < last - first; n++) {
      for (let color = 0; color < channels; color++) {
        const to = ((first + n) * channels + color) * plane;
        for (let i = 0; i < plane; i++) pixels[to + i] = rgba[4 * (n * plane + i) + color];
      }
    }
  }
  const { license } = /** @type {{license?: unknown}} */ (card);
  return { pixels, shape: config.image, labels, stored, license: typeof license === 'string' ? license : '' };
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
 * The closest other code.
 * @param {Float32Array} mean [n, latent]
 * @param {number} latent
 * @param {number} index
 */
function closestTo(mean, latent, index) {
  let [closest, least] = [index, Infinity];
  for (let other = 0; other < mean.length / latent; other++) {
    let distance = 0;
    for (let k = 0; k < latent; k++) distance += (mean[other * latent + k] - mean[index * latent + k]) ** 2;
    if (other !== index && distance < least) [closest, least] = [other, distance];
  }
  return closest;
}

/** Names of what was made here; a figure notices another network by another name. */
let made = 0;

/** @param {'trained-here' | 'dropped'} kind */
export function newName(kind) {
  return `${kind}-${++made}`;
}

/**
 * @typedef {object} Made
 * @property {Uint8Array<ArrayBuffer>} file
 * @property {import('../../engine/engine.js').ModelConfig} config
 * @property {import('../../engine/engine.js').StoredLatents} stored
 */

/** What figures showed before. @type {WeakMap<Element, [model: string | null, compare: string | null]>} */
const before = new WeakMap();

/**
 * Puts networks into the other figures of the page.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {Made[]} networks the one that was chosen, then its twin if there is one
 * @returns {string[]} the figures that show one now
 */
export function show(engine, networks) {
  const names = networks.map(({ file, stored }) => {
    const name = newName('trained-here');
    engine.provide(modelAddress(name), new Blob([file]), latentsAddress(name), stored);
    return name;
  });
  /** @type {Set<string>} */
  const shown = new Set();
  for (const figure of document.querySelectorAll('latent-lab')) {
    const kind = figure.getAttribute('figure') ?? 'morph';
    if (kind === 'train' || (kind === 'map' && networks[0].config.latent !== 2)) continue;
    if (!before.has(figure)) before.set(figure, [figure.getAttribute('model'), figure.getAttribute('compare')]);
    figure.setAttribute('model', names[0]);
    if (kind === 'samples') figure.setAttribute('compare', names[1] ?? '');
    shown.add(kind);
  }
  return [...shown];
}

/**
 * The figure shows again what it showed before.
 * @param {Element} figure
 */
export function giveBack(figure) {
  const shown = before.get(figure) ?? [null, null];
  ['model', 'compare'].forEach((name, i) => {
    const value = shown[i];
    if (value === null) figure.removeAttribute(name);
    else figure.setAttribute(name, value);
  });
  before.delete(figure);
}
