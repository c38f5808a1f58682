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
 * @property {number[]} rest indices of the stored pictures that are no examples
 * @property {(place: number) => Code} codeAt
 * @property {import('./stored-pictures.js').StoredPictures} pictures
 * @property {boolean} isComplete true if the stored pictures are decoded
 * @property {import('../../engine/engine.js').ImageShape} image
 */

/** The number below the groups: how much of the property lies along the direction. */
export class Finding {
  #number = h('b', { class: 'share', part: 'share' });
  #text = h('span', { part: 'finding' });
  node = h('p', { class: 'finding' }, this.#number, ' ', this.#text);
  /** Measured properties of stored pictures. @type {Map<MeasureName, Map<number, number>>} */
  #values = new Map();

  /** @param {Evidence} evidence */
  show(evidence) {
    const { number, text } = this.#found(evidence);
    this.#number.textContent = number;
    this.#text.textContent = text;
  }

  /** @param {Evidence} evidence */
  #found(evidence) {
    const { plus, minus, measure, rest, codeAt, isComplete } = evidence;
    const direction = directionOf(plus, minus);
    if (!direction) return { number: '', text: say('The direction needs at least one picture in each group.') };
    if (!measure) return leftOut(leaveOneOut(plus, minus));
    if (!isComplete) return { number: '', text: say('Measuring the stored pictures…') };
    const all = rest.map((place) => ({ code: codeAt(place), value: this.#valueOf(evidence, measure, place) }));
    const known = all.filter(({ value }) => Number.isFinite(value));
    const codes = known.map(({ code }) => code);
    const values = known.map(({ value }) => value);
    return heldOut(measure, {
      along: shareAlong(codes, values, direction),
      all: shareOfAll(codes, values),
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
