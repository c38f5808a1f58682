import { say, written } from '../../state/texts.js';
import { withoutPrior } from '../parts/lens-words.js';
import { h } from '../parts/dom.js';
import { Chart } from './chart.js';
import { FRAMES, ROW } from './frames.js';

/**
 * @typedef {import('./paths.js').Path} Path
 * @typedef {import('./measures.js').Measured} Measured
 */

/** Positions of the middles of the first and the last step. */
const MIDDLES = /** @type {const} */ ([0.5 / (ROW - 1), 1 - 0.5 / (ROW - 1)]);

/** Curves of all paths over the position: lengths of steps, certainty, and density. */
export class Charts {
  #steps = new Chart(say('Distance from one picture to the next'), 'steps');
  #certainty = new Chart(say('How sure a classifier of codes is'), 'certainty');
  #density = new Chart(say('Log density of the fitted prior; shaded, 90% of the stored pictures'), 'density');
  #without = h('p', { class: 'hint', hidden: true });
  nodes = [...this.#steps.nodes, ...this.#certainty.nodes, ...this.#density.nodes, this.#without];

  /**
   * Makes room for the curves that will be shown.
   * @param {{hasClassifier: boolean, hasPrior: boolean}} measures
   */
  prepare({ hasClassifier, hasPrior }) {
    this.#certainty.hidden = !hasClassifier;
    this.#density.hidden = !hasPrior;
    this.#without.hidden = hasClassifier || hasPrior;
    this.#without.textContent = withoutPrior();
  }

  /**
   * @param {Partial<Record<Path, Measured>>} measured
   * @param {import('./measures.js').Measures} measures
   */
  show(measured, { hasClassifier, band }) {
    const series = (/** @type {(each: Measured) => Float32Array} */ values) =>
      Object.fromEntries(Object.entries(measured).map(([path, each]) => [path, values(each)]));
    const steps = series((each) => each.steps);
    const highest = Math.max(...Object.values(steps).flatMap((values) => [...values]));
    this.#steps.show({
      series: steps,
      reach: MIDDLES,
      range: [0, highest],
      format: (value) => written(value.toFixed(1)),
    });
    this.prepare({ hasClassifier, hasPrior: band !== null });
    const percent = (/** @type {number} */ share) => say('{percent}%', { percent: Math.round(100 * share) });
    if (hasClassifier) {
      const certainty = series(({ verdicts }) => Float32Array.from(verdicts ?? [], (each) => each.certainty));
      this.#certainty.show({ series: certainty, range: [0, 1], format: percent });
    }
    if (band) {
      const density = series(({ densities }) => densities ?? new Float32Array(FRAMES));
      this.#density.show({ series: density, band, format: (value) => written(value.toFixed(0)) });
    }
  }
}
