import { say } from '../../state/texts.js';
import { FEWEST, measuredPart } from '../../training/input/held-out.js';
import { bits, totals } from '../../training/page/held-out-curve.js';
import { impliedDeviation, targetEntropy } from '../../training/page/measures.js';
import { sizeOf } from '../../training/page/settings.js';
import { h } from '../parts/dom.js';
import { Charts } from './charts.js';
import { heldOutCharts, linesOf } from './held-out-specs.js';
import { describe, speak } from './held-out-words.js';

/**
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {import('../../training/page/types.js').DataSet} DataSet
 *
 * @typedef {object} HeldOutRun
 * @property {Settings} settings whose beta may change
 * @property {boolean} isVariational of the first network
 * @property {boolean} hasBits it has a density, so that its loss can be given in bits
 * @property {number} dimensions number of values of a picture
 * @property {number} count of held-out pictures that are measured
 * @property {number} floor entropy of their values in nats; NaN for a Gaussian likelihood
 */

/** The losses of a run on held-out pictures: curves beside those of the training pictures, and the newest values in words. */
export class HeldOut {
  #charts = new Charts({ part: 'held-out', hasScale: false });
  #text = h('p', { class: 'count', part: 'held-out-text' });
  #about = h('p', { class: 'hint', part: 'held-out-about' });
  /** @type {HeldOutRun | null} null if no picture is held out */
  #run = null;
  /** The newest values in a few words, for screen readers; empty without any. */
  spoken = '';

  constructor() {
    this.width = this.#charts.width;
    this.node = h(
      'section',
      { class: 'held-out', hidden: true, 'aria-label': say('Held-out pictures') },
      h('p', { class: 'name' }, say('On held-out pictures, which training never sees')),
      this.#charts.node,
      this.#text,
      this.#about,
    );
  }

  /**
   * A run begins.
   * @param {Settings} settings shared with the run, which may change beta
   * @param {('variational' | 'autoencoder')[]} kinds of its networks
   * @param {DataSet} data with the held-out pictures
   */
  async begin(settings, kinds, data) {
    const dimensions = sizeOf(data.shape);
    const pixels = measuredPart(data);
    const isBernoulli = settings.likelihood === 'bernoulli';
    const floor = isBernoulli ? targetEntropy(pixels, dimensions) : NaN;
    const count = pixels.length / dimensions;
    const isVariational = kinds[0] === 'variational';
    const run = { settings, isVariational, hasBits: isVariational && !isBernoulli, dimensions, count, floor };
    this.#run = count > 0 ? run : null;
    this.spoken = this.#text.textContent = '';
    this.#charts.node.hidden = true;
    this.node.hidden = settings.held === 0;
    const lines = isBernoulli ? linesOf(data, floor) : [];
    this.#about.textContent =
      count > 0
        ? sourcesOf(lines, kinds)
        : say('With fewer than {count} pictures none is held out.', { count: FEWEST });
    if (count > 0) await this.#charts.begin(heldOutCharts(kinds, settings.likelihood, lines));
  }

  /** @param {import('../../training/page/types.js').RunStatus} status */
  show({ curve, heldOut }) {
    const run = this.#run;
    if (!run) return;
    const isEmpty = heldOut[0].length === 0;
    this.#charts.node.hidden = isEmpty;
    const losses = totals(heldOut, curve);
    const inBits = run.hasBits ? bits(heldOut, curve, { ...run, beta: run.settings.beta }) : null;
    this.#charts.show(inBits ? [...losses, inBits.fitted, inBits.implied] : losses);
    const newest = isEmpty ? null : newestOf(run, losses, inBits);
    this.#text.textContent = newest ? describe(newest) : '';
    this.spoken = newest ? speak(newest) : '';
  }

  destroy() {
    this.#charts.destroy();
  }
}

/**
 * @param {HeldOutRun} run
 * @param {number[][]} losses
 * @param {ReturnType<typeof bits> | null} inBits
 * @returns {import('./held-out-words.js').Newest}
 */
function newestOf({ isVariational, count, floor, settings }, [steps, heldOut, training], inBits) {
  const last = steps.length - 1;
  return {
    ...{ isVariational, count, floor, step: steps[last], heldOut: heldOut[last], training: training[last] },
    ...(inBits && {
      bits: {
        fitted: inBits.fitted[last],
        implied: inBits.implied[last],
        deviations: { fitted: inBits.deviations[last], implied: impliedDeviation(settings.beta) },
      },
    }),
  };
}

/**
 * Sources of the lines of other networks. Only a VAE is compared with them.
 * @param {import('./chart-specs.js').Line[]} lines
 * @param {('variational' | 'autoencoder')[]} kinds
 */
function sourcesOf(lines, kinds) {
  if (!kinds.includes('variational')) return '';
  return lines.flatMap(({ name, source }) => (source ? [`${name}: ${source}.`] : [])).join(' ');
}
