import { say } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { countOf, DIGITS, firstOf, placeOf } from '../parts/stored.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 * @typedef {import('../parts/stored.js').StoredLatents} StoredLatents
 * @typedef {import('../parts/own/dialog.js').Taken} Taken
 * @typedef {'from' | 'to'} End
 */

const ENDS = /** @type {const} */ (['from', 'to']);

/** Value of the option that stands for a picture of the reader's. */
const OWN = 'own';

/**
 * The choices of the two pictures that a path connects: a stored one by digit, or by number where the pictures have no labels, or one of
 * the reader's, which is shown beside its redrawing.
 */
export class EndPickers {
  #onPick;
  #onOwn;
  #ends = { from: this.#picker('from', say('From')), to: this.#picker('to', say('To')) };
  /** @type {StoredLatents | null} */
  #stored = null;

  /**
   * @param {object} on
   * @param {(end: End, endpoint: import('../../state/state.js').Endpoint) => void} on.pick
   * @param {(end: End) => void} on.own
   */
  constructor(on) {
    this.#onPick = on.pick;
    this.#onOwn = on.own;
    this.node = h('div', { class: 'ends-row' }, this.#ends.from.node, this.#ends.to.node);
  }

  /** @param {StoredLatents} stored the pictures to choose from */
  offer(stored) {
    this.#stored = stored;
    if (stored.labels !== null) return;
    const named = (/** @type {number} */ number) =>
      stored.own === 'draws' ? say('Random code {number}', { number }) : say('Picture {number}', { number });
    const numbers = Array.from({ length: countOf(stored) }, (_, i) => i);
    for (const { select } of Object.values(this.#ends)) {
      select.replaceChildren(...numbers.map((i) => h('option', { value: i }, named(i + 1))));
    }
  }

  /**
   * @param {FigureState} state
   * @param {Record<End, Taken | null>} own pictures of the reader's
   */
  show(state, own) {
    const unlabeled = this.#unlabeled;
    for (const end of ENDS) {
      const { select, own: change, option } = this.#ends[end];
      const taken = own[end];
      option.remove();
      if (taken) select.prepend(option);
      select.value = taken ? OWN : String(unlabeled ? placeOf(unlabeled, state[end]) : state[end].digit);
      change.textContent = taken ? say('Change your picture') : say('Your picture');
    }
  }

  /**
   * Paints small pictures of both ends beside their names, or below them beside their originals.
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba both pictures, stacked
   * @param {(end: End, original: Picture) => boolean} draw draws the original of an end; false if there is none
   */
  paint(image, rgba, draw) {
    ENDS.forEach((end, index) => {
      const { picture, pair, original, redrawn } = this.#ends[end];
      const isKnown = draw(end, original);
      pair.hidden = !isKnown;
      picture.node.hidden = isKnown;
      for (const each of [picture, redrawn]) each.paint(image, rgba, index);
    });
  }

  /** The stored pictures, if they have no labels. */
  get #unlabeled() {
    return this.#stored?.labels === null ? this.#stored : null;
  }

  /**
   * @param {End} end
   * @param {string} label
   */
  #picker(end, label) {
    const select = h('select', { part: end }, ...DIGITS.map((digit) => h('option', { value: digit }, digit)));
    select.addEventListener('change', () => {
      if (select.value === OWN) return;
      const number = Number(select.value);
      this.#onPick(end, this.#unlabeled ? { digit: 0, nth: number } : firstOf(this.#stored ?? undefined, number));
    });
    const option = h('option', { value: OWN }, say('Your picture'));
    const [picture, original, redrawn] = [0, 1, 2].map(() => new Picture({ 'aria-hidden': 'true' }));
    const choice = h('span', { class: 'end-choice' }, picture.node, select);
    const pair = h(
      'div',
      { class: 'pair', hidden: true },
      h('div', {}, original.node, h('p', {}, say('Original'))),
      h('div', {}, redrawn.node, h('p', {}, say('Redrawn'))),
    );
    const own = button(say('Your picture'), `${end}-own`, () => this.#onOwn(end));
    const field = h('label', { class: 'field', 'data-control': end }, h('span', { class: 'name' }, label), choice);
    return {
      ...{ select, option, picture, pair, original, redrawn, own },
      node: h('div', { class: 'own-end', 'data-end': end, role: 'group', 'aria-label': label }, field, pair, own),
    };
  }
}
