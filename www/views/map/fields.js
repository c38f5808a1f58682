import { logDensities, mixtureOf } from '../parts/mixture.js';
import { roundTrip } from '../parts/round-trip.js';

/**
 * @typedef {import('./levels.js').Field} Field
 * @typedef {'density' | 'error'} Shown
 */

/** Nodes in a row: a density costs little, and an error three passes through the network. */
const SIDES = { density: 97, error: 41 };

/** Computes what a lens paints over a plane, once for each plane. */
export class Fields {
  #ask;
  #model;
  /** @type {Map<string, Field>} */
  #known = new Map();
  /** @type {Promise<import('../parts/mixture.js').Mixture | null> | undefined} */
  #prior;
  #run = 0;

  /**
   * @param {import('../parts/view.js').View['ask']} ask
   * @param {string} model of two dimensions
   */
  constructor(ask, model) {
    this.#ask = ask;
    this.#model = model;
  }

  /**
   * @param {Shown} lens
   * @param {number} extent
   * @param {(share: number) => void} onProgress
   * @returns {Promise<Field | null>} null if something else has been asked for meanwhile
   */
  async get(lens, extent, onProgress) {
    const run = ++this.#run;
    const key = `${lens} ${extent}`;
    const known = this.#known.get(key);
    if (known) return known;
    const side = SIDES[lens];
    const latents = await this.#ask('grid', { columns: side, rows: side, extent }, 'lens grid');
    const values = new Float32Array(side * side);
    // Row by row, so that requests of the cursor need not wait for long.
    const rows = lens === 'density' ? side : 1;
    for (let row = 0; row < side; row += rows) {
      if (run !== this.#run) return null;
      onProgress(row / side);
      const codes = latents.slice(row * side * 2, (row + rows) * side * 2);
      values.set(await this.#values(lens, codes), row * side);
    }
    if (run !== this.#run) return null;
    const field = { side, values };
    this.#known.set(key, field);
    return field;
  }

  /**
   * Log densities of the model's fitted prior.
   * @param {Float32Array} latents [n, 2]
   */
  async densities(latents) {
    this.#prior ??= this.#ask('prior', { model: this.#model }).then((parts) => mixtureOf(parts, 2));
    const mixture = await this.#prior;
    return mixture ? logDensities(mixture, latents) : new Float32Array(latents.length / 2);
  }

  /** Stops what is being computed. */
  stop() {
    this.#run += 1;
  }

  /**
   * @param {Shown} lens
   * @param {Float32Array} latents
   */
  async #values(lens, latents) {
    const model = this.#model;
    if (lens === 'density') return this.densities(latents);
    const { distance } = await roundTrip((verb, args) => this.#ask(verb, args, 'lens'), model, latents, 2);
    return distance;
  }
}
