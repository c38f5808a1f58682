import { spreadOf } from '../parts/spread.js';
import { COUNT } from './panel.js';

/**
 * @typedef {object} Drawn a model that codes are drawn for
 * @property {string} model
 * @property {number} latent
 * @property {number} components of its fitted prior; 0 without one
 */

/** Draws the random codes of the current seed. */
export class RandomCodes {
  #view;
  /** @type {{seed: number, latent: number, draws: Promise<Float32Array>} | null} */
  #last = null;
  /** @type {Map<string, Promise<import('../parts/spread.js').Spread>>} by model */
  #spreads = new Map();

  /** @param {import('../parts/view.js').View} view */
  constructor(view) {
    this.#view = view;
  }

  /**
   * The codes for a model, drawn as the state says: from its fitted prior, if any, or from a standard normal that may be aimed at its own
   * codes.
   * @param {Drawn} drawn
   * @param {number} temperature
   */
  async of({ model, latent, components }, temperature) {
    const { seed, prior } = this.#view.state;
    if (prior !== 'normal' && components > 0) {
      return this.#view.ask('fittedDraws', { model, prior, seed, stream: 0, count: COUNT, temperature });
    }
    const draws = await this.#draws(latent);
    const spread = this.#view.state.fit ? await this.#spread(model) : null;
    const scale = Math.fround(temperature);
    return draws.map((value, i) => {
      const scaled = Math.fround(value * scale);
      return spread ? spread.mean[i % latent] + Math.fround(scaled * spread.deviation[i % latent]) : scaled;
    });
  }

  /**
   * The random numbers of the current seed, the same for all models with this latent size.
   * @param {number} latent
   */
  #draws(latent) {
    const { seed } = this.#view.state;
    if (this.#last?.seed !== seed || this.#last.latent !== latent) {
      this.#last = { seed, latent, draws: this.#view.ask('draws', { seed, stream: 0, count: COUNT * latent }) };
    }
    return this.#last.draws;
  }

  /** @param {string} model */
  #spread(model) {
    const known = this.#spreads.get(model);
    if (known) return known;
    const spread = this.#view.ask('stored', { model }).then(spreadOf);
    this.#spreads.set(model, spread);
    return spread;
  }
}
