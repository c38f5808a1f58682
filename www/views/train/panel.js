import { say, sayCount } from '../../state/texts.js';
import { FIXED, SAMPLES, PATH } from '../../training/worker/preview.js';
import { sizeOf } from '../../training/page/settings.js';
import { h } from '../parts/dom.js';
import { emit, on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { Divergence } from './divergence.js';
import { fromBytes, fromRgba, Mosaic } from './mosaic.js';
import { Plane } from './plane.js';

/**
 * @typedef {import('../../training/protocol.js').Preview} Preview
 * @typedef {import('../../training/page/controller.js').DataSet} DataSet
 * @typedef {{which: number, index: number}} Point a picture of a panel: the part, and the index there; -1 for none
 */

const titles = () => ({ variational: say('Variational autoencoder'), autoencoder: say('Plain autoencoder') });

/** Columns of the draws: as many as rows. */
const SQUARE = Math.sqrt(SAMPLES);

/**
 * The preview of one network: its draws, which go on the stage, and everything else. Emits `point` on its node (detail: the Point under
 * the cursor).
 */
export class Panel {
  #redrawn;
  #samples = new Mosaic({ part: 'samples', columns: SQUARE, isFilling: true });
  #path = new Mosaic({ part: 'way', columns: PATH });
  #divergence = new Divergence();
  #plane;
  #data;
  #kind;
  #count;

  /**
   * @param {'variational' | 'autoencoder'} kind
   * @param {number} latent
   * @param {DataSet} data
   */
  constructor(kind, latent, data) {
    this.#kind = kind;
    this.#data = data;
    const { shape, pixels } = data;
    this.#count = pixels.length / sizeOf(shape);
    const isAlone = this.#count === 1;
    this.#redrawn = new Mosaic({ part: 'redrawn', columns: Math.min(FIXED, this.#count) });
    this.#plane = latent === 2 ? new Plane(data) : null;
    this.parts = [this.#redrawn, this.#samples, this.#path];
    const title = titles()[kind];
    this.stage = h(
      'section',
      { class: 'drawn', part: `drawn-${kind}`, 'aria-label': say('{network}: random pictures', { network: title }) },
      headingOf(kind),
      h('p', { class: 'name' }, say('From random codes, always the same ones')),
      this.#samples.node,
    );
    this.node = h(
      'section',
      { class: 'train-panel', part: `panel-${kind}`, 'aria-label': title },
      headingOf(kind),
      ...(this.#plane
        ? [block(isAlone ? say('Where the picture lies') : say('Where the pictures lie'), this.#plane.node)]
        : []),
      block(
        isAlone ? say('The picture, with its reconstruction below') : say('Pictures, with their reconstructions below'),
        this.#redrawn.node,
      ),
      // A single picture has no path to another.
      ...(isAlone ? [] : [block(say('From the first picture to the last'), this.#path.node)]),
      ...(kind === 'variational' ? [this.#divergence.node] : []),
    );
    this.parts.forEach((mosaic, which) => {
      on(mosaic.node, 'point', (/** @type {number} */ index) => emit(this.node, 'point', { which, index }));
    });
  }

  get plane() {
    return this.#plane;
  }

  /** @param {Point} point of any network's panel */
  mark({ which, index }) {
    this.parts.forEach((mosaic, i) => mosaic.mark(i === which ? index : -1));
  }

  /** @param {Preview} preview */
  show({ fixed, pictures, divergence, codes }) {
    const { shape, pixels, isInk } = this.#data;
    const count = this.#count;
    const original = fromBytes(pixels, shape);
    const network = titles()[this.#kind];
    this.#redrawn.paint(
      shape,
      2 * fixed,
      (index, into) =>
        index < fixed
          ? original(Math.floor((index * count) / fixed), into)
          : fromRgba(pictures, 0)(index - fixed, into),
      {
        label: sayCount(
          fixed,
          'One picture and its reconstruction, {network}',
          '{count} pictures and their reconstructions, {network}',
          { network },
        ),
        isInk,
      },
    );
    this.#samples.paint(shape, SAMPLES, fromRgba(pictures, fixed), {
      label: say('{count} decoded random codes, {network}', { count: SAMPLES, network }),
      isInk,
    });
    this.#path.paint(shape, PATH, fromRgba(pictures, fixed + SAMPLES), {
      label: say('The path between two pictures, {network}', { network }),
      isInk,
    });
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

/** @param {'variational' | 'autoencoder'} kind */
function headingOf(kind) {
  return heading(3, { 'data-kind': kind }, titles()[kind]);
}
