import { say } from '../../state/texts.js';

/**
 * Tells users of screen readers which digits the pictures resemble, by the labels of the closest stored codes. Only after a change by the
 * reader, when nothing moves anymore.
 *
 * @typedef {object} ShownCodes
 * @property {Float32Array} codes [n, latent], of the pictures on the screen
 * @property {import('../../engine/types.js').StoredLatents} stored
 * @property {string} [name] of the group of pictures, if there are several
 * @property {string} [note] a text about them that is said too
 * @property {{label: string}} [picture] gets the description as its label too
 */

/** Time without a change before something is said, in milliseconds. */
const REST = 900;

/** Number of closest codes to consider. */
const NEIGHBORS = 15;

/** Smallest shares of a digit for "a 3", for "mostly a 3", and to be mentioned at all. */
const CLEARLY = 0.85;
const MOSTLY = 0.6;
const SOME = 0.15;

/** Describes the view's pictures in a live region. */
export class Announcer {
  #region;
  #view;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} region a live one
   * @param {Pick<import('./view.js').View, 'isPlaying' | 'shownCodes'>} view
   */
  constructor(region, view) {
    this.#region = region;
    this.#view = view;
  }

  /** The reader has changed something. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(), REST);
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#region.textContent = '';
  }

  async #say() {
    if (this.#view.isPlaying) return;
    const shown = await this.#view.shownCodes();
    const told = shown.filter(({ codes, stored }) => codes.length > 0 && stored.labels && !stored.own);
    const words = told.map(({ codes, stored, name, picture }) => {
      const found = shares(codes, stored);
      const said = codes.length === stored.latent ? inWords(found) : severalInWords(found);
      if (picture) picture.label = `${picture.label.split(': ')[0]}: ${said}`;
      return name ? say('{name}: {what}', { name, what: said }) : said;
    });
    words.push(...shown.flatMap(({ note }) => note || []));
    if (words.length > 0) this.#region.textContent = words.join('. ');
  }
}

/**
 * The share of each digit in some pictures.
 * @param {Float32Array} codes [n, latent]
 * @param {import('../../engine/types.js').StoredLatents} stored
 * @returns {{digit: number, share: number}[]} largest first
 */
export function shares(codes, { latent, mean, labels }) {
  const votes = new Array(10).fill(0);
  for (let start = 0; start < codes.length; start += latent) {
    for (const { digit, weight } of closest(codes.subarray(start, start + latent), mean, labels ?? new Uint8Array())) {
      votes[digit] += weight;
    }
  }
  const sum = votes.reduce((total, vote) => total + vote, 0) || 1;
  return votes.map((vote, digit) => ({ digit, share: vote / sum })).sort((a, b) => b.share - a.share);
}

/**
 * @param {Float32Array} code
 * @param {Float32Array} mean [n, latent]
 * @param {Uint8Array} labels [n]
 */
function closest(code, mean, labels) {
  const distances = Array.from(labels, (digit, i) => {
    const square = code.reduce((sum, value, j) => sum + (value - mean[i * code.length + j]) ** 2, 0);
    return { digit, weight: 1 / (square + 1e-3) };
  });
  const near = distances.sort((a, b) => b.weight - a.weight).slice(0, NEIGHBORS);
  const sum = near.reduce((total, { weight }) => total + weight, 0);
  return near.map(({ digit, weight }) => ({ digit, weight: weight / sum }));
}

/** @param {{digit: number, share: number}[]} shares largest first */
export function inWords([first, second]) {
  const digits = { first: first.digit, second: second.digit };
  if (first.share >= CLEARLY) return say('a {first}', digits);
  if (first.share >= MOSTLY) {
    return second.share >= SOME ? say('mostly a {first}, some {second}', digits) : say('mostly a {first}', digits);
  }
  return say('between a {first} and a {second}', digits);
}

/** @param {{digit: number, share: number}[]} shares largest first */
function severalInWords([first, second, third]) {
  return say('most often a {first}, then {second} and {third}', {
    first: first.digit,
    second: second.digit,
    third: third.digit,
  });
}
