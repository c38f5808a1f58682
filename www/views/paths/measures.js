import { logDensities, mixtureOf } from '../parts/mixture.js';
import { CLEAR, classifierOf, classify } from './classifier.js';
import { ROW_FRAMES, stepLengths } from './frames.js';

/**
 * The measurements along a path. Each frame is encoded, even on paths that were decoded from codes: a cross-fade has no codes of its own,
 * and all paths must be measured in the same way.
 *
 * @typedef {object} Measured
 * @property {Float32Array} steps lengths of the steps from one picture of the row to the next
 * @property {import('./classifier.js').Verdict[] | null} verdicts of the frames; null without a classifier
 * @property {Float32Array | null} densities natural logarithms of the fitted prior's densities at the frames; null without one
 *
 * @typedef {object} Summary over the pictures of the row
 * @property {number} mean length of a step
 * @property {number} largest as a multiple of the mean; 1 if nothing changes
 * @property {number | null} clear share of the pictures between the ends that are clear; null without a classifier
 * @property {number | null} typical share of these pictures whose density is within the band; null without a fitted prior
 */

/** Shares of the stored codes with a lower density than each end of the band. */
const BAND = /** @type {const} */ ([0.05, 0.95]);

/** Measures paths by a model's stored codes and its fitted prior. */
export class Measures {
  #classifier;
  #mixture;
  #codes;
  /** @type {readonly [number, number] | null | undefined} */
  #band;

  /**
   * @param {import('../parts/stored.js').StoredLatents} stored
   * @param {Float32Array} prior empty without one
   */
  constructor(stored, prior) {
    this.#classifier = classifierOf(stored);
    this.#mixture = mixtureOf(prior, stored.latent);
    this.#codes = stored.mean;
  }

  /**
   * Range of the densities of nine in ten stored codes; null without a fitted prior. Computed on first use, to keep the first task short.
   */
  get band() {
    this.#band ??= this.#mixture && bandOf(logDensities(this.#mixture, this.#codes));
    return this.#band;
  }

  get hasClassifier() {
    return this.#classifier !== null;
  }

  /**
   * @param {Uint8ClampedArray} rgba the path's frames, stacked
   * @param {number} channels
   * @param {Float32Array} codes of the encoded frames
   * @returns {Measured}
   */
  of(rgba, channels, codes) {
    return {
      steps: stepLengths(rgba, channels),
      verdicts: this.#classifier && classify(this.#classifier, codes),
      densities: this.#mixture && logDensities(this.#mixture, codes),
    };
  }

  /**
   * @param {Measured} measured
   * @returns {Summary}
   */
  summary({ steps, verdicts, densities }) {
    const mean = steps.reduce((a, b) => a + b) / steps.length;
    const between = ROW_FRAMES.slice(1, -1);
    const share = (/** @type {(frame: number) => boolean} */ holds) => between.filter(holds).length / between.length;
    const { band } = this;
    return {
      mean,
      largest: mean > 0 ? Math.max(...steps) / mean : 1,
      clear: verdicts && share((frame) => verdicts[frame].certainty >= CLEAR),
      typical: densities && band && share((frame) => densities[frame] >= band[0] && densities[frame] <= band[1]),
    };
  }
}

/**
 * @param {Float32Array} densities
 * @returns {readonly [number, number]}
 */
function bandOf(densities) {
  const sorted = densities.slice().sort();
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))];
  return [at(BAND[0]), at(BAND[1])];
}
