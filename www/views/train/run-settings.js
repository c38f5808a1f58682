import { say, sayNumber, written } from '../../state/texts.js';
import { learningRateAt } from '../../training/learning-rate.js';
import { MOST_WORKERS } from '../../training/shards.js';
import { checkbox, slider } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** @typedef {import('../../training/page/settings.js').Settings} Settings */

/** Steps of a slider over exponents, for quantities that span decades. */
const STEPS = 100;
const RATES = /** @type {const} */ ([-5, -1]);
const BETAS = /** @type {const} */ ([-2, 2]);

/** Numbers of steps over which the learning rate may fall. */
const FALLS = [
  0, 250, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
];

/** The run settings, which may change between steps. Emits `set` on its node (detail: the changed settings). */
export class RunSettings {
  #beta;
  #rate;
  #fall;
  #pace;
  #threads;
  #awake;
  /** Steps taken. */
  #step = 0;
  /** Exact values of the sliders over exponents, whose own steps only approximate them. */
  #exact = { beta: NaN, learningRate: NaN, fall: NaN };

  /** @param {Settings} settings */
  constructor(settings) {
    this.#beta = slider({
      label: say('Beta, the weight of the KL'),
      part: 'beta',
      min: -1,
      max: STEPS,
      step: 1,
      value: 0,
      format: (at) => short(at === betaPlace(this.#exact.beta) ? this.#exact.beta : betaAt(at)),
    });
    this.#rate = slider({
      label: say('Learning rate'),
      part: 'learning-rate',
      min: 0,
      max: STEPS,
      step: 1,
      value: 0,
      format: (at) =>
        short(at === place(this.#exact.learningRate, RATES) ? this.#exact.learningRate : power(at, RATES)),
    });
    this.#fall = slider({
      label: say('The learning rate falls'),
      part: 'fall',
      min: 0,
      max: FALLS.length - 1,
      step: 1,
      value: 0,
      format: (at) => this.#fallText(at === fallPlace(this.#exact.fall) ? this.#exact.fall : FALLS[at]),
    });
    this.#pace = slider({
      label: say('Pace'),
      part: 'pace',
      min: 0.1,
      max: 1,
      step: 0.05,
      value: 1,
      format: (pace) =>
        pace === 1 ? say('fast') : say('polite, {percent}% of the time', { percent: Math.round(pace * 100) }),
    });
    this.#threads = slider({
      label: say('Processors'),
      part: 'threads',
      min: 0,
      max: MOST_WORKERS,
      step: 1,
      value: 0,
      format: (threads) => (threads === 0 ? say('as many as pay off') : String(threads)),
    });
    this.#awake = checkbox(say('Continue while the tab is hidden'), settings.awake, 'awake', (awake) =>
      this.#emit({ awake }),
    );
    this.#beta.input.addEventListener('input', () => this.#emit({ beta: betaAt(this.#beta.input.valueAsNumber) }));
    this.#rate.input.addEventListener('input', () =>
      this.#emit({ learningRate: power(this.#rate.input.valueAsNumber, RATES) }),
    );
    this.#fall.input.addEventListener('input', () => this.#emit({ fall: FALLS[this.#fall.input.valueAsNumber] }));
    this.#pace.input.addEventListener('input', () => this.#emit({ pace: this.#pace.input.valueAsNumber }));
    this.#threads.input.addEventListener('change', () => this.#emit({ threads: this.#threads.input.valueAsNumber }));
    this.node = h(
      'div',
      { class: 'run-settings' },
      this.#beta.node,
      this.#rate.node,
      this.#fall.node,
      this.#pace.node,
      this.#threads.node,
      this.#awake.node,
    );
    this.set(settings);
  }

  /** @param {Settings} settings */
  set({ beta, learningRate, fall, pace, threads, awake, kind }) {
    this.#exact = { beta, learningRate, fall };
    this.#beta.set(betaPlace(beta));
    this.#rate.set(place(learningRate, RATES));
    this.#fall.set(fallPlace(fall));
    this.#pace.set(pace);
    this.#threads.set(threads);
    this.#awake.input.checked = awake;
    this.#beta.input.disabled = kind === 'autoencoder';
  }

  /**
   * Shows the learning rate of the current step, where it falls.
   * @param {number} step number of steps taken
   */
  follow(step) {
    if (step === this.#step) return;
    this.#step = step;
    // Screen readers say each change of a slider that has the focus.
    const { input } = this.#fall;
    if (!input.matches(':focus')) this.#fall.set(input.valueAsNumber);
  }

  /** @param {number} fall */
  #fallText(fall) {
    if (fall === 0) return say('never');
    const steps = sayNumber(fall);
    if (this.#step === 0) return say('to a tenth, over {steps} steps', { steps });
    const now = learningRateAt(this.#step, { learningRate: this.#exact.learningRate, fall });
    return say('to a tenth, over {steps} steps; now {rate}', { steps, rate: short(Number(now.toPrecision(2))) });
  }

  /** @param {Partial<Settings>} changed */
  #emit(changed) {
    this.node.dispatchEvent(new CustomEvent('set', { detail: changed }));
  }
}

/** The slider's left end is zero. @param {number} at */
function betaAt(at) {
  return at < 0 ? 0 : power(at, BETAS);
}

/** @param {number} beta */
function betaPlace(beta) {
  return beta === 0 ? -1 : place(beta, BETAS);
}

/** The closest place on its slider. @param {number} fall */
function fallPlace(fall) {
  const distances = FALLS.map((each) => Math.abs(each - fall));
  return distances.indexOf(Math.min(...distances));
}

/**
 * @param {number} at
 * @param {readonly [number, number]} range of exponents
 */
function power(at, [low, high]) {
  return Number((10 ** (low + ((high - low) * at) / STEPS)).toPrecision(2));
}

/**
 * @param {number} value
 * @param {readonly [number, number]} range
 */
function place(value, [low, high]) {
  return Math.round(((Math.log10(value) - low) / (high - low)) * STEPS);
}

/** @param {number} value */
function short(value) {
  return written(value >= 0.001 || value === 0 ? Number(value.toPrecision(3)) : value.toExponential(1));
}
