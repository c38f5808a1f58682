import { say } from '../../state/texts.js';
import { Backdrop } from '../parts/backdrop.js';
import { h, svg } from '../parts/dom.js';
import { coordinate } from '../parts/plane.js';

/** Distance that the plane reaches from the origin. */
const EXTENT = 3;

/** Deviations from the mean to the cloud's outer line: nearly all draws are within. */
const OUTER = 2;

/** The posterior of a code of two numbers: a cloud on the decoded plane. */
export class Cloud {
  #cloud = svg('svg', { class: 'cloud', 'aria-hidden': 'true', viewBox: '-50 -50 100 100' });
  #plot = h('div', { class: 'plot', part: 'code', role: 'img', dir: 'ltr' });
  #backdrop;
  #model = '';

  constructor() {
    const room = h('div', { class: 'plot-place' }, this.#plot);
    this.#backdrop = new Backdrop(this.#plot, room);
    this.width = this.#backdrop.width;
    this.#backdrop.canvas.setAttribute('aria-hidden', 'true');
    this.#plot.append(this.#backdrop.node, this.#cloud);
    this.node = h('div', { 'data-control': 'code' }, room);
  }

  /**
   * @param {string} model
   * @param {import('../../engine/engine.js').ImageShape} image
   */
  receive(model, image) {
    if (model === this.#model) return;
    this.#model = model;
    this.#backdrop.show(model, image, EXTENT);
  }

  /**
   * @param {Float32Array} mean
   * @param {Float32Array} deviation
   * @param {Float32Array} codes draws, [n, 2]
   */
  show([x, y], [wide, high], codes) {
    const scale = 50 / EXTENT;
    const ring = (/** @type {number} */ times) =>
      svg('ellipse', { cx: x * scale, cy: -y * scale, rx: times * wide * scale, ry: times * high * scale });
    const dots = Array.from({ length: codes.length / 2 }, (_, n) =>
      svg('circle', { cx: codes[2 * n] * scale, cy: -codes[2 * n + 1] * scale, r: 0.25 }),
    );
    this.#cloud.replaceChildren(ring(OUTER), ring(1), ...dots);
    this.#plot.setAttribute(
      'aria-label',
      say('A cloud at {x}, {y} on the plane of codes, {wide} wide and {high} high', {
        x: coordinate(x),
        y: coordinate(y),
        wide: coordinate(wide),
        high: coordinate(high),
      }),
    );
  }
}
