import { Breaks } from '../parts/breaks.js';
import { logDensities, mixtureOf } from '../parts/mixture.js';
import { roundTrip } from '../parts/round-trip.js';

/**
 * @typedef {import('./levels.js').Field} Field
 * @typedef {'density' | 'error'} Shown
 */

/** Nodes in a row: a density costs little, and an error three passes through the network. */
const SIDES = { density: 97, error: 41 };

/** Nodes that are computed at once, so that requests of the cursor and frames need not wait for long. */
const AT_ONCE = { density: 97, error: 10 };

/** Computes what a lens paints over a plane, once for each plane. */
export class Fields {
  #ask;
  #model;
  /** @type {Map<string, Field>} */
  #known = new Map();
  /** @type {Promise<import('../parts/mixture.js').Mixture | null> | undefined} */
  #prior;
  #run = 0;
  #breaks = new Breaks();

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
    for (let first = 0; first < values.length; first += AT_ONCE[lens]) {
      await this.#breaks.pause();
      if (run !== this.#run) return null;
      onProgress(first / values.length);
      const codes = latents.slice(2 * first, 2 * (first + AT_ONCE[lens]));
      values.set(await this.#values(lens, codes), first);
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

  /** The reader moves the cursor. */
  moved() {
    this.#breaks.moved();
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
