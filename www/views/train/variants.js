import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { fromBytes, Mosaic } from './mosaic.js';

const COLUMNS = 10;

/** A sheet of examples: one picture with random augmentations. */
export class Variants {
  #mosaic = new Mosaic({ part: 'variants', columns: COLUMNS });
  #name = h('p', { class: 'name' });

  constructor() {
    this.width = this.#mosaic.width;
    this.node = h('div', { class: 'block', hidden: true }, this.#name, this.#mosaic.node);
    this.of = 1;
  }

  /** @param {number} count number of pictures, of which the first is on display */
  set of(count) {
    this.#name.textContent =
      count === 1 ? say('The picture, changed ten times') : say('The first picture, changed ten times');
  }

  /** Reserves space for the examples. @param {import('../../engine/types.js').ImageShape} shape */
  reserve(shape) {
    this.node.hidden = false;
    this.#mosaic.paint(shape, COLUMNS, () => {}, { label: say('Nothing yet'), isInk: false });
  }

  /**
   * @param {Uint8Array} pixels [n, channels, height, width]
   * @param {import('../../engine/types.js').ImageShape} shape
   * @param {boolean} isInk
   */
  show(pixels, shape, isInk) {
    const count = pixels.length / (shape.channels * shape.height * shape.width);
    this.#mosaic.paint(shape, count, fromBytes(pixels, shape), {
      label: say('One picture, changed {count} times', { count }),
      isInk,
    });
  }
}
