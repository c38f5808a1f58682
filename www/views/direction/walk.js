import { say, written } from '../../state/texts.js';
import { paintTrack } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { filmOfPath } from '../parts/film.js';
import { LargePicture, Tiles, wholeMultiple } from '../parts/pictures.js';
import { measures } from './measures.js';
import { moved } from './probe.js';
import { measured } from './words.js';

/**
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 * @typedef {import('./probe.js').Code} Code
 *
 * @typedef {object} Course where the pictures come from
 * @property {Code} code of the start
 * @property {Code | null} direction null without one
 * @property {ImageShape} image
 * @property {string} name of the start
 * @property {import('./measures.js').MeasureName} [measure]
 */

/** How far the pictures reach on both sides, in differences of the means. */
export const REACH = 1.5;

/** Pictures in the row. */
export const ROW = 7;

/** Frames of an animation. */
const FRAMES = 121;

/** Steps of the slider. */
const STEP = 0.05;

/** A picture moved along a direction: large at the slider's position, small at equal distances. */
export class Walk {
  picture = new LargePicture('picture');
  #tiles = new Tiles(ROW, {
    part: 'strip',
    layout: (room, pixels) => ({ columns: ROW, side: wholeMultiple(room / ROW, pixels) }),
  });
  #slider = h('input', {
    ...{ type: 'range', class: 'way', part: 'amount', 'data-control': 'amount' },
    ...{ min: -REACH, max: REACH, step: STEP },
  });
  #value = h('p', { class: 'hint measured', part: 'measured' }, '\u00a0');
  /** @type {Course | null} */
  #course = null;

  /** @param {(amount: number) => void} onSeek */
  constructor(onSeek) {
    this.fitted = [this.picture, { width: this.#tiles.width }];
    this.#slider.setAttribute('aria-label', say('How far along the direction'));
    this.#slider.addEventListener('input', () => onSeek(this.#slider.valueAsNumber));
    this.#tiles.node.classList.add('strip');
    this.#tiles.node.addEventListener('click', ({ target }) => {
      const { index } = /** @type {HTMLElement} */ (target).dataset;
      if (index !== undefined) onSeek(amountAt(Number(index) / (ROW - 1)));
    });
    this.#tiles.node.append(this.#slider);
    this.node = h(
      'div',
      { class: 'walk' },
      this.picture.frame,
      h('div', { class: 'walk-row' }, this.#tiles.node, this.#value),
    );
  }

  /** The pictures of the row. */
  get canvases() {
    return this.#tiles.pictures.map(({ canvas }) => canvas);
  }

  /** @param {number} amount */
  move(amount) {
    this.#slider.value = String(amount);
    this.#slider.setAttribute('aria-valuetext', inWords(amount));
    paintTrack(this.#slider);
  }

  /**
   * Codes of the row, and an extra one.
   * @param {Pick<Course, 'code' | 'direction'>} course
   * @param {number} amount of the last one
   */
  codesOf({ code, direction }, amount) {
    const amounts = [...Array.from({ length: ROW }, (_, i) => amountAt(i / (ROW - 1))), amount];
    const codes = new Float32Array(amounts.length * code.length);
    amounts.forEach((each, i) => codes.set(moved(code, direction, each), i * code.length));
    return codes;
  }

  /**
   * Shows pictures of `codesOf`.
   * @param {Course} course
   * @param {Uint8ClampedArray} rgba
   */
  paint(course, rgba) {
    const { image, name } = course;
    this.#course = course;
    this.#slider.disabled = course.direction === null;
    this.#tiles.paint(image, rgba, say('Seven pictures along the direction, with {name} in the middle', { name }));
    this.picture.label = say('Decoded picture along the direction from {name}', { name });
    this.show(image, rgba.subarray(ROW * image.width * image.height * 4));
  }

  /**
   * Shows the picture at the slider's position.
   * @param {ImageShape} image
   * @param {Uint8ClampedArray} rgba
   */
  show(image, rgba) {
    this.picture.paint(image, rgba);
    const measure = this.#course?.measure;
    this.#value.textContent = (measure && measured(measure, measures[measure](rgba, image))) || '\u00a0';
  }

  /**
   * The way from one end to the other as an animation; null before there is data.
   * @param {(latents: Float32Array) => Promise<Uint8ClampedArray>} decode
   */
  film(decode) {
    const course = this.#course;
    if (!course?.direction) return null;
    const { code, direction, image } = course;
    const codeAt = (/** @type {number} */ share) => moved(code, direction, amountAt(share));
    return filmOfPath({ name: 'direction', image, most: FRAMES, codeAt, decode });
  }
}

/** @param {number} share of the whole way, from 0 to 1 */
function amountAt(share) {
  return REACH * (2 * share - 1);
}

/** @param {number} amount */
function inWords(amount) {
  return say('{amount} of the difference', { amount: written(amount.toFixed(2)) });
}
