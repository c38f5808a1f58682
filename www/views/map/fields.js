import { Breaks } from '../parts/breaks.js';
import { logDensities, mixtureOf } from '../parts/mixture.js';
import { roundTrip } from '../parts/round-trip.js';

/**
 * @typedef {import('./levels.js').Field} Field
 * @typedef {'density' | 'error'} Shown
 *
 * @typedef {object} Part
 * @property {Field} field
 * @property {Float32Array} latents [n, 2] of its nodes
 * @property {number} done nodes that have their values
 */

/** Nodes in a row: a density is cheap, and an error takes three passes through the network. */
const SIDES = { density: 97, error: 41 };

/** Number of nodes to compute at once, so that requests of the cursor, and frames, need not wait long. */
const AT_ONCE = { density: 97, error: 10 };

/** Computes the field that a lens paints over a plane, once for each plane. */
export class Fields {
  #ask;
  #model;
  /** Fields, whole or in part: one that was interrupted continues where it stopped. @type {Map<string, Part>} */
  #parts = new Map();
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
   * @returns {Promise<Field | null>} null if something else was requested meanwhile
   */
  async get(lens, extent, onProgress) {
    const run = ++this.#run;
    const key = `${lens} ${extent}`;
    const part = this.#parts.get(key) ?? (await this.#begin(key, lens, extent));
    const { field, latents } = part;
    const { values } = field;
    while (part.done < values.length) {
      await this.#breaks.pause();
      if (run !== this.#run) return null;
      onProgress(part.done / values.length);
      const codes = latents.slice(2 * part.done, 2 * (part.done + AT_ONCE[lens]));
      const found = await this.#values(lens, codes, () => run === this.#run);
      if (!found || run !== this.#run) return null;
      values.set(found, part.done);
      part.done += found.length;
    }
    return run === this.#run ? field : null;
  }

  /**
   * @param {string} key
   * @param {Shown} lens
   * @param {number} extent
   * @returns {Promise<Part>}
   */
  async #begin(key, lens, extent) {
    const side = SIDES[lens];
    const latents = await this.#ask('grid', { columns: side, rows: side, extent }, 'lens grid');
    const part = { latents, field: { side, values: new Float32Array(side * side) }, done: 0 };
    this.#parts.set(key, part);
    return part;
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

  /** Stops the computation. */
  stop() {
    this.#run += 1;
  }

  /**
   * @param {Shown} lens
   * @param {Float32Array} latents
   * @param {() => boolean} isCurrent
   */
  async #values(lens, latents, isCurrent) {
    const model = this.#model;
    if (lens === 'density') return this.densities(latents);
    const found = await roundTrip((verb, args) => this.#ask(verb, args, 'lens'), model, latents, 2, isCurrent);
    return found && found.distance;
  }
}
