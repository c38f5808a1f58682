import { say, sayNumber } from '../../state/texts.js';
import { button, paintTrack, passFocus } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/**
 * The moments of a run on a slider; its right end is now. Emits on its node: `look` (detail: the moment's index, or null for
 * now) and `branch` (detail: the index).
 */
export class TimeMachine {
  #slider = h('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    part: 'time',
    'aria-label': say('Time machine'),
  });
  #text = h('output', {});
  #now = button(say('Back to now'), 'now', () => this.#go(null));
  #branch = button(say('Continue from here'), 'branch', () => {
    if (this.#index !== null) this.#emit('branch', this.#index);
  });
  /** @type {number[]} */
  #steps = [];
  /** @type {number | null} */
  #index = null;

  constructor() {
    const label = h('span', { class: 'name' }, say('Time machine'), ' ', this.#text);
    this.node = h(
      'div',
      { class: 'time-machine' },
      h('label', { class: 'field', 'data-control': 'time' }, label, this.#slider),
      h('div', { class: 'row' }, this.#branch, this.#now),
    );
    this.#slider.addEventListener('input', () => {
      const value = this.#slider.valueAsNumber;
      this.#go(value >= this.#steps.length ? null : value);
    });
    this.#draw();
  }

  /** The moment that is looked at; null is now. */
  get index() {
    return this.#index;
  }

  /** @param {number[]} steps of the moments */
  show(steps) {
    // The list is thinned as it grows: what is looked at is found again by its step.
    const looked = this.#index === null ? undefined : this.#steps[this.#index];
    const isSame = steps.length === this.#steps.length && steps.every((step, i) => step === this.#steps[i]);
    if (isSame) return;
    this.#steps = steps;
    if (looked !== undefined) {
      const found = steps.indexOf(looked);
      this.#index = found < 0 ? null : found;
      if (found < 0) this.#emit('look', null);
    }
    this.#draw();
  }

  /** Shows now again, without asking for it. */
  rest() {
    this.#index = null;
    this.#draw();
  }

  /** @param {number | null} index */
  #go(index) {
    this.#index = index;
    this.#draw();
    this.#emit('look', index);
  }

  #draw() {
    const isPast = this.#index !== null;
    this.#slider.max = String(Math.max(1, this.#steps.length));
    this.#slider.value = String(this.#index ?? this.#slider.max);
    this.#slider.disabled = this.#steps.length === 0;
    this.#text.value = isPast ? say('step {step}', { step: sayNumber(this.#steps[this.#index ?? 0]) }) : say('now');
    this.#slider.setAttribute('aria-valuetext', this.#text.value);
    paintTrack(this.#slider);
    passFocus(this.node, this.#slider, () => {
      this.#now.disabled = this.#branch.disabled = !isPast;
    });
  }

  /**
   * @param {string} name
   * @param {number | null} detail
   */
  #emit(name, detail) {
    this.node.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
