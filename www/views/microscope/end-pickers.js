import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { countOf, DIGITS, firstOf, placeOf } from '../parts/stored.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 * @typedef {import('../parts/stored.js').StoredLatents} StoredLatents
 */

/** The choices of the two stored pictures that a path connects: by digit, or by number where the pictures have no labels. */
export class EndPickers {
  #onChange;
  #ends = { from: this.#picker('from', say('From')), to: this.#picker('to', say('To')) };
  /** @type {StoredLatents | null} */
  #stored = null;

  /** @param {(changed: Partial<FigureState>) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
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

  /** @param {FigureState} state */
  show({ from, to }) {
    for (const [end, { select }] of Object.entries(this.#ends)) {
      const endpoint = end === 'from' ? from : to;
      const unlabeled = this.#unlabeled;
      select.value = String(unlabeled ? placeOf(unlabeled, endpoint) : endpoint.digit);
    }
  }

  /**
   * Paints small pictures of both ends beside their names.
   * @param {import('../../engine/engine.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba both pictures, stacked
   */
  paint(image, rgba) {
    Object.values(this.#ends).forEach(({ picture }, index) => picture.paint(image, rgba, index));
  }

  /** The stored pictures, if they have no labels. */
  get #unlabeled() {
    return this.#stored?.labels === null ? this.#stored : null;
  }

  /**
   * @param {'from' | 'to'} end
   * @param {string} label
   */
  #picker(end, label) {
    const select = h('select', { part: end }, ...DIGITS.map((digit) => h('option', { value: digit }, digit)));
    select.addEventListener('change', () => {
      const number = Number(select.value);
      const endpoint = this.#unlabeled ? { digit: 0, nth: number } : firstOf(this.#stored ?? undefined, number);
      this.#onChange({ [end]: endpoint });
    });
    const picture = new Picture({ 'aria-hidden': 'true' });
    const choice = h('span', { class: 'end-choice' }, picture.node, select);
    return {
      select,
      picture,
      node: h('label', { class: 'field', 'data-control': end }, h('span', { class: 'name' }, label), choice),
    };
  }
}
