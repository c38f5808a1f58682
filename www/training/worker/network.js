/**
 * One of the networks of a run. On a GPU two calls must not overlap, so each waits for the one before; between the parts of
 * a step, and so between any two steps, the network can be drawn with.
 */
export class Network {
  #trainer;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /** @param {import('../../pkg/cpu/latent_lab.js').Trainer} trainer */
  constructor(trainer) {
    this.#trainer = trainer;
  }

  /**
   * @param {import('../../pkg/cpu/latent_lab.js').StepOptions} options
   * @param {import('./pacer.js').Pacer} pacer lets others in between
   * @returns {Promise<import('./session.js').Losses>}
   */
  async step(options, pacer) {
    for (;;) {
      const losses = await this.#call((trainer) => trainer.stepPart(options));
      if (losses) return losses;
      await pacer.breatheIfDue();
    }
  }

  /**
   * What `work` makes of the network as it is now.
   * @template T
   * @param {(model: import('../../pkg/cpu/latent_lab.js').Model) => Promise<T>} work
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

  /** It is not used again. */
  free() {
    return this.#call(async (trainer) => trainer.free());
  }

  /**
   * @template T
   * @param {(trainer: import('../../pkg/cpu/latent_lab.js').Trainer) => Promise<T>} call
   * @returns {Promise<T>}
   */
  #call(call) {
    const turn = this.#turn.then(() => call(this.#trainer));
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
