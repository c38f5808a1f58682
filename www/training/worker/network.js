import { GroupEnded } from './group.js';

/**
 * One network of a run, for the session. On a GPU two calls must not overlap, so each waits for the previous one. Between the parts of a
 * step the network can draw.
 */
export class Network {
  #trainer;
  /** @type {import('./leader.js').Leader | null} shares the steps with other workers */
  #leader = null;
  #index = 0;
  /** @type {Promise<unknown>} resolves once the trainer is free */
  #queue = Promise.resolve();

  /** @param {import('../../pkg/training/latent_lab.js').Trainer} trainer */
  constructor(trainer) {
    this.#trainer = trainer;
  }

  /**
   * @param {import('../../pkg/training/latent_lab.js').StepOptions} options
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   * @returns {Promise<import('../protocol.js').Losses>}
   */
  async step(options, pacer) {
    if (this.#leader) {
      try {
        return await this.#leader.step(this.#index, options, (call) => this.#call(async (trainer) => call(trainer)));
      } catch (error) {
        if (!(error instanceof GroupEnded)) throw error;
        // The same step, alone: its bits do not depend on who computes it.
        await this.#call(async (trainer) => trainer.giveUpStep());
      }
    }
    for (;;) {
      const losses = await this.#call((trainer) => trainer.stepPart(options));
      if (losses) return losses;
      await pacer.breatheIfDue();
    }
  }

  /**
   * Shares the following steps with other workers, or takes them alone.
   * @param {import('./leader.js').Leader | null} leader
   * @param {number} index of the network in its run
   */
  share(leader, index) {
    this.#leader = leader;
    this.#index = index;
  }

  /**
   * Runs `work` on a copy of the network at its current step.
   * @template T
   * @param {(model: import('../../pkg/training/latent_lab.js').Model) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async with(work) {
    const model = await this.#call((trainer) => trainer.model());
    try {
      return await work(model);
    } finally {
      model.free();
    }
  }

  /** @returns {Promise<Float32Array>} [3, parameters] */
  state() {
    return this.#call((trainer) => trainer.state());
  }

  /**
   * @param {Float32Array} state
   * @param {number} steps
   */
  restore(state, steps) {
    return this.#call((trainer) => trainer.restore(state, steps));
  }

  /** Frees the trainer; the network must not be used afterward. */
  free() {
    return this.#call(async (trainer) => trainer.free());
  }

  /**
   * @template T
   * @param {(trainer: import('../../pkg/training/latent_lab.js').Trainer) => Promise<T>} call
   * @returns {Promise<T>}
   */
  #call(call) {
    const done = this.#queue.then(() => call(this.#trainer));
    this.#queue = done.catch(() => {});
    return done;
  }
}
