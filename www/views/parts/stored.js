import { say } from '../../state/texts.js';

/**
 * Finds and names single codes among a model's stored ones. Those of shipped models are of test images; those of a network trained here
 * are of the visitor's pictures, often without labels.
 *
 * @typedef {import('../../engine/types.js').StoredLatents} StoredLatents
 * @typedef {import('../../state/state.js').Endpoint} Endpoint
 */

/** Classes of stored digits. */
export const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Index of the first test digit to offer for each class: one that is easy to read. */
const CLEAR = [2, 2, 1, 2, 2, 2, 0, 0, 4, 3];

/**
 * The first stored picture to offer of a digit.
 * @param {StoredLatents | undefined} stored
 * @param {number} digit
 * @returns {Endpoint}
 */
export function firstOf(stored, digit) {
  return { digit, nth: stored?.own ? 0 : CLEAR[digit] };
}

/** Shipped models without labels, with the sizes that a figure needs before the model has arrived, so that nothing moves when it does. */
export const UNLABELED = new Map([
  ['cats', { side: 64, latent: 128 }],
  ['cats-blurred', { side: 64, latent: 128 }],
  ['emoji', { side: 32, latent: 64 }],
  ['fashion', { side: 28, latent: 16 }],
]);

/**
 * A stand-in for stored codes that have not arrived yet.
 * @param {string} model
 * @returns {StoredLatents | null} null if they may have labels
 */
export function expected(model) {
  return UNLABELED.has(model) ? { latent: 1, mean: new Float32Array(100), labels: null } : null;
}

/** Number of stored codes. @param {StoredLatents} stored */
export function countOf({ mean, latent }) {
  return mean.length / latent;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @returns {number} index among all codes
 */
export function placeOf(stored, { digit, nth }) {
  const { labels } = stored;
  const count = countOf(stored);
  // Without labels, the ten digits are ten evenly spaced indices.
  if (!labels) return (Math.floor((digit * count) / 10) + nth) % count;
  const ofDigit = [...labels.keys()].filter((i) => labels[i] === digit);
  return ofDigit.length > 0 ? ofDigit[nth % ofDigit.length] : 0;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @param {number[] | null} code that replaces it, if it has this model's latent size
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
