/**
 * Estimates the size of the networks, and the duration of an epoch on this machine, once the reader
 * has stopped changing settings. The figure that trains owns one. It must not create a run.
 */

import { retell } from '../../state/texts.js';
import { heldOutCount } from '../../training/input/held-out.js';
import { describe, summarize } from './estimate.js';

/**
 * @typedef {object} Parts of the figure
 * @property {import('./pictures.js').Pictures} pictures
 * @property {import('./setup.js').Setup} setup shows the estimate
 * @property {HTMLElement} summary shows the settings in one line
 */

/** Milliseconds before new settings are measured: the reader may still be typing. */
const TYPING = 500;

export class Estimator {
  #request;
  #settings;
  #parts;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /**
   * @param {import('../../training/page/requests.js').Request} request
   * @param {import('../../training/page/settings.js').Settings} settings of the figure, changed in place
   * @param {Parts} parts
   */
  constructor(request, settings, parts) {
    this.#request = request;
    this.#settings = settings;
    this.#parts = parts;
  }

  /** Schedules a measurement of the settings. */
  renew() {
    clearTimeout(this.#typing);
    // The shown estimate is of earlier settings.
    this.#parts.setup.forget();
    this.#typing = setTimeout(() => this.#measure(), TYPING);
  }

  async #measure() {
    const { pictures, setup, summary } = this.#parts;
    const settings = this.#settings;
    const { value, problem } = await this.#request('measure', { settings, shape: pictures.shape });
    if (!value) return void (setup.estimate = retell(problem));
    summary.textContent = summarize(settings, value);
    const trained = pictures.count - heldOutCount(pictures.count, settings.held);
    setup.estimate = describe(value, trained * (settings.augment ? settings.copies : 1), settings);
  }

  destroy() {
    clearTimeout(this.#typing);
  }
}
