import { say, sayCount, sayNumber, written } from '../../state/texts.js';
import { epochOf, isOn } from '../../training/critic.js';
import { sizeOf } from '../../training/page/settings.js';
import { h } from '../parts/dom.js';
import { duration } from './words.js';

/** @typedef {import('../../training/page/types.js').RunStatus} RunStatus */

/** Milliseconds between two announcements to screen readers. */
const SPOKEN = 10_000;

/** Shortest epoch for which the remaining time is shown, in seconds. */
const LONG = 10;

/** The progress of a run, in words. */
export class Progress {
  #status = h('p', { class: 'train-status', part: 'status' });
  #spoken = h('p', { class: 'unseen', role: 'status' });
  #lastSpoken = 0;

  constructor() {
    this.nodes = [this.#status, this.#spoken];
  }

  /** @param {string} text */
  set text(text) {
    this.#status.textContent = text;
  }

  /** Empties the texts when there is no run. */
  clear() {
    this.text = '';
    this.#spoken.textContent = '';
    this.#lastSpoken = 0;
  }

  /**
   * @param {RunStatus} status
   * @param {object} run
   * @param {import('../../training/page/settings.js').Settings} run.settings
   * @param {import('../../training/page/types.js').DataSet} run.data the training pictures
   * @param {string} run.heldOut the loss on held-out pictures in words, for screen readers; empty without one
   */
  show({ phase, isWaiting, step, rate, critic }, { settings, data: { shape, pixels }, heldOut }) {
    const { batch, augment, copies } = settings;
    const pictures = (pixels.length / sizeOf(shape)) * (augment ? copies : 1);
    const { epoch, steps } = epochOf({ step, critic }, { pictures, batch });
    const speed = rate.seconds > 0 ? rate.steps / rate.seconds : 0;
    const words = [
      say('Step {step}', { step: sayNumber(step) }),
      say('epoch {epoch}', { epoch: written(epoch.toFixed(steps > 1 ? 1 : 0)) }),
    ];
    if (phase === 'running' && speed > 0) {
      words.push(
        say('{count} steps per second', { count: written(speed.toFixed(1)) }),
        sayCount(Math.round((speed * pictures) / steps), 'one picture per second', '{count} pictures per second'),
      );
      if (steps / speed > LONG) {
        words.push(say('{time} left in this epoch', { time: duration(((1 - (epoch % 1)) * steps) / speed) }));
      }
    } else if (phase === 'paused') {
      words.push(isWaiting ? say('waiting until the figure is on screen again') : say('paused'));
    } else if (phase === 'stopped') words.push(say('stopped'));
    if (isOn({ steps: critic })) words.push(say('with a critic, on one processor'));
    this.text = words.join(' · ');
    const now = performance.now();
    if (phase !== 'running' || now < this.#lastSpoken + SPOKEN) return;
    this.#lastSpoken = now;
    this.#spoken.textContent = [...words.slice(0, 2), heldOut].filter(Boolean).join(', ');
  }
}
