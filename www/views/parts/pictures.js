import { say } from '../../state/texts.js';
import { h } from './dom.js';
import { WidthObserver } from './width.js';

/** @typedef {import('../../engine/types.js').ImageShape} ImageShape */

/** Side of a picture before the model is known. */
const UNKNOWN = 28;

/**
 * The largest side at which each of `pixels` is a whole number of screen pixels. If that leaves a third of the room empty, as for very
 * small pictures, the side takes all of the room.
 * @param {number} room in CSS pixels
 * @param {number} pixels
 * @param {number} [ratio] screen pixels in a CSS pixel
 */
export function wholeMultiple(room, pixels, ratio = devicePixelRatio) {
  const side = (Math.floor((room * ratio) / pixels + 1e-6) * pixels) / ratio;
  return 3 * side <= 2 * room ? room : side;
}

/**
 * The context of a canvas in main memory, which is best for `putImageData`. Also, a large canvas on the GPU stays invisible under blended
 * layers in WebKitGTK.
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  return canvas.getContext('2d', { willReadFrequently: true });
}

/** One decoded picture: a canvas of the model's size, enlarged by CSS. */
export class Picture {
  /**
   * @param {Record<string, string | number | boolean | undefined>} [attributes] of the canvas
   * @param {string} [name] CSS class: `picture`, or `tile` in a larger one
   */
  constructor(attributes = {}, name = 'picture') {
    this.canvas = h('canvas', { width: UNKNOWN, height: UNKNOWN, ...attributes });
    this.node = h('div', { class: name }, this.canvas);
  }

  /**
   * @param {ImageShape} image
   * @param {Uint8ClampedArray} rgba pictures, stacked
   * @param {number} [index] among them
   */
  paint(image, rgba, index = 0) {
    const { canvas } = this;
    if (canvas.width !== image.width || canvas.height !== image.height) {
      canvas.width = image.width;
      canvas.height = image.height;
    }
    const bytes = image.width * image.height * 4;
    const pixels = new ImageData(image.width, image.height);
    pixels.data.set(rgba.subarray(index * bytes, (index + 1) * bytes));
    contextOf(canvas)?.putImageData(pixels, 0, 0);
    this.node.classList.toggle('in-color', image.channels === 3);
  }

  get label() {
    return this.canvas.getAttribute('aria-label') ?? '';
  }

  set label(label) {
    this.canvas.setAttribute('aria-label', label);
  }
}

/** A large picture with a label, as large as whole multiples allow. */
export class LargePicture extends Picture {
  #room = 0;
  #expected;

  /**
   * @param {string} part
   * @param {number} [expected] side of the model's pictures, if it is known beforehand
   */
  constructor(part, expected = UNKNOWN) {
    super({ role: 'img', part, 'aria-label': say('Not decoded yet'), width: expected, height: expected });
    this.#expected = expected;
    this.frame = h('div', { class: 'frame' }, this.node);
    this.width = new WidthObserver(this.frame, (width) => {
      this.#room = width;
      this.#fit();
    });
  }

  /**
   * @param {ImageShape} image
   * @param {Uint8ClampedArray} rgba
   * @param {number} [index]
   */
  paint(image, rgba, index) {
    const isResized = image.width !== this.canvas.width;
    super.paint(image, rgba, index);
    if (isResized) this.#fit();
  }

  #fit() {
    this.node.style.inlineSize = `${wholeMultiple(this.#room, this.canvas.width)}px`;
    // The room reserved before the model was known is kept, so that nothing below moves.
    this.frame.style.minBlockSize = `${wholeMultiple(this.#room, this.#expected)}px`;
  }
}

/** Several pictures of one size that are read as one image: a strip or a grid. */
export class Tiles {
  #room = 0;
  #layout;
  #expected;
  #grid;

  /**
   * @param {number} count
   * @param {object} options
   * @param {string} options.part
   * @param {(room: number, pixels: number) => {columns: number, side: number}} options.layout for `room` CSS pixels
   * @param {number} [options.expected] side of the model's pictures, if it is known beforehand
   */
  constructor(count, { part, layout, expected = UNKNOWN }) {
    this.#layout = layout;
    this.#expected = expected;
    this.pictures = Array.from(
      { length: count },
      (_, index) => new Picture({ 'data-index': index, width: expected, height: expected }, 'tile'),
    );
    const nodes = this.pictures.map((picture) => picture.node);
    this.#grid = h(
      'div',
      { class: 'picture tiles', part, role: 'img', 'aria-label': say('Not decoded yet') },
      ...nodes,
    );
    this.node = h('div', {}, this.#grid);
    this.width = new WidthObserver(this.node, (width) => {
      this.#room = width;
      this.#fit();
    });
  }

  /**
   * @param {ImageShape} image
   * @param {Uint8ClampedArray} rgba at least as many pictures as there are tiles
   * @param {string} label
   */
  paint(image, rgba, label) {
    const inColor = image.channels === 3;
    const isNew =
      image.width !== this.pictures[0].canvas.width || inColor !== this.#grid.classList.contains('in-color');
    this.pictures.forEach((picture, index) => picture.paint(image, rgba, index));
    this.#grid.setAttribute('aria-label', label);
    this.#grid.classList.toggle('in-color', inColor);
    if (isNew) this.#fit();
  }

  #fit() {
    const { columns, side: whole } = this.#layout(this.#room, this.pictures[0].canvas.width);
    // Nothing is behind colored pictures: gaps below a pixel would be hairlines, in some places and not in others.
    const isFlush = this.#grid.classList.contains('in-color') && this.#room - columns * whole < columns;
    const side = isFlush ? this.#room / columns : whole;
    this.node.style.setProperty('--columns', String(columns));
    this.node.style.setProperty('--side', `${side}px`);
    // As tall as without this part of a pixel, so that nothing below moves.
    this.node.style.setProperty('--tall', isFlush ? `${whole}px` : 'auto');
    this.node.style.setProperty('--kept', `${this.#layout(this.#room, this.#expected).side}px`);
  }
}
