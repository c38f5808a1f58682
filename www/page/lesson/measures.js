/**
 * Measures that a question can ask of a network, as in `distance digits 3:2 8:4`: a measure, a shipped network and the pictures that it
 * is about. A slash between two measures means their ratio. docs/lessons.md has the list.
 *
 * @typedef {{digit: number, nth: number}} Stored the nth stored picture of a digit
 * @typedef {object} Spot a picture, by the place of its code
 * @property {string} model network that draws it
 * @property {Stored} [from] stored
 * @property {Stored} [to] with `t`: on the path from one to the other
 * @property {number} [t]
 * @property {number[]} [code]
 * @property {number} [seed] of a random code
 *
 * @typedef {{name: MeasureName, model: string, spots: Spot[]}} Measure
 * @typedef {keyof typeof measures} MeasureName
 * @typedef {(kind: keyof typeof import('./problems.js').texts, values?: Record<string, string | number>) => void} Refuse
 */

import { numberOf } from './fields.js';

/** Number of pictures that each measure is about, and the kind of its result. */
export const measures = /** @type {const} */ ({
  brightness: { pictures: 1, gives: 'number' },
  detail: { pictures: 1, gives: 'number' },
  norm: { pictures: 1, gives: 'number' },
  distance: { pictures: 2, gives: 'number' },
  difference: { pictures: 2, gives: 'number' },
  redraw: { pictures: 1, gives: 'number' },
  used: { pictures: 0, gives: 'number' },
  class: { pictures: 1, gives: 'class' },
  place: { pictures: 1, gives: 'point' },
});

/** The shipped networks. */
export const networks = new Map([
  ['cats', { latent: 128, isLabeled: false }],
  ['cats-blurred', { latent: 128, isLabeled: false }],
  ['digits', { latent: 16, isLabeled: true }],
  ['digits-plain', { latent: 16, isLabeled: true }],
  ['emoji', { latent: 64, isLabeled: false }],
  ['fashion', { latent: 16, isLabeled: false }],
  ['map', { latent: 2, isLabeled: true }],
]);

/** Most numbers of one code, and the largest seed. */
const LARGEST_SEED = 0xffff_ffff;

/**
 * @param {string} text one measure, or two with a slash between them
 * @param {Refuse} refuse
 * @returns {Measure[] | null} null if it is not valid, which is refused
 */
export function readMeasures(text, refuse) {
  const words = text.split(/[ \t\n]+/);
  const slash = words.indexOf('/');
  const parts = slash < 0 ? [words] : [words.slice(0, slash), words.slice(slash + 1)];
  const read = parts.map((part) => readMeasure(part, refuse));
  return read.includes(null) ? null : /** @type {Measure[]} */ (read);
}

/**
 * @param {string[]} words
 * @param {Refuse} refuse
 * @returns {Measure | null}
 */
function readMeasure([name = '', model = '', ...rest], refuse) {
  if (!Object.hasOwn(measures, name)) return refused(refuse, 'measure', { name });
  const known = /** @type {MeasureName} */ (name);
  const count = measures[known].pictures;
  if (model === '' || rest.length !== count) return refused(refuse, 'pictures', { name, count });
  const network = networks.get(model);
  if (!network) return refused(refuse, 'model', { name: model });
  const { latent } = network;
  if (known === 'class' && !network.isLabeled) return refused(refuse, 'labels', { model });
  if (known === 'place' && latent !== 2) return refused(refuse, 'plane', { model, latent });
  const spots = rest.map((word) => readSpot(word, model, refuse));
  return spots.includes(null) ? null : { name: known, model, spots: /** @type {Spot[]} */ (spots) };
}

/**
 * @param {string} text `3:2`, `3:2-8:4@0.5`, `(0.5,-1)` or `random:7`, after the name of a network and a slash if it is another one
 * @param {string} home the network that draws it if the text names none
 * @param {Refuse} refuse
 * @returns {Spot | null}
 */
export function readSpot(text, home, refuse) {
  const slash = text.indexOf('/');
  const model = slash < 0 ? home : text.slice(0, slash);
  if (model === '') return refused(refuse, 'home', { value: text });
  const network = networks.get(model);
  if (!network) return refused(refuse, 'model', { name: model });
  const place = placeOf(text.slice(slash + 1));
  if (!place) return refused(refuse, 'code', { value: text });
  const count = place.code?.length ?? network.latent;
  if (count !== network.latent) return refused(refuse, 'latent', { model, latent: network.latent, count });
  return { model, ...place };
}

/** @param {string} text @returns {Omit<Spot, 'model'> | null} */
function placeOf(text) {
  const stored = storedOf(text);
  if (stored) return { from: stored };
  const path = /^([\d:]+)-([\d:]+)@([\d.]+)$/.exec(text);
  if (path) {
    const [from, to, t] = [storedOf(path[1]), storedOf(path[2]), numberOf(path[3])];
    return from && to && t !== undefined && t <= 1 ? { from, to, t } : null;
  }
  if (/^\(.*\)$/.test(text)) {
    const code = text.slice(1, -1).split(',').map(numberOf);
    return code.includes(undefined) ? null : { code: /** @type {number[]} */ (code) };
  }
  const [, seed] = /^random:(\d{1,10})$/.exec(text) ?? [];
  return seed !== undefined && Number(seed) <= LARGEST_SEED ? { seed: Number(seed) } : null;
}

/** @param {string} text @returns {Stored | null} */
function storedOf(text) {
  const match = /^(\d)(?::(\d{1,4}))?$/.exec(text);
  return match && { digit: Number(match[1]), nth: Number(match[2] ?? 0) };
}

/**
 * @param {Refuse} refuse
 * @param {Parameters<Refuse>} problem
 * @returns {null}
 */
function refused(refuse, ...problem) {
  refuse(...problem);
  return null;
}
