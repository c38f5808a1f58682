/**
 * Image sources of the page itself: images that a shipped model decodes. Also shows trained networks in other figures. The training
 * controller calls it.
 */

import { latentsAddress, modelAddress } from '../../assets.js';

/** @typedef {import('../../engine/engine.js').Engine} Engine */

/** Number of images that are decoded together. */
const BATCH = 100;

/** Number of points between two stored latents, beside the latents themselves. */
const BETWEEN = 3;

/**
 * @typedef {object} DrawnPictures
 * @property {Uint8Array} pixels [n, channels, height, width]
 * @property {import('../../engine/types.js').ImageShape} shape
 * @property {Uint8Array | null} labels [n]
 * @property {number} stored number of stored latents
 * @property {string} license of the network that decoded them
 */

/**
 * Decodes stored latents of test images, and points between each and the next one of the same digit, or the closest other one if labels
 * are missing. The images look like the training data, but nobody took or drew them.
 * @param {Engine} engine
 * @param {string} model name of a shipped one
 * @returns {Promise<DrawnPictures>}
 */
export async function drawPictures(engine, model) {
  const address = modelAddress(model);
  const [{ config, card }, { latent, mean, labels: known }] = await Promise.all([
    engine.load(address),
    engine.latents(latentsAddress(model)),
  ]);
  const stored = mean.length / latent;
  const latentOf = (/** @type {number} */ i) => mean.subarray(i * latent, (i + 1) * latent);
  const count = stored * (1 + BETWEEN);
  const latents = new Float32Array(count * latent);
  const labels = known && new Uint8Array(count);
  latents.set(mean);
  labels?.set(/** @type {Uint8Array} */ (known));
  for (let i = 0, at = stored; i < stored; i++) {
    const to = known ? nextOf(known, i) : closestTo(mean, latent, i);
    const path = await engine.interpolate({
      path: 'slerp',
      frames: BETWEEN + 2,
      from: latentOf(i).slice(),
      to: latentOf(to).slice(),
    });
    for (let stop = 1; stop <= BETWEEN; stop++, at++) {
      latents.set(path.subarray(stop * latent, (stop + 1) * latent), at * latent);
      if (labels && known) labels[at] = known[i];
    }
  }
  const { license } = /** @type {{license?: unknown}} */ (card);
  return {
    pixels: await decoded(engine, address, latents, config),
    shape: config.image,
    labels,
    stored,
    license: typeof license === 'string' ? license : '',
  };
}

/**
 * Decodes latents into bytes, [n, channels, height, width].
 * @param {Engine} engine
 * @param {string} address of the model
 * @param {Float32Array} latents [n, latent]
 * @param {import('../../engine/types.js').ModelConfig} config
 */
export async function decoded(engine, address, latents, { image: { channels, height, width }, latent }) {
  const count = latents.length / latent;
  const plane = height * width;
  const pixels = new Uint8Array(count * channels * plane);
  for (let first = 0; first < count; first += BATCH) {
    const last = Math.min(count, first + BATCH);
    const rgba = await engine.decode(address, latents.slice(first * latent, last * latent));
    for (let n = 0; n < last - first; n++) {
      for (let color = 0; color < channels; color++) {
        const to = ((first + n) * channels + color) * plane;
        for (let i = 0; i < plane; i++) pixels[to + i] = rgba[4 * (n * plane + i) + color];
      }
    }
  }
  return pixels;
}

/**
 * Index of the next stored latent of the same digit; after the last one comes the first.
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
 * Index of the closest other latent.
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

/** Number of names given to networks of this page: each has a new one, so that figures notice a new network. */
let made = 0;

/** @param {'trained-here' | 'dropped'} kind */
export function newName(kind) {
  return `${kind}-${++made}`;
}

/**
 * @typedef {object} Made
 * @property {Uint8Array<ArrayBuffer>} file
 * @property {import('../../engine/types.js').ModelConfig} config
 * @property {import('../../engine/types.js').StoredLatents} stored
 */

/** Networks that figures showed before. @type {WeakMap<Element, [model: string | null, compare: string | null]>} */
const before = new WeakMap();

/**
 * Shows networks in the other figures of the page.
 * @param {Engine} engine
 * @param {Made[]} networks the chosen one, then its twin, if any
 * @returns {string[]} the figures that now show one
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
    // A puzzle is the same for everyone.
    if (kind === 'train' || kind === 'puzzle' || (kind === 'map' && networks[0].config.latent !== 2)) continue;
    if (!before.has(figure)) before.set(figure, [figure.getAttribute('model'), figure.getAttribute('compare')]);
    figure.setAttribute('model', names[0]);
    if (kind === 'samples') figure.setAttribute('compare', names[1] ?? '');
    shown.add(kind);
  }
  return [...shown];
}

/**
 * Makes a figure show its previous networks again.
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
