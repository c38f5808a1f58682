import { say } from '../../state/texts.js';
import { button, paintTrack, playButton } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/** Duration of a step of the animation. */
const STEP_MILLISECONDS = 650;

/** Controls for a number of steps: play, back, step, and a slider. Emits `step` on its node (detail: {isPlaying}). */
export class Stepper {
  #count = 1;
  #step = 0;
  #isPlaying = false;
  #mayRun = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #play = playButton(() => this.#toggle());
  #back = button(say('Back'), 'back', () => this.#stepBy(-1));
  #next = button(say('Step'), 'step', () => this.#stepBy(1));
  #slider;
  #output = h('output', { 'aria-hidden': 'true' });

  /** @param {string} label of the slider */
  constructor(label) {
    this.#slider = h('input', { type: 'range', part: 'steps', min: 0, max: 1, step: 1 });
    const field = h(
      'label',
      { class: 'field', 'data-control': 'steps' },
      h('span', { class: 'name' }, label, ' ', this.#output),
      this.#slider,
    );
    this.node = h(
      'div',
      { class: 'stepper' },
      h('div', { class: 'row', role: 'group', 'aria-label': label }, this.#play.node, this.#back, this.#next),
      field,
    );
    this.#slider.addEventListener('input', () => {
      this.#pause();
      this.#go(this.#slider.valueAsNumber);
    });
  }

  /** Number of steps done. */
  get step() {
    return this.#step;
  }

  /**
   * @param {number} step
   * @param {number} count
   */
  set(step, count) {
    this.#count = count;
    this.#step = Math.min(step, count);
    this.#slider.max = String(count);
    this.#show();
  }

  /** @param {boolean} mayRun false off the screen */
  set mayRun(mayRun) {
    this.#mayRun = mayRun;
    this.#schedule();
  }

  #toggle() {
    this.#isPlaying = !this.#isPlaying;
    if (this.#isPlaying && this.#step === this.#count) this.#go(0);
    this.#play.set(this.#isPlaying);
    this.#schedule();
  }

  #pause() {
    this.#isPlaying = false;
    this.#play.set(false);
    clearTimeout(this.#timer);
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (!this.#isPlaying || !this.#mayRun) return;
    this.#timer = setTimeout(() => {
      this.#go(this.#step + 1);
      if (this.#step === this.#count) this.#pause();
      else this.#schedule();
    }, STEP_MILLISECONDS);
  }

  /** @param {number} by */
  #stepBy(by) {
    this.#pause();
    this.#go(this.#step + by);
  }

  /** @param {number} step */
  #go(step) {
    this.#step = Math.min(this.#count, Math.max(0, step));
    this.#show();
    emit(this.node, 'step', { isPlaying: this.#isPlaying });
  }

  #show() {
    this.#slider.value = String(this.#step);
    this.#output.value = say('{step} of {count}', { step: this.#step, count: this.#count });
    this.#slider.setAttribute('aria-valuetext', this.#output.value);
    paintTrack(this.#slider);
    // `disabled` would remove the focus.
    this.#back.setAttribute('aria-disabled', String(this.#step === 0));
    this.#next.setAttribute('aria-disabled', String(this.#step === this.#count));
  }
}
