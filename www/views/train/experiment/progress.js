import { say, sayNumber, written } from '../../../state/texts.js';
import { h } from '../../parts/dom.js';
import { duration } from '../words.js';

/** Milliseconds between two announcements to screen readers. */
const SPOKEN = 10_000;

/** The progress of an experiment, in words. */
export class ExperimentProgress {
  #status = h('p', { class: 'train-status', part: 'status' });
  #spoken = h('p', { class: 'unseen', role: 'status' });
  #lastSpoken = 0;

  constructor() {
    this.nodes = [this.#status, this.#spoken];
  }

  /** @param {string} text */
  set text(text) {
    this.#status.textContent = text;
    if (!text) this.#spoken.textContent = '';
  }

  /**
   * @param {import('../../../training/page/types.js').RunStatus} status
   * @param {number} until the last step
   */
  show({ phase, isWaiting, step, rate }, until) {
    const words = [say('Step {step} of {until}', { step: sayNumber(step), until: sayNumber(until) })];
    const speed = rate.seconds > 0 ? rate.steps / rate.seconds : 0;
    if (phase === 'running' && speed > 0) {
      words.push(say('{count} steps per second', { count: written(speed.toFixed(1)) }));
      if (step < until) words.push(say('{time} left', { time: duration((until - step) / speed) }));
    } else if (phase === 'paused') {
      if (isWaiting) words.push(say('waiting until the figure is on screen again'));
      else words.push(step < until ? say('paused') : say('done'));
    } else if (phase === 'stopped') words.push(say('stopped'));
    this.text = words.join(' · ');
    const now = performance.now();
    if (phase !== 'running' || now < this.#lastSpoken + SPOKEN) return;
    this.#lastSpoken = now;
    this.#spoken.textContent = words[0];
  }
}
