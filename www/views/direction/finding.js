import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { measures } from './measures.js';
import { directionOf, leaveOneOut, shareAlong, shareOfAll } from './probe.js';
import { heldOut, leftOut } from './words.js';

/**
 * @typedef {import('./measures.js').MeasureName} MeasureName
 * @typedef {import('./probe.js').Code} Code
 *
 * @typedef {object} Evidence
 * @property {Code[]} plus
 * @property {Code[]} minus
 * @property {MeasureName} [measure]
 * @property {number[]} rest indices of the stored pictures that are not examples
 * @property {(place: number) => Code} codeAt
 * @property {import('./stored-pictures.js').StoredPictures} pictures
 * @property {boolean} isComplete true once all stored pictures are decoded
 * @property {import('../../engine/types.js').ImageShape} image
 * @property {import('./probe.js').Pause} pause
 */

/** The number below the groups: how much of the property lies along the direction. */
export class Finding {
  #number = h('b', { class: 'share', part: 'share' });
  #text = h('span', { part: 'finding' });
  node = h('p', { class: 'finding' }, this.#number, ' ', this.#text);
  /** Measured properties of stored pictures. @type {Map<MeasureName, Map<number, number>>} */
  #values = new Map();
  /** Number of the newest evidence. Results of older evidence are stale. */
  #run = 0;

  /** @param {Evidence} evidence */
  async show(evidence) {
    const run = ++this.#run;
    const { number, text } = await this.#found(evidence);
    if (run !== this.#run) return;
    this.#number.textContent = number;
    this.#text.textContent = text;
  }

  /** Measures a few hundred pictures and fits two probes, in parts: the reader may be dragging. @param {Evidence} evidence */
  async #found(evidence) {
    const { plus, minus, measure, rest, codeAt, isComplete, pause } = evidence;
    const direction = directionOf(plus, minus);
    if (!direction) return { number: '', text: say('The direction needs at least one picture in each group.') };
    if (!measure) return leftOut(leaveOneOut(plus, minus));
    if (!isComplete) return { number: '', text: say('Measuring the stored pictures…') };
    /** @type {Code[]} */
    const codes = [];
    /** @type {number[]} */
    const values = [];
    for (const place of rest) {
      const value = this.#valueOf(evidence, measure, place);
      if (Number.isFinite(value)) {
        codes.push(codeAt(place));
        values.push(value);
      }
      await pause();
    }
    return heldOut(measure, {
      along: await shareAlong(codes, values, direction, pause),
      all: await shareOfAll(codes, values, pause),
      count: codes.length,
      latent: direction.length,
    });
  }

  /** @param {Evidence} evidence @param {MeasureName} measure @param {number} place */
  #valueOf({ pictures, image }, measure, place) {
    const values = this.#values.get(measure) ?? new Map();
    this.#values.set(measure, values);
    const rgba = pictures.at(place);
    const value = values.get(place) ?? (rgba ? measures[measure](rgba, image) : NaN);
    values.set(place, value);
    return value;
  }
}
