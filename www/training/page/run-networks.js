/**
 * Answers a figure's questions about the networks of its run, at the current step or at an earlier snapshot: what they draw, how closely
 * they redraw held-out images, and their model files. The training controller passes requests to it. It must not change the run.
 */

import { show } from '../input/sources.js';
import { cardOf, companionsOf } from './run.js';

/**
 * @typedef {import('../protocol.js').Precision} Precision
 * @typedef {{index?: number}} At `index` of an earlier snapshot
 */

export class RunNetworks {
  #engine;
  #connection;
  #record;
  #state;

  /**
   * @param {import('../../engine/engine.js').Engine} engine
   * @param {import('./connection.js').Connection} connection
   * @param {import('./record.js').Record} record
   * @param {import('./run-state.js').RunState} state
   */
  constructor(engine, connection, record, state) {
    this.#engine = engine;
    this.#connection = connection;
    this.#record = record;
    this.#state = state;
  }

  /** @param {number | undefined} index @returns {import('../protocol.js').Snapshot | undefined} undefined for the current step */
  #snapshot(index) {
    return index === undefined ? undefined : this.#record.history.at(index);
  }

  /** Decodes a latent with each network; a newer request replaces a waiting one. @param {{latent: Float32Array}} args */
  draw({ latent }) {
    return this.#connection.tryPerform({ verb: 'draw', args: { latent } }, 'cursor');
  }

  /** Previews of a snapshot. @param {{index: number}} args */
  preview({ index }) {
    return this.#connection.perform({ verb: 'preview', args: { snapshot: this.#snapshot(index) } });
  }

  /** How closely each network of an experiment redraws held-out images. @param {At} [at] */
  appraise({ index } = {}) {
    return this.#connection.tryPerform({ verb: 'appraise', args: { snapshot: this.#snapshot(index) } });
  }

  /** Asks how closely principal components redraw held-out images; a later status has the answer. */
  components() {
    return this.#connection.perform({ verb: 'components' });
  }

  /**
   * Makes a model file of one network, and stored latents of the first images.
   * @param {{which: number, precision: Precision} & At} args
   */
  async save({ which, precision, index }) {
    const { run } = this.#state;
    if (!run) throw new Error('there is no training run');
    const snapshot = this.#snapshot(index);
    const steps = snapshot?.step ?? this.#state.step;
    // Only the first network can have a critic.
    const critic = which === 0 ? ((snapshot ?? this.#record.last)?.critic?.steps ?? []) : [];
    const { count, labels, originals, config } = companionsOf(run, which);
    const { file, mean, divergence } = await this.#connection.perform({
      verb: 'save',
      args: { which, precision, card: cardOf(run, steps, critic), count, snapshot },
    });
    const name = `${config.kind}-${config.latent}-step-${steps}.safetensors`;
    const own = /** @type {const} */ ('pictures');
    return { file, name, config, stored: { latent: config.latent, mean, divergence, labels, originals, own } };
  }

  /**
   * Shows the networks in the other figures of the page.
   * @param {{which: number} & At} args
   * @returns {Promise<string[]>} the figures that now show one
   */
  async use({ which, index }) {
    const both = this.#state.run?.settings.kind === 'both';
    const saved = [];
    for (const each of both ? [which, 1 - which] : [which]) {
      saved.push(await this.save({ which: each, precision: 'f32', index }));
    }
    return show(this.#engine, saved);
  }
}
