import { say, sayCount, sayNumber } from '../../../state/texts.js';
import { sizeOf } from '../../../training/page/settings.js';
import { PATH, SAMPLES } from '../../../training/worker/preview.js';
import { h } from '../../parts/dom.js';
import { heading } from '../../parts/heading.js';
import { fromBytes, fromRgba, Mosaic } from '../mosaic.js';
import { Chart, stepTicks } from './chart.js';
import { NumberTable } from './table.js';
import { error, similarity, outcomeOfFew } from './words.js';

/**
 * @typedef {import('./measurements.js').Measured} Measured
 * @typedef {import('./chart.js').Color} Color
 */

/** Colors of the first network and of the others. */
const colorOf = (/** @type {number} */ i) => /** @type {Color} */ (i === 0 ? 'a' : 'b');

/** The results of one network, trained on few pictures and on many. */
export class FewAndManyResults {
  #counts;
  #data;
  #heldOut;
  #panels;
  #errors;
  #table;
  #until;
  #outcome = h('p', { class: 'outcome', part: 'outcome', role: 'status' });
  #hasPreview = false;

  /**
   * @param {import('../../../training/page/settings.js').Settings} settings of the run
   * @param {import('../../../training/page/types.js').DataSet} data training pictures, then held-out ones
   */
  constructor({ counts = [], until = 0, latent }, data) {
    this.#counts = counts;
    this.#until = until;
    this.#data = data;
    this.#heldOut = data.pixels.subarray(Math.max(...counts) * sizeOf(data.shape));
    this.#panels = counts.map((count, i) => new Panel(count, i));
    const keys = /** @type {[Color, string, boolean?][]} */ (
      counts.flatMap((count, i) => [
        [colorOf(i), say('{pictures}, held-out ones', { pictures: title(count) })],
        [colorOf(i), say('their own'), true],
      ])
    );
    this.#errors = new Chart({
      ...{ part: 'errors', title: say('Squared error'), keys, axis: say('steps') },
    });
    this.#table = new NumberTable(say('Redrawn pictures, by what the network has seen'), [
      say('Pictures'),
      say('Squared error, its own'),
      say('Squared error, held-out'),
      say('SSIM, held-out'),
      say('{count} principal components, held-out', { count: sayNumber(latent) }),
    ]);
    this.node = h(
      'div',
      { class: 'experiment-results' },
      h('div', { class: 'pair', part: 'panels' }, ...this.#panels.map(({ node }) => node)),
      this.#outcome,
      h('div', { class: 'experiment-charts' }, this.#errors.node, this.#table.node),
    );
    this.fitted = this.#panels.flatMap(({ mosaics }) => mosaics);
    this.show({ curve: [], networks: [], components: [], step: 0, isDone: false });
  }

  /** @param {Measured} measured */
  show({ curve, networks, components, step, isDone }) {
    const lines = this.#counts.flatMap((_, i) => {
      const points = (/** @type {'mse' | 'ownMse'} */ name) =>
        curve.map((each) => /** @type {[number, number]} */ ([each.step, each.networks[i][name]]));
      return [
        { points: points('ownMse'), color: colorOf(i), isFaint: true },
        { points: points('mse'), color: colorOf(i) },
      ];
    });
    this.#errors.show(lines, stepTicks(Math.max(this.#until, step)));
    this.#table.show(
      this.#counts.map((count, i) => [
        sayNumber(count),
        error(networks[i]?.ownMse),
        error(networks[i]?.mse),
        similarity(networks[i]?.ssim),
        error(components[i]?.mse),
      ]),
    );
    if (isDone) this.#outcome.textContent = outcomeOfFew(this.#counts, networks, step);
  }

  /** @param {import('../../../training/protocol.js').Preview[]} previews */
  preview(previews) {
    this.#hasPreview = true;
    this.#panels.forEach((panel, i) => panel.show(previews[i], this.#heldOut, this.#data));
  }

  get still() {
    if (!this.#hasPreview) return null;
    const canvases = this.#panels.flatMap(({ samples }) => [...samples.node.querySelectorAll('canvas')]);
    return { canvases, columns: canvases.length, isInk: this.#data.isInk };
  }

  destroy() {
    for (const { width } of this.fitted) width.destroy();
  }
}

/** The pictures drawn by one of the networks. */
class Panel {
  #redrawn = new Mosaic({ part: 'redrawn', columns: 8, isFilling: true });
  #path = new Mosaic({ part: 'way', columns: PATH, isFilling: true });
  #name;

  /**
   * @param {number} count of pictures that the network sees
   * @param {number} index
   */
  constructor(count, index) {
    this.samples = new Mosaic({ part: `samples-${index}`, columns: 8, isFilling: true });
    this.mosaics = [this.samples, this.#path, this.#redrawn];
    this.#name = title(count);
    const trained = sayCount(count, 'Trained on one picture', 'Trained on {count} pictures');
    this.node = h(
      'section',
      { class: 'seen', 'aria-label': trained },
      heading(3, { 'data-color': colorOf(index) }, trained),
      block(say('From random codes'), this.samples.node),
      block(say('From one held-out picture to another'), this.#path.node),
      block(say('Held-out pictures, redrawn below'), this.#redrawn.node),
    );
  }

  /**
   * @param {import('../../../training/protocol.js').Preview} preview
   * @param {Uint8Array} heldOut
   * @param {import('../../../training/page/types.js').DataSet} data
   */
  show({ fixed, pictures }, heldOut, { shape, isInk }) {
    const count = heldOut.length / sizeOf(shape);
    const original = fromBytes(heldOut, shape);
    const about = (/** @type {string} */ label) => ({ label: `${label}, ${this.#name}`, isInk });
    this.samples.paint(shape, SAMPLES, fromRgba(pictures, fixed), about(say('Decoded random codes')));
    this.#path.paint(
      shape,
      PATH,
      fromRgba(pictures, fixed + SAMPLES),
      about(say('The path between two held-out pictures')),
    );
    this.#redrawn.paint(
      shape,
      2 * fixed,
      (index, into) =>
        index < fixed
          ? original(Math.floor((index * count) / fixed), into)
          : fromRgba(pictures, 0)(index - fixed, into),
      about(say('Held-out pictures and their reconstructions')),
    );
  }
}

/** @param {number} count */
function title(count) {
  return sayCount(count, 'one picture', '{count} pictures');
}

/**
 * @param {string} name
 * @param {Node} content
 */
function block(name, content) {
  return h('div', { class: 'block' }, h('p', { class: 'name' }, name), content);
}
