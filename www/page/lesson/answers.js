/** The networks' answers to questions, each computed on demand. Fetched with the first question that comes near the screen. */

import { latentsAddress, modelAddress } from '../../assets.js';
import { decode, encode } from '../../element/methods.js';
import { pageEngine } from '../../engine/engine.js';
import { Failure } from '../../failure.js';
import { toGray, toValues } from '../../pixels.js';
import { codeOf } from '../../views/parts/stored.js';

/**
 * @typedef {import('./measures.js').Measure} Measure
 * @typedef {import('./measures.js').Spot} Spot
 * @typedef {import('./question-block.js').Question} Question
 * @typedef {{values: number[], right: boolean[]}} ChoiceAnswer measured values of the choices, if any
 * @typedef {{value: number}} NumberAnswer
 * @typedef {{x: number, y: number}} PointAnswer
 */

/** Number of codes whose labels decide about a class. */
const NEIGHBORS = 15;

/** A number of a code is in use if its variance over the stored pictures is above this. */
const IN_USE = 0.01;

/**
 * @template T
 * @param {() => Promise<T>} work
 */
async function keepingWorker(work) {
  pageEngine.acquire();
  try {
    return await work();
  } finally {
    pageEngine.release();
  }
}

/** @param {Question} question @returns {Promise<ChoiceAnswer | NumberAnswer | PointAnswer>} */
export function answerTo(question) {
  return keepingWorker(async () => {
    if (question.kind === 'number') return { value: await numberFor(question.answer) };
    if (question.kind === 'point') return pointFor(question.answer[0]);
    const { choices, order, answer } = question;
    if (order === null) {
      const digit = await classFor(answer[0]);
      return { values: [], right: choices.map((choice) => choice.digit === digit) };
    }
    const values = [];
    for (const { measured } of choices) values.push(await numberFor(measured));
    const best = order === 'greatest' ? Math.max(...values) : Math.min(...values);
    return { values, right: values.map((value) => value === best) };
  });
}

/** The picture at a spot. @param {Spot} spot @returns {Promise<ImageData>} */
export async function pictureAt(spot) {
  return keepingWorker(async () => (await decode(spot.model, await ownCode(spot)))[0]);
}

/** Stored codes of test pictures. @param {string} model */
export function storedOf(model) {
  return keepingWorker(() => pageEngine.latents(latentsAddress(model)));
}

/** @param {Measure[]} measures one, or two for their ratio */
async function numberFor([first, second]) {
  const value = await measure(first);
  return second ? value / (await measure(second)) : value;
}

/** @param {Measure} what @returns {Promise<number>} */
async function measure({ name, model, spots: [one, other] }) {
  switch (name) {
    case 'brightness':
      return mean(valuesOf(await pictureAt(one)));
    case 'detail':
      return detailOf(await pictureAt(one));
    case 'norm':
      return Math.hypot(...(await codeFor(model, one)));
    case 'distance':
      return distance(await codeFor(model, one), await codeFor(model, other));
    case 'difference':
      return squaredError(await pictureAt(one), await pictureAt(other));
    case 'redraw': {
      const [redrawn] = await decode(model, await codeFor(model, one, true));
      return squaredError(await pictureAt(one), redrawn);
    }
    case 'used':
      return inUse(await storedOf(model));
    default:
      throw new Error(`${name} is not a number`);
  }
}

/** @param {Measure} what */
async function pointFor({ model, spots: [spot] }) {
  const [x, y] = await codeFor(model, spot);
  return { x, y };
}

/** The most frequent label of the closest stored codes. @param {Measure} what */
async function classFor({ model, spots: [spot] }) {
  const [{ mean: codes, latent, labels }, code] = [await storedOf(model), await codeFor(model, spot)];
  const near = Array.from({ length: codes.length / latent }, (_, i) => ({
    label: labels?.[i] ?? 0,
    away: distance(code, codes.subarray(i * latent, (i + 1) * latent)),
  }))
    .sort((a, b) => a.away - b.away)
    .slice(0, NEIGHBORS);
  const counts = Array.from({ length: 10 }, (_, digit) => near.filter(({ label }) => label === digit).length);
  return counts.indexOf(Math.max(...counts));
}

/**
 * A network's code for a picture. Pictures of another network are encoded.
 * @param {string} model
 * @param {Spot} spot
 * @param {boolean} [isRead] encodes the picture even if it is the network's own
 */
async function codeFor(model, spot, isRead = false) {
  return spot.model === model && !isRead ? ownCode(spot) : (await encode(model, await pictureAt(spot))).mean;
}

/** @param {Spot} spot @returns {Promise<Float32Array>} */
async function ownCode({ model, from, to, t = 0, code, seed }) {
  if (code) return Float32Array.from(code);
  if (seed !== undefined) {
    const { latent } = (await pageEngine.load(modelAddress(model))).config;
    return pageEngine.draws({ seed, stream: 0, count: latent });
  }
  const stored = await storedOf(model);
  const ends = [from, to ?? from].map((end) => codeOf(stored, end ?? { digit: 0, nth: 0 }, null));
  if (!to) return ends[0];
  const path = await pageEngine.interpolate({ path: 'slerp', from: ends[0], to: ends[1], frames: FRAMES });
  const at = Math.round(t * (FRAMES - 1)) * stored.latent;
  return path.slice(at, at + stored.latent);
}

/** Codes on a path: one for each hundredth. */
const FRAMES = 101;

/** @param {ImageData} picture */
function valuesOf({ data }) {
  return toValues(Uint8Array.from(data.filter((_, i) => i % 4 !== 3)));
}

/** @param {ArrayLike<number>} values */
function mean(values) {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function distance(a, b) {
  return Math.hypot(...Array.from(a, (value, i) => value - b[i]));
}

/** Mean over pixels and colors. @param {ImageData} one @param {ImageData} other */
function squaredError(one, other) {
  const [a, b] = [valuesOf(one), valuesOf(other)];
  if (a.length !== b.length) throw new Failure('request', 'pictures of different sizes cannot be compared');
  return mean(a.map((value, i) => (value - b[i]) ** 2));
}

/** Variance of the Laplacian, as in `eval --sharpness`. @param {ImageData} picture */
function detailOf({ data, width, height }) {
  const gray = toValues(toGray(data));
  const values = [];
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at++) {
      values.push(gray[at - 1] + gray[at + 1] + gray[at - width] + gray[at + width] - 4 * gray[at]);
    }
  }
  return variance(values);
}

/** @param {number[]} values */
function variance(values) {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

/** The number of a code's numbers that differ between pictures. @param {import('../../engine/types.js').StoredLatents} stored */
function inUse({ mean: codes, latent }) {
  const column = (/** @type {number} */ i) => Array.from(codes).filter((_, at) => at % latent === i);
  return Array.from({ length: latent }, (_, i) => variance(column(i))).filter((spread) => spread > IN_USE).length;
}
