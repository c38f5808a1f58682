import { toRgba } from '../../../pixels.js';
import { say, sayNumber } from '../../../state/texts.js';
import { sizeOf } from '../../../training/page/settings.js';
import { slider } from '../../parts/controls.js';
import { h } from '../../parts/dom.js';
import { Picture } from '../../parts/pictures.js';
import { Chart } from './chart.js';
import { NumberTable } from './table.js';
import { error, similarity, outcomeOfSizes } from './words.js';

/**
 * @typedef {import('../../../training/protocol.js').Appraisal} Appraisal
 * @typedef {import('./measurements.js').Measured} Measured
 */

/** Bytes of one number of a code. */
const BYTES = 4;

/** The results of networks with codes of several lengths: a picture redrawn by each, errors, and principal components for comparison. */
export class SizesResults {
  #sizes;
  #data;
  #heldOut;
  #original = new Picture({ role: 'img', part: 'original', 'aria-label': say('A held-out picture') });
  #networks;
  #components;
  #choice;
  #errors;
  #similarities;
  #table;
  #outcome = h('p', { class: 'outcome', part: 'outcome', role: 'status' });
  /** @type {Measured} */
  #measured = { curve: [], networks: [], components: [], step: 0, isDone: false };

  /**
   * @param {import('../../../training/page/settings.js').Settings} settings of the run
   * @param {import('../../../training/page/types.js').DataSet} data training pictures, then held-out ones
   */
  constructor(settings, data) {
    const sizes = settings.sizes ?? [];
    this.#sizes = sizes;
    this.#data = data;
    const size = sizeOf(data.shape);
    this.#heldOut = data.pixels.subarray(Math.max(...(settings.counts ?? [])) * size);
    this.#networks = sizes.map((latent) => tile(`network-${latent}`, latent));
    this.#components = sizes.map((latent) => tile(`components-${latent}`, latent));
    const count = Math.min(REDRAWN, this.#heldOut.length / size);
    this.#choice = slider({
      ...{ label: say('Held-out picture'), part: 'held-out', min: 1, max: Math.max(2, count), step: 1, value: 1 },
      format: (number) => say('{number} of {count}', { number, count }),
    });
    this.#choice.input.addEventListener('input', () => this.#paint());
    const keys = /** @type {[import('./chart.js').Color, string][]} */ ([
      ['a', say('networks')],
      ['b', say('principal components')],
    ]);
    const axis = say('numbers in the code');
    this.#errors = new Chart({ part: 'errors', title: say('Squared error on held-out pictures'), keys, axis });
    this.#similarities = new Chart({ part: 'similarities', title: say('SSIM on held-out pictures'), keys, axis });
    this.#table = new NumberTable(say('Held-out pictures, redrawn from codes of several lengths'), [
      say('Numbers'),
      say('Bytes'),
      say('Squared error, network'),
      say('Squared error, components'),
      say('SSIM, network'),
      say('SSIM, components'),
    ]);
    const row = (/** @type {string} */ name, /** @type {ReturnType<typeof tile>[]} */ tiles) =>
      h(
        'div',
        { class: 'rung-row' },
        h('p', { class: 'name' }, name),
        h('div', { class: 'rungs' }, ...tiles.map(({ node }) => node)),
      );
    const whole = sayNumber(size);
    this.node = h(
      'div',
      { class: 'experiment-results' },
      h(
        'div',
        { class: 'rung-pictures' },
        h('div', { class: 'rung-original' }, this.#original.node, this.#choice.node),
        h(
          'div',
          { class: 'rung-rows' },
          row(say('Redrawn by the networks'), this.#networks),
          row(say('Redrawn from principal components'), this.#components),
        ),
      ),
      this.#outcome,
      h('div', { class: 'experiment-charts' }, this.#errors.node, this.#similarities.node),
      this.#table.node,
      h(
        'p',
        { class: 'hint' },
        say('Four bytes for each number of a code. The picture itself has {count}, one for each value.', {
          count: whole,
        }),
      ),
    );
    this.fitted = [];
    this.show(this.#measured);
  }

  /** @param {Measured} measured */
  show(measured) {
    this.#measured = measured;
    const { networks, components } = measured;
    const ticks = this.#sizes.map((latent, at) => ({ at, text: sayNumber(latent) }));
    const points = (/** @type {Appraisal[]} */ all, /** @type {'mse' | 'ssim'} */ name) =>
      all.map((each, i) => /** @type {[number, number]} */ ([i, each[name]]));
    for (const [chart, name] of /** @type {const} */ ([
      [this.#errors, 'mse'],
      [this.#similarities, 'ssim'],
    ])) {
      chart.show(
        [
          { points: points(components, name), color: 'b' },
          { points: points(networks, name), color: 'a' },
        ],
        ticks,
      );
    }
    this.#table.show(
      this.#sizes.map((latent, i) => [
        sayNumber(latent),
        sayNumber(latent * BYTES),
        error(networks[i]?.mse),
        error(components[i]?.mse),
        similarity(networks[i]?.ssim),
        similarity(components[i]?.ssim),
      ]),
    );
    if (measured.isDone) this.#outcome.textContent = outcomeOfSizes(this.#sizes, measured);
    this.#paint();
  }

  /** No previews to show: the redrawn pictures come with the measurements. */
  preview() {}

  #paint() {
    const { shape, isInk } = this.#data;
    const index = this.#choice.input.valueAsNumber - 1;
    const size = sizeOf(shape);
    const original = this.#heldOut.subarray(index * size, (index + 1) * size);
    this.#original.paint(shape, toRgba(original, shape));
    this.#original.node.classList.toggle('in-color', !isInk);
    const { networks, components } = this.#measured;
    /** @type {[ReturnType<typeof tile>[], Appraisal[], (count: string) => string][]} */
    const rows = [
      [this.#networks, networks, (count) => say('Redrawn by the network, from {count} numbers', { count })],
      [this.#components, components, (count) => say('Redrawn from {count} principal components', { count })],
    ];
    for (const [tiles, all, label] of rows) {
      tiles.forEach(({ picture }, i) => {
        if (!all[i]) return;
        picture.paint(shape, all[i].pictures, index);
        picture.node.classList.toggle('in-color', !isInk);
        picture.label = label(sayNumber(this.#sizes[i]));
      });
    }
  }

  get still() {
    const all = [...this.#networks, ...this.#components].map(({ picture }) => picture.canvas);
    return this.#measured.networks.length > 0
      ? { canvases: all, columns: this.#sizes.length, isInk: this.#data.isInk }
      : null;
  }

  destroy() {}
}

/** Held-out pictures to choose from, as many as the worker redraws. */
const REDRAWN = 12;

/**
 * @param {string} part
 * @param {number} latent
 */
function tile(part, latent) {
  const picture = new Picture({ role: 'img', part, 'aria-label': say('Not redrawn yet') });
  return { picture, node: h('div', { class: 'rung' }, picture.node, h('p', { class: 'under' }, sayNumber(latent))) };
}
