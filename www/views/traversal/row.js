import { say, written } from '../../state/texts.js';
import { paintTrack } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { contextOf } from '../parts/pictures.js';
import { coordinate } from '../parts/plane.js';

/** Pictures of a strip. */
export const SEVEN = 7;

/** Step of the slider. */
const STEP = 0.05;

/** Space between two pictures of a strip, as a share of their side. */
const GAP = 1 / 16;

/**
 * One number of the code: its strip, and the slider below it. Emits `move` (detail: the value) on its node.
 */
export class Row {
  #dimension;
  #limit;
  #value = h('output', { dir: 'auto', 'aria-hidden': 'true' });
  #mark = h('span', { class: 'mark' });
  #canvas = h('canvas', { role: 'img', 'aria-label': say('Not decoded yet') });
  #slider;

  /**
   * @param {number} dimension
   * @param {number} limit
   * @param {{measure: 'kl' | 'variance' | 'none', value: number, share: number}} worth `share` of the largest one
   * @param {boolean} canMove
   */
  constructor(dimension, limit, worth, canMove) {
    this.#dimension = dimension;
    this.#limit = limit;
    const name = say('Number {number}', { number: dimension + 1 });
    const about = inWords(worth);
    const control = { type: 'range', part: `number-${dimension + 1}`, 'data-control': 'numbers', step: STEP };
    this.#slider = h('input', { ...control, 'aria-label': [name, about].filter(Boolean).join(', ') });
    this.#canvas.setAttribute('part', `strip-${dimension + 1}`);
    const bar = h('span', { class: 'worth', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', worth.share.toFixed(4));
    const head = h('p', { class: 'name' }, h('span', {}, name), bar, h('span', {}, about), this.#value);
    const strip = h('div', { class: 'picture traverse' }, this.#canvas);
    const axis = h('div', { class: 'axis', dir: 'ltr' }, strip, this.#mark, this.#slider);
    this.node = h('div', { class: 'latent-row', 'data-dimension': dimension + 1 }, head, axis);
    this.#slider.addEventListener('input', () => this.#move(this.#slider.valueAsNumber));
    if (canMove) this.#follow(strip);
  }

  get canvas() {
    return this.#canvas;
  }

  /**
   * Shows the number's value, and the picture's own value.
   * @param {number} value
   * @param {number} own
   */
  show(value, own) {
    const limit = Math.max(this.#limit, Math.ceil(Math.max(Math.abs(value), Math.abs(own))));
    Object.assign(this.#slider, { min: -limit, max: limit });
    this.#slider.value = String(value);
    this.#value.value = coordinate(value);
    const values = { value: coordinate(value), own: coordinate(own) };
    this.#slider.setAttribute(
      'aria-valuetext',
      value === own ? values.value : say('{value}; {own} in the picture', values),
    );
    this.node.classList.toggle('moved', value !== own);
    this.#mark.style.setProperty('--at', ((own + limit) / (2 * limit)).toFixed(4));
    paintTrack(this.#slider);
    this.#limit = limit;
  }

  /**
   * The codes of the strip, in which this number has seven values.
   * @param {Float32Array} code
   */
  codes(code) {
    const codes = new Float32Array(SEVEN * code.length);
    for (let i = 0; i < SEVEN; i++) {
      codes.set(code, i * code.length);
      codes[i * code.length + this.#dimension] = this.#limit * ((2 * i) / (SEVEN - 1) - 1);
    }
    return codes;
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba seven pictures, stacked
   */
  paint({ channels, width, height }, rgba) {
    const gap = Math.max(1, Math.round(width * GAP));
    const whole = SEVEN * (width + gap) - gap;
    if (this.#canvas.width !== whole || this.#canvas.height !== height) {
      Object.assign(this.#canvas, { width: whole, height });
    }
    const pixels = new ImageData(new Uint8ClampedArray(rgba), width, SEVEN * height);
    const context = contextOf(this.#canvas);
    for (let i = 0; i < SEVEN; i++) {
      context?.putImageData(pixels, i * (width + gap), -i * height, 0, i * height, width, height);
    }
    this.#canvas.parentElement?.classList.toggle('in-color', channels === 3);
    const limit = this.#limit;
    this.#canvas.setAttribute(
      'aria-label',
      say('Seven pictures with number {number} from {low} to {high}', {
        number: this.#dimension + 1,
        low: written(-limit),
        high: written(limit),
      }),
    );
  }

  /** The slider, for the focus. */
  focus() {
    this.#slider.focus({ preventScroll: true });
  }

  /** @param {number} value */
  #move(value) {
    const limit = this.#limit;
    emit(this.node, 'move', Math.min(limit, Math.max(-limit, value)));
  }

  /** Treats the pointer on the strip like one on the slider. @param {HTMLElement} strip */
  #follow(strip) {
    strip.classList.add('movable');
    const take = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = strip.getBoundingClientRect();
      // The middles of the first and the last picture are the ends of the range.
      const share = ((clientX - left) / width - 0.5 / SEVEN) * (SEVEN / (SEVEN - 1));
      this.#move(Math.round((this.#limit * (2 * share - 1)) / STEP) * STEP);
    };
    strip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.focus();
      if (event.pointerType !== 'touch') strip.setPointerCapture(event.pointerId);
      take(event);
    });
    strip.addEventListener('pointermove', (event) => {
      if (event.buttons > 0) take(event);
    });
  }
}

/** @param {{measure: 'kl' | 'variance' | 'none', value: number}} worth */
function inWords({ measure, value }) {
  if (measure === 'none') return '';
  const amount = { amount: written(value.toFixed(2)) };
  return measure === 'kl' ? say('{amount} nats', amount) : say('variance {amount}', amount);
}
