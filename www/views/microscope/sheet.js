import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { contextOf, wholeMultiple } from '../parts/pictures.js';
import { WidthObserver } from '../parts/width.js';
import { tint } from './colors.js';

/** Gap between two maps, in their own pixels. */
const GAP = 1;

/** Largest side of a drawn pixel, in CSS pixels. */
const LARGEST = 8;

/** @typedef {import('./layers.js').FeatureMaps} FeatureMaps */

/**
 * All feature maps of one layer on one canvas. Emits `choose` on its node, with the map that the pointer or the keyboard
 * selects.
 */
export class MapSheet {
  #canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
  #mark = h('div', { class: 'mark', hidden: true });
  #input = h('input', { type: 'range', class: 'unseen', min: 1, max: 1, step: 1, value: 1 });
  #columns = 1;
  #room = 0;
  /** @type {FeatureMaps | null} */
  #maps = null;
  #limit = 1;
  /** @type {import('./colors.js').Color[]} */
  #colors = [];

  /**
   * @param {string} part
   * @param {string} label
   */
  constructor(part, label) {
    this.#input.setAttribute('aria-label', label);
    this.#canvas.setAttribute('part', part);
    this.sheet = h('div', { class: 'map-sheet' }, this.#canvas, this.#mark, this.#input);
    this.node = h('div', { class: 'map-place', dir: 'ltr' }, this.sheet);
    this.width = new WidthObserver(this.node, (width) => {
      this.#room = width;
      this.#fit();
    });
    this.#canvas.addEventListener('pointermove', (event) => this.#choose(this.#indexAt(event)));
    this.#canvas.addEventListener('pointerdown', (event) => {
      this.#choose(this.#indexAt(event));
      this.#input.focus({ preventScroll: true });
      event.preventDefault();
    });
    this.#input.addEventListener('input', () => this.#choose(this.#input.valueAsNumber - 1));
    this.#input.addEventListener('focus', () => this.#choose(this.#input.valueAsNumber - 1));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      this.#choose(this.#input.valueAsNumber - 1 + (event.key === 'ArrowDown' ? this.#columns : -this.#columns));
    });
  }

  /**
   * @param {FeatureMaps} maps
   * @param {number} limit size of a value that gets the full color
   * @param {import('./colors.js').Color[]} colors
   */
  paint(maps, limit, colors) {
    const isNew = this.#maps?.channels !== maps.channels || this.#maps.width !== maps.width;
    this.#maps = maps;
    this.#limit = limit;
    this.#colors = colors;
    this.#input.max = String(maps.channels);
    if (isNew) this.#fit();
    else this.#draw();
  }

  /**
   * Reserves the space of maps that are not computed yet.
   * @param {{channels: number, height: number, width: number}} shape
   */
  reserve(shape) {
    this.#maps = { ...shape, values: new Float32Array() };
    this.#fit();
  }

  /**
   * Frames one map.
   * @param {number} index -1 for none
   * @param {string} [description]
   */
  mark(index, description = '') {
    this.#mark.hidden = index < 0;
    if (index < 0 || !this.#maps) return;
    const { width, height } = this.#maps;
    const { style } = this.#mark;
    style.inlineSize = `${(100 * width) / this.#canvas.width}%`;
    style.blockSize = `${(100 * height) / this.#canvas.height}%`;
    style.left = `${(100 * (index % this.#columns) * (width + GAP)) / this.#canvas.width}%`;
    style.top = `${(100 * Math.floor(index / this.#columns) * (height + GAP)) / this.#canvas.height}%`;
    this.#input.value = String(index + 1);
    this.#input.setAttribute('aria-valuetext', description);
  }

  /** Chooses the largest number of columns at which the maps are still large enough. */
  #fit() {
    if (!this.#maps || this.#room === 0) return;
    const { channels, width, height } = this.#maps;
    // Coarse maps need large pixels to be visible; a phone has room only for smaller ones.
    const least = this.#room > 420 ? 4 : width < 10 ? 2.5 : 2;
    const across = (/** @type {number} */ count) => count * (width + GAP) - GAP;
    let columns = 1;
    while (columns * 2 <= channels && wholeMultiple(this.#room, across(columns * 2)) >= least * across(columns * 2)) {
      columns *= 2;
    }
    this.#columns = columns;
    this.#canvas.width = across(columns);
    this.#canvas.height = Math.ceil(channels / columns) * (height + GAP) - GAP;
    const room = Math.min(this.#room, this.#canvas.width * LARGEST);
    this.sheet.style.inlineSize = `${wholeMultiple(room, this.#canvas.width)}px`;
    this.#draw();
    this.node.dispatchEvent(new Event('fit'));
  }

  #draw() {
    if (!this.#maps || this.#colors.length === 0) return;
    const { channels, width, height, values } = this.#maps;
    const context = contextOf(this.#canvas);
    const tile = new ImageData(width, height);
    for (let i = 0; i < channels; i++) {
      tint(values, i * width * height, tile, this.#limit, this.#colors);
      context?.putImageData(tile, (i % this.#columns) * (width + GAP), Math.floor(i / this.#columns) * (height + GAP));
    }
  }

  /** @param {number} index */
  #choose(index) {
    if (index >= 0 && index < (this.#maps?.channels ?? 0)) {
      emit(this.node, 'choose', index);
    }
  }

  /** @param {PointerEvent} event */
  #indexAt(event) {
    if (!this.#maps) return -1;
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * this.#canvas.width;
    const y = ((event.clientY - top) / height) * this.#canvas.height;
    const column = Math.floor(x / (this.#maps.width + GAP));
    return column < this.#columns ? Math.floor(y / (this.#maps.height + GAP)) * this.#columns + column : -1;
  }
}
