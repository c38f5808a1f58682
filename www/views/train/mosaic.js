import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { contextOf, wholeMultiple } from '../parts/pictures.js';
import { WidthObserver } from '../parts/width.js';
import { VerdictMarks } from './verdict-marks.js';

/** Gap between two pictures, in their own pixels. */
const GAP = 1;

/** Largest side of a single picture, in CSS pixels. */
const LARGEST = 112;

/** Share of the available width that a sheet in whole screen pixels must fill to be drawn that way. */
const FILLED = 0.8;

/**
 * Many pictures of one size as a sheet on one canvas. Emits `point` on its node (detail: index of the picture under the cursor, or -1).
 */
export class Mosaic {
  #canvas;
  #context;
  #mark = h('div', { class: 'mark', hidden: true });
  #verdicts = new VerdictMarks();
  #columns = 8;
  #room = 0;
  #count = 0;
  /** @type {import('../../engine/types.js').ImageShape} */
  #image = { channels: 1, height: 28, width: 28 };

  /**
   * @param {object} options
   * @param {string} options.part
   * @param {number} [options.columns] as many as fit, if missing
   * @param {boolean} [options.isFilling] takes the whole width, with whole screen pixels only if they nearly fill it
   * @param {number} [options.tile] smallest side of a picture if as many as fit are shown, in CSS pixels
   */
  constructor({ part, columns, isFilling = false, tile = 32 }) {
    this.fixed = columns;
    this.isFilling = isFilling;
    this.tile = tile;
    this.#canvas = h('canvas', { part, role: 'img', 'aria-label': say('Nothing yet'), width: 8, height: 1 });
    this.#context = contextOf(this.#canvas);
    this.sheet = h('div', { class: 'picture mosaic' }, this.#canvas, this.#verdicts.node, this.#mark);
    this.node = h('div', { class: 'mosaic-place' }, this.sheet);
    this.width = new WidthObserver(this.node, (width) => {
      this.#room = width;
      if (this.#again) this.paint(...this.#again);
    });
    this.#canvas.addEventListener('pointermove', (event) => this.#point(this.#indexAt(event)));
    this.#canvas.addEventListener('pointerleave', () => this.#point(-1));
  }

  /** @type {Parameters<Mosaic['paint']> | null} the last paint, repeated when the width changes */
  #again = null;

  get columns() {
    return this.#columns;
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {number} count
   * @param {(index: number, into: Uint8ClampedArray) => void} draw fills RGBA of one picture
   * @param {{label: string, isInk: boolean}} about
   */
  paint(image, count, draw, about) {
    this.#again = [image, count, draw, about];
    // While hidden it has no width, and a single column of many pictures would be higher than a canvas may be.
    if (this.#room === 0 && !this.fixed) return this.width.measure();
    this.#image = image;
    this.#count = count;
    this.#columns = this.fixed ?? Math.max(1, Math.floor(this.#room / this.tile));
    const columns = Math.max(1, this.fixed ? this.#columns : Math.min(this.#columns, count));
    const rows = Math.max(1, Math.ceil(count / columns));
    const [stepX, stepY] = [image.width + GAP, image.height + GAP];
    const canvas = this.#canvas;
    canvas.width = columns * stepX - GAP;
    canvas.height = rows * stepY - GAP;
    this.#columns = columns;
    const context = this.#context;
    if (context && about.isInk) context.fillRect(0, 0, canvas.width, canvas.height);
    const tile = new ImageData(image.width, image.height);
    for (let i = 0; i < count; i++) {
      draw(i, tile.data);
      context?.putImageData(tile, (i % columns) * stepX, Math.floor(i / columns) * stepY);
    }
    canvas.setAttribute('aria-label', about.label);
    this.sheet.classList.toggle('in-color', !about.isInk);
    this.sheet.style.inlineSize = `${this.#side(columns, count)}px`;
    this.mark(-1);
  }

  /**
   * The width of the sheet, in CSS pixels.
   * @param {number} columns
   * @param {number} count
   */
  #side(columns, count) {
    const { width } = this.#canvas;
    if (this.isFilling) {
      const whole = wholeMultiple(this.#room, width);
      return whole < FILLED * this.#room ? this.#room : whole;
    }
    const room = Math.min(this.#room, columns * LARGEST);
    return this.fixed || count > columns
      ? wholeMultiple(room, width)
      : wholeMultiple(Math.min(room, columns * (this.tile + 2)), width);
  }

  /** Puts a frame around one picture. @param {number} index -1 for none */
  mark(index) {
    const isThere = index >= 0 && index < this.#count;
    this.#mark.hidden = !isThere;
    if (isThere) Object.assign(this.#mark.style, this.#placeOf(index));
  }

  /** Shows a critic's verdict under each picture. @param {ArrayLike<number> | null} verdicts null without a critic */
  judge(verdicts) {
    this.#verdicts.show(verdicts, (index) => this.#placeOf(index));
  }

  /** The place of a picture, as a style. @param {number} index */
  #placeOf(index) {
    const { width, height } = this.#canvas;
    /** @param {number} pixels @param {number} all */
    const percent = (pixels, all) => `${(100 * pixels) / all}%`;
    return {
      left: percent((index % this.#columns) * (this.#image.width + GAP), width),
      top: percent(Math.floor(index / this.#columns) * (this.#image.height + GAP), height),
      width: percent(this.#image.width, width),
      height: percent(this.#image.height, height),
    };
  }

  /** Distance of a picture from the top, in CSS pixels. @param {number} index */
  offsetOf(index) {
    const height = this.#canvas.clientHeight;
    return (Math.floor(index / this.#columns) * (this.#image.height + GAP) * height) / this.#canvas.height;
  }

  /** @param {MouseEvent} event */
  #indexAt(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * this.#canvas.width;
    const y = ((event.clientY - top) / height) * this.#canvas.height;
    const column = Math.floor(x / (this.#image.width + GAP));
    const index = Math.floor(y / (this.#image.height + GAP)) * this.#columns + column;
    return column < this.#columns && index < this.#count ? index : -1;
  }

  /** @param {MouseEvent} event */
  indexOf(event) {
    return this.#indexAt(event);
  }

  /** @param {number} index */
  #point(index) {
    emit(this.node, 'point', index);
  }
}

/**
 * Draws one of several stored pictures.
 * @param {Uint8Array} pixels [n, channels, height, width]
 * @param {import('../../engine/types.js').ImageShape} image
 * @returns {(index: number, into: Uint8ClampedArray) => void}
 */
export function fromBytes(pixels, { channels, height, width }) {
  const plane = height * width;
  return (index, into) => {
    const start = index * channels * plane;
    for (let i = 0; i < plane; i++) {
      for (let color = 0; color < 3; color++) {
        into[4 * i + color] = pixels[start + Math.min(color, channels - 1) * plane + i];
      }
      into[4 * i + 3] = 255;
    }
  };
}

/**
 * Draws one of several decoded pictures.
 * @param {Uint8ClampedArray} rgba stacked
 * @param {number} first
 */
export function fromRgba(rgba, first) {
  return (/** @type {number} */ index, /** @type {Uint8ClampedArray} */ into) => {
    into.set(rgba.subarray((first + index) * into.length, (first + index + 1) * into.length));
  };
}
