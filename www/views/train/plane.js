import { say, sayCount } from '../../state/texts.js';
import { spread } from '../../training/worker/preview.js';
import { h, svg } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { palette } from '../parts/palette.js';
import { Picture } from '../parts/pictures.js';
import { coordinate } from '../parts/plane.js';

/** Smallest half side of the plane, in latent units. */
const LEAST = 3;

/** Distance that an arrow key moves the cursor, as a share of the plane's half side. */
const STEP = 1 / 30;

/**
 * The latent plane of a network with two latent dimensions: the images as dots, and a cursor with
 * its decoded latent. Emits `spot` on its node (detail: the cursor in latent units).
 */
export class Plane {
  #dots = svg('g', {});
  #ring = svg('circle', { class: 'ring', cx: 0, cy: 0 });
  #cursor = svg('path', { class: 'spot', d: 'M-7 0H7M0-7V7' });
  #svg = svg('svg', { part: 'plane', viewBox: '-100 -100 200 200' }, this.#ring, this.#dots, this.#cursor);
  #picture = new Picture({ role: 'img', part: 'spot', 'aria-label': say('Nothing decoded yet') });
  #text = h('p', { class: 'count' });
  #extent = LEAST;
  #data;
  #spot = { x: 0, y: 0 };

  /** @param {import('../../training/page/types.js').DataSet} data */
  constructor(data) {
    this.#data = data;
    this.frame = h(
      'div',
      {
        class: 'scatter',
        tabindex: 0,
        role: 'application',
        'aria-label': say('Plane of codes. Arrow keys move the cursor.'),
      },
      this.#svg,
    );
    const seen = h('div', { class: 'spot-seen' }, this.#picture.node, this.#text);
    this.node = h('div', { class: 'scatter-place' }, this.frame, seen);
    this.frame.addEventListener('pointermove', (event) => this.#point(event));
    this.frame.addEventListener('pointerdown', (event) => this.#point(event));
    this.frame.addEventListener('keydown', (event) => this.#key(event));
    this.move(this.#spot);
  }

  /** @param {Float32Array} codes [n, 2] */
  show(codes) {
    // Latents may be NaN after an explosion.
    const reach = [...codes]
      .filter(Number.isFinite)
      .map(Math.abs)
      .sort((a, b) => a - b);
    this.#extent = Math.max(LEAST, 1.1 * (reach[Math.floor(reach.length * 0.98)] ?? 0));
    const { labels, pixels, shape } = this.#data;
    const count = pixels.length / (shape.channels * shape.height * shape.width);
    const scale = 100 / this.#extent;
    const paths = palette.map(() => '');
    spread(codes.length / 2, count).forEach((index, i) => {
      if (!Number.isFinite(codes[2 * i] + codes[2 * i + 1])) return;
      const color = labels ? labels[index] % palette.length : palette.length - 1;
      paths[color] += `M${(codes[2 * i] * scale).toFixed(1)} ${(-codes[2 * i + 1] * scale).toFixed(1)}h0`;
    });
    this.#dots.replaceChildren(...paths.flatMap((d, i) => (d ? [svg('path', { d, stroke: palette[i] })] : [])));
    this.#ring.setAttribute('r', String(2 * scale));
    this.#svg.setAttribute(
      'aria-label',
      sayCount(
        codes.length / 2,
        'One picture on the plane; the ring marks two standard deviations of the prior',
        '{count} pictures on the plane; the ring marks two standard deviations of the prior',
      ),
    );
    this.move(this.#spot);
  }

  /** @param {{x: number, y: number}} spot in latent units */
  move(spot) {
    this.#spot = spot;
    const scale = 100 / this.#extent;
    this.#cursor.setAttribute('transform', `translate(${spot.x * scale} ${-spot.y * scale})`);
    this.#text.textContent = say('({x}, {y})', { x: coordinate(spot.x), y: coordinate(spot.y) });
  }

  /**
   * Shows the decoded picture at the cursor.
   * @param {Uint8ClampedArray} rgba
   */
  paint(rgba) {
    const { shape, isInk } = this.#data;
    this.#picture.paint(shape, rgba);
    this.#picture.node.classList.toggle('in-color', !isInk);
    this.#picture.label = say('Decoded picture at {place}', { place: this.#text.textContent ?? '' });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    if (event.pointerType !== 'mouse' && event.buttons === 0) return;
    const { left, top, width, height } = this.#svg.getBoundingClientRect();
    const x = (((event.clientX - left) / width) * 2 - 1) * this.#extent;
    const y = (1 - ((event.clientY - top) / height) * 2) * this.#extent;
    this.#emit({ x, y });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEP * this.#extent;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (!move) return;
    event.preventDefault();
    this.#emit({ x: this.#spot.x + move[0], y: this.#spot.y + move[1] });
  }

  /** @param {{x: number, y: number}} spot */
  #emit(spot) {
    emit(this.node, 'spot', spot);
  }
}
