import { h } from '../parts/dom.js';

/** @typedef {[number, number, number]} Color red, green, blue, 0 to 255 */

/**
 * Reads three colors of the style as numbers, for canvases: below zero, zero, above zero. They follow the page's scheme.
 */
export class Colors {
  #probes = ['below', 'zero', 'above'].map((name) => h('span', { class: name }));
  #canvas = /** @type {CanvasRenderingContext2D} */ (
    h('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  );

  constructor() {
    this.node = h('span', { class: 'probes', 'aria-hidden': 'true' }, ...this.#probes);
  }

  /** Overrides the page's color scheme; empty to follow it. @param {'light' | ''} scheme */
  set scheme(scheme) {
    this.node.style.colorScheme = scheme;
  }

  /** @returns {Color[]} */
  now() {
    return this.#probes.map((probe) => {
      // Browsers write colors in many notations; a canvas returns bytes.
      this.#canvas.fillStyle = getComputedStyle(probe).color;
      this.#canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = this.#canvas.getImageData(0, 0, 1, 1).data;
      return [red, green, blue];
    });
  }
}

/**
 * Paints values as colors.
 * @param {ArrayLike<number>} values
 * @param {number} start
 * @param {ImageData} into image with as many pixels as values
 * @param {number} limit size of a value that gets the full color
 * @param {Color[]} colors below zero, zero, above zero
 */
export function tint(values, start, into, limit, [below, zero, above]) {
  const { data } = into;
  for (let i = 0; i < data.length / 4; i++) {
    const value = values[start + i];
    const share = Math.min(1, Math.abs(value) / limit);
    const full = value < 0 ? below : above;
    for (let c = 0; c < 3; c++) data[4 * i + c] = zero[c] + share * (full[c] - zero[c]);
    data[4 * i + 3] = 255;
  }
}
