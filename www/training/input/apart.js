/**
 * Pictures for an experiment, from a shipped model: some to train on, and some to hold out. No stored code is used for both. The training
 * controller calls it.
 */

import { latentsAddress, modelAddress } from '../../assets.js';
import { toRgba } from '../../pixels.js';
import { fit } from './preprocessing.js';
import { decoded } from './sources.js';

/**
 * @typedef {import('../../engine/engine.js').Engine} Engine
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 *
 * @typedef {object} Wanted
 * @property {string} model name of a shipped one
 * @property {number} train pictures to train on
 * @property {number} heldOut pictures to hold out
 * @property {number} side side to which larger pictures are reduced
 *
 * @typedef {import('./sources.js').DrawnPictures & {train: number}} ApartPictures those to train on come first
 *
 * @typedef {object} Codes
 * @property {Float32Array} mean [n, latent]
 * @property {number} latent
 * @property {Uint8Array | null} labels [n]
 */

/** One in this many stored codes is for held-out pictures. */
const APART = 5;

/** Points between two codes. */
const BETWEEN = 3;

/** Number of pictures that are reduced together. */
const TOGETHER = 64;

/**
 * @param {Engine} engine
 * @param {Wanted} wanted
 * @returns {Promise<ApartPictures>}
 */
export async function drawApart(engine, { model, train, heldOut, side }) {
  const address = modelAddress(model);
  const [{ config, card }, codes] = await Promise.all([engine.load(address), engine.latents(latentsAddress(model))]);
  const { latent, mean } = codes;
  const stored = mean.length / latent;
  const indices = Array.from({ length: stored }, (_, i) => i);
  const isApart = (/** @type {number} */ i) => i % APART === APART - 1;
  const latents = [
    ...(await mixed(
      engine,
      codes,
      indices.filter((i) => !isApart(i)),
      train,
    )),
    ...(await mixed(engine, codes, indices.filter(isApart), heldOut)),
  ];
  const all = new Float32Array(latents.length * latent);
  latents.forEach((each, i) => all.set(each, i * latent));
  const whole = await decoded(engine, address, all, config);
  const { license } = /** @type {{license?: unknown}} */ (card);
  return {
    ...(await reduced(engine, whole, config.image, side)),
    labels: null,
    stored,
    train,
    license: textOf(license),
  };
}

/**
 * The wanted number of codes: the given ones, and points between them, in an order that mixes both.
 * @param {Engine} engine
 * @param {Codes} codes
 * @param {number[]} members indices of the given ones
 * @param {number} count
 * @returns {Promise<Float32Array[]>}
 */
async function mixed(engine, { mean, latent, labels }, members, count) {
  const codeOf = (/** @type {number} */ i) => mean.slice(i * latent, (i + 1) * latent);
  const pairs = pairsOf(members, labels, Math.ceil(Math.max(0, count - members.length) / BETWEEN));
  const paths = pairs.map(([from, to]) =>
    engine.interpolate({ path: 'slerp', frames: BETWEEN + 2, from: codeOf(from), to: codeOf(to) }),
  );
  const all = members.map(codeOf);
  for (const path of await Promise.all(paths)) {
    for (let stop = 1; stop <= BETWEEN; stop++) all.push(path.slice(stop * latent, (stop + 1) * latent));
  }
  return shuffled(all).slice(0, count);
}

/**
 * Different pairs of codes: each with the next ones of the same class, or with codes farther and farther away in their list.
 * @param {number[]} members
 * @param {Uint8Array | null} labels
 * @param {number} count
 * @returns {[number, number][]} fewer if there are not enough pairs
 */
export function pairsOf(members, labels, count) {
  /** @type {Map<number, number[]>} */
  const classes = new Map();
  for (const member of members) {
    const label = labels?.[member] ?? 0;
    classes.set(label, [...(classes.get(label) ?? []), member]);
  }
  /** @type {[number, number][]} */
  const pairs = [];
  for (let away = 1; pairs.length < count && away < members.length / 2; away++) {
    for (const each of classes.values()) {
      // At half of the class, the pairs would repeat with their ends exchanged.
      if (2 * away >= each.length) continue;
      each.forEach((member, i) => pairs.push([member, each[(i + away) % each.length]]));
    }
  }
  return pairs.slice(0, count);
}

/**
 * A fixed order that visits all parts of a list again and again.
 * @template T
 * @param {T[]} list
 */
export function shuffled(list) {
  let stride = Math.max(1, Math.round(list.length * 0.618));
  while (common(stride, list.length) > 1) stride += 1;
  return list.map((_, i) => list[(i * stride) % list.length]);
}

/** The greatest common divisor. @param {number} a @param {number} b @returns {number} */
function common(a, b) {
  return b === 0 ? a : common(b, a % b);
}

/**
 * Pictures of at most this side.
 * @param {Engine} engine
 * @param {Uint8Array} pixels [n, channels, height, width]
 * @param {ImageShape} shape
 * @param {number} side
 */
async function reduced(engine, pixels, shape, side) {
  if (shape.width <= side) return { pixels, shape };
  const image = { channels: shape.channels, height: side, width: side };
  const size = shape.channels * shape.height * shape.width;
  const small = new Uint8Array((pixels.length / size) * shape.channels * side * side);
  for (let at = 0, filled = 0; at < pixels.length; at += TOGETHER * size) {
    const part = pixels.subarray(at, at + TOGETHER * size);
    const rgba = new Uint8ClampedArray((part.length / size) * 4 * side * side);
    for (let n = 0; n < part.length / size; n++) {
      const data = toRgba(part.subarray(n * size, (n + 1) * size), shape);
      rgba.set(fit({ data, width: shape.width, height: shape.height }, image), n * 4 * side * side);
    }
    const bytes = await engine.bytes({ rgba, image });
    small.set(bytes, filled);
    filled += bytes.length;
  }
  return { pixels: small, shape: image };
}

/** @param {unknown} value of a card */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}
