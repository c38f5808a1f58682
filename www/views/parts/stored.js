import { say } from '../../state/texts.js';

/**
 * The stored codes that come with a model: which of them is meant, and what it is called. A shipped model comes with test
 * digits; one that was trained here with the visitor's pictures, of which often nobody has said what they show.
 *
 * @typedef {import('../../engine/engine.js').StoredLatents} StoredLatents
 * @typedef {import('../../state/state.js').Endpoint} Endpoint
 */

/** The classes that stored digits have. */
export const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Which of each digit among the stored test digits is offered first: one that reads as what it is. */
const CLEAR = [2, 2, 1, 2, 2, 2, 0, 0, 4, 3];

/**
 * The first picture of a digit that is offered.
 * @param {StoredLatents | undefined} stored
 * @param {number} digit
 * @returns {Endpoint}
 */
export function firstOf(stored, digit) {
  return { digit, nth: stored?.own ? 0 : CLEAR[digit] };
}

/** Shipped models whose pictures have no labels, and what else is known of them before they have come, so that nothing moves then. */
export const UNLABELED = new Map([
  ['cats', { side: 64, latent: 128 }],
  ['emoji', { side: 32, latent: 64 }],
  ['fashion', { side: 28, latent: 16 }],
]);

/**
 * What stands in for the codes of a model that are not there yet.
 * @param {string} model
 * @returns {StoredLatents | null} null where they may have labels
 */
export function expected(model) {
  return UNLABELED.has(model) ? { latent: 1, mean: new Float32Array(100), labels: null } : null;
}

/** How many there are. @param {StoredLatents} stored */
export function countOf({ mean, latent }) {
  return mean.length / latent;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @returns {number} its place among all
 */
export function placeOf(stored, { digit, nth }) {
  const { labels } = stored;
  const count = countOf(stored);
  // Where nobody knows digits, ten of them are ten places, evenly among the pictures.
  if (!labels) return (Math.floor((digit * count) / 10) + nth) % count;
  const ofDigit = [...labels.keys()].filter((i) => labels[i] === digit);
  return ofDigit.length > 0 ? ofDigit[nth % ofDigit.length] : 0;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @param {number[] | null} code that takes its place, if it is one of this model
 * @returns {Float32Array} [latent]
 */
export function codeOf(stored, endpoint, code) {
  if (code?.length === stored.latent) return Float32Array.from(code);
  const place = placeOf(stored, endpoint);
  return stored.mean.slice(place * stored.latent, (place + 1) * stored.latent);
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 */
export function nameOf(stored, endpoint) {
  const { labels, own } = stored;
  const number = placeOf(stored, endpoint) + 1;
  if (!labels) return own === 'draws' ? say('random code {number}', { number }) : say('picture {number}', { number });
  const { digit } = endpoint;
  return own ? say('a picture of class {digit}', { digit }) : say('a handwritten {digit}', { digit });
}
