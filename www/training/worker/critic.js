/**
 * A network that trains against a critic, for the session: it takes the place of the run's first network. Its steps are the core's
 * `Sharpener`, on this worker alone. See docs/design/training-run.md.
 */

import { exact } from '../halves.js';
import { repeated } from './group.js';

/**
 * @typedef {import('../critic.js').Critic} Critic
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('../../pkg/training/latent_lab.js').Model} Model
 */

export class CriticNetwork {
  #bindings;
  #config;
  #plain;
  /** @type {import('../../pkg/training/latent_lab.js').Sharpener | null} */
  #sharpener = null;
  /** Adam's moments from before the critic, for training without it later. */
  #moments = new Float32Array();

  /**
   * @param {Bindings} bindings
   * @param {RunConfig} config
   * @param {Network} plain the network without a critic; it waits
   */
  constructor(bindings, config, plain) {
    this.#bindings = bindings;
    this.#config = config;
    this.#plain = plain;
  }

  /** It exists once the network has been restored. */
  get #run() {
    return /** @type {import('../../pkg/training/latent_lab.js').Sharpener} */ (this.#sharpener);
  }

  /**
   * A step of both sides.
   * @param {unknown} _ options of a step without a critic
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   */
  async step(_, pacer) {
    for (;;) {
      const losses = this.#run.stepPart();
      if (losses) return losses;
      await pacer.breatheIfDue();
    }
  }

  /** No other worker can share these steps. */
  share() {}

  /**
   * Runs `work` on a copy of the network, with the moving average of its weights.
   * @template T
   * @param {(model: Model) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async with(work) {
    const model = this.#run.model();
    try {
      return await work(model);
    } finally {
      model.free();
    }
  }

  /**
   * The critic's verdict on each image.
   * @param {Float32Array} values [n, channels, height, width], 0 to 1
   */
  verdicts(values) {
    return this.#run.verdicts(values);
  }

  /** The state from which the run continues without the critic: averaged weights, and the moments from before it. */
  async state() {
    const [, average] = this.#run.state();
    const state = new Float32Array(average.length + this.#moments.length);
    state.set(average);
    state.set(this.#moments, average.length);
    return state;
  }

  /** @returns {{states: Float32Array[], rest: Float32Array}} the parts of the critic in a snapshot beside `state` */
  critic() {
    const [network, , critic, rest] = this.#run.state();
    return { states: [network, critic], rest };
  }

  /**
   * @param {Float32Array} state
   * @param {number} step
   * @param {Critic} [critic]
   */
  async restore(state, step, critic) {
    const { configs, seed, batch, augment } = this.#config;
    const parameters = state.length / 3;
    const sharpener = new this.#bindings.Sharpener(configs[0], { seed, batch, augment }, state, repeated(this.#config));
    this.#sharpener?.free();
    this.#sharpener = sharpener;
    this.#moments = state.slice(parameters);
    if (!critic?.states || !critic.rest) return;
    const [network, judge] = critic.states.map(exact);
    sharpener.restore(
      joined([network, state.subarray(0, parameters), judge, critic.rest]),
      step - (critic.steps.at(-1) ?? 0),
    );
  }

  /** Frees the critic. @returns {Network} the network without it */
  leave() {
    this.#sharpener?.free();
    this.#sharpener = null;
    return this.#plain;
  }

  free() {
    return this.leave().free();
  }
}

/** @param {Float32Array[]} parts */
function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
