import { say } from '../../texts.js';
import { h } from '../parts/dom.js';
import { fromBytes, Mosaic } from './mosaic.js';

const COLUMNS = 10;

/** What the changes make of one picture: a sheet of examples. */
export class Variants {
  #mosaic = new Mosaic({ part: 'variants', columns: COLUMNS });

  constructor() {
    this.width = this.#mosaic.width;
    this.node = h('div', { class: 'block', hidden: true }, h('p', { class: 'name' }, say('The first picture, changed ten times')), this.#mosaic.node);
  }

  /** Room for what comes later. @param {import('../../engine.js').ImageShape} shape */
  reserve(shape) {
    this.node.hidden = false;
    this.#mosaic.paint(shape, COLUMNS, () => {}, { label: say('Nothing yet'), isInk: false });
  }

  /**
   * @param {Uint8Array} pixels [n, channels, height, width]
   * @param {import('../../engine.js').ImageShape} shape
   * @param {boolean} isInk
   */
  show(pixels, shape, isInk) {
    const count = pixels.length / (shape.channels * shape.height * shape.width);
    this.#mosaic.paint(shape, count, fromBytes(pixels, shape), { label: say('One picture, changed {count} times', { count }), isInk });
  }
}
