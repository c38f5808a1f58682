import { say, sayNumber } from '../../state/texts.js';
import { button, paintTrack, passFocus } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/**
 * A slider over the snapshots of a run; its right end is the current step. Emits on its node:
 * `seek` (detail: the index of the snapshot, or null for the current step) and `branch` (detail:
 * the index).
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
    if (this.#index !== null) emit(this.node, 'branch', this.#index);
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

  /** Index of the snapshot that is shown; null for the current step. */
  get index() {
    return this.#index;
  }

  /** @param {number[]} steps of the snapshots */
  show(steps) {
    // The list is thinned as it grows: the shown snapshot is found again by its step.
    const shown = this.#index === null ? undefined : this.#steps[this.#index];
    const isSame = steps.length === this.#steps.length && steps.every((step, i) => step === this.#steps[i]);
    if (isSame) return;
    this.#steps = steps;
    if (shown !== undefined) {
      const found = steps.indexOf(shown);
      this.#index = found < 0 ? null : found;
      if (found < 0) emit(this.node, 'seek', null);
    }
    this.#draw();
  }

  /** Returns to the current step without an event. */
  reset() {
    this.#index = null;
    this.#draw();
  }

  /** @param {number | null} index */
  #go(index) {
    this.#index = index;
    this.#draw();
    emit(this.node, 'seek', index);
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
}
