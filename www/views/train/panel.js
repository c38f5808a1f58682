import { say } from '../../texts.js';
import { FIXED, SAMPLES, WAY } from '../../training/glimpse.js';
import { h } from '../parts/dom.js';
import { Divergence } from './divergence.js';
import { fromBytes, fromRgba, Mosaic } from './mosaic.js';
import { Plane } from './plane.js';

/**
 * @typedef {import('../../training/glimpse.js').Look} Look
 * @typedef {import('../../training/desk.js').DataSet} DataSet
 */

const titles = () => ({ variational: say('Variational autoencoder'), autoencoder: say('Plain autoencoder') });

/** What one network draws now. Emits `point` on its node: which of its pictures the cursor is on. */
export class Panel {
  #redrawn = new Mosaic({ part: 'redrawn', columns: FIXED });
  #samples = new Mosaic({ part: 'samples', columns: FIXED });
  #way = new Mosaic({ part: 'way', columns: WAY });
  #divergence = new Divergence();
  #plane;
  #data;
  #kind;

  /**
   * @param {'variational' | 'autoencoder'} kind
   * @param {number} latent
   * @param {DataSet} data
   */
  constructor(kind, latent, data) {
    this.#kind = kind;
    this.#data = data;
    const { shape, pixels } = data;
    // From a single picture there is no way to another.
    const isAlone = pixels.length === shape.channels * shape.height * shape.width;
    this.#plane = latent === 2 ? new Plane(data) : null;
    this.parts = [this.#redrawn, this.#samples, this.#way];
    this.node = h(
      'section',
      { class: 'train-panel', part: `panel-${kind}`, 'aria-label': titles()[kind] },
      h('h4', { 'data-kind': kind }, titles()[kind]),
      block(say('Pictures, and below them what comes back'), this.#redrawn.node),
      block(say('Random codes, always the same'), this.#samples.node),
      ...(isAlone ? [] : [block(say('From the first picture to the last'), this.#way.node)]),
    );
    if (this.#plane) this.node.append(block(say('Where the pictures lie'), this.#plane.node));
    if (kind === 'variational') this.node.append(this.#divergence.node);
    this.parts.forEach((mosaic, which) => {
      mosaic.node.addEventListener('point', (event) => {
        const index = /** @type {CustomEvent} */ (event).detail;
        this.node.dispatchEvent(new CustomEvent('point', { detail: { which, index } }));
      });
    });
  }

  get plane() {
    return this.#plane;
  }

  /** @param {{which: number, index: number}} pointed one cursor for all networks */
  mark({ which, index }) {
    this.parts.forEach((mosaic, i) => mosaic.mark(i === which ? index : -1));
  }

  /** @param {Look} look */
  show({ fixed, pictures, divergence, codes }) {
    const { shape, pixels, isInk } = this.#data;
    const count = pixels.length / (shape.channels * shape.height * shape.width);
    const original = fromBytes(pixels, shape);
    const network = titles()[this.#kind];
    this.#redrawn.paint(
      shape,
      FIXED + fixed,
      (index, into) => {
        if (index < fixed) original(Math.floor((index * count) / fixed), into);
        else if (index < FIXED) into.fill(0);
        else fromRgba(pictures, 0)(index - FIXED, into);
      },
      { label: say('{count} pictures and their reconstructions, {network}', { count: fixed, network }), isInk },
    );
    this.#samples.paint(shape, SAMPLES, fromRgba(pictures, fixed), { label: say('{count} decoded random codes, {network}', { count: SAMPLES, network }), isInk });
    this.#way.paint(shape, WAY, fromRgba(pictures, fixed + SAMPLES), { label: say('The way between two pictures, {network}', { network }), isInk });
    if (divergence) this.#divergence.show(divergence);
    if (codes) this.#plane?.show(codes);
  }

  destroy() {
    for (const { width } of this.parts) width.destroy();
  }
}

/**
 * @param {string} name
 * @param {Node} content
 */
function block(name, content) {
  return h('div', { class: 'block' }, h('p', { class: 'name' }, name), content);
}
