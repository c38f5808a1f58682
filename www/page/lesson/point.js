import { say } from '../../state/texts.js';
import { h, svg } from '../../views/parts/dom.js';
import { palette } from '../../views/parts/palette.js';
import { coordinate, nearest, place } from '../../views/parts/plane.js';
import { shownNumber } from './numbers.js';

/** @typedef {import('../../views/parts/plane.js').Spot} Spot */

/** Distance that an arrow key moves the point, in latent units. */
const STEP = 0.05;

/** Stored codes whose labels are read out. */
const NEIGHBORS = 5;

/** A point on the plane of codes, placed by pointer or arrow keys. Revealed, a line leads from it to the network's point. */
export class PointInput {
  #extent;
  #within;
  #spot = { x: 0, y: 0 };
  #isPlaced = false;
  /** @type {import('../../engine/types.js').StoredLatents | null} */
  #stored = null;
  #dots = svg('svg', { class: 'dots', 'aria-hidden': 'true' });
  #answer = svg('svg', { class: 'between', 'aria-hidden': 'true' });
  #mark = h('span', { class: 'guess', 'aria-hidden': 'true' });
  #target = h('span', { class: 'answer', 'aria-hidden': 'true', hidden: true });
  #inputs;
  #plot;

  /** @param {import('./question-block.js').PointQuestion} question */
  constructor({ extent, within }) {
    this.#extent = extent;
    this.#within = within;
    this.#inputs = { x: this.#axis(say('First number, to the right')), y: this.#axis(say('Second number, upward')) };
    this.#plot = h('div', { class: 'plane', dir: 'ltr' }, this.#dots, this.#answer, this.#target, this.#mark);
    this.#plot.append(this.#inputs.x, this.#inputs.y);
    this.node = h('div', { class: 'placing' }, this.#plot, legend());
    this.#plot.addEventListener('pointerdown', (event) => this.#press(event));
    this.#plot.addEventListener('pointermove', (event) => event.buttons > 0 && this.#move(this.#spotOf(event)));
    this.#listen('x', 'ArrowLeft', 'ArrowRight');
    this.#listen('y', 'ArrowDown', 'ArrowUp');
    this.#show();
  }

  /** Null until the point has been placed. */
  get guess() {
    return this.#isPlaced ? [this.#spot.x, this.#spot.y] : null;
  }

  /** @param {unknown} kept */
  restore(kept) {
    const isPoint = Array.isArray(kept) && kept.length === 2 && kept.every((each) => Math.abs(each) <= this.#extent);
    if (isPoint) this.#move({ x: Number(kept[0]), y: Number(kept[1]) });
    return isPoint;
  }

  /** Shows where stored codes are. @param {import('../../engine/types.js').StoredLatents} stored */
  show(stored) {
    this.#stored = stored;
    const { mean, labels } = stored;
    const dots = Array.from({ length: mean.length / 2 }, (_, i) => {
      const { left, top } = place({ x: mean[2 * i], y: mean[2 * i + 1] }, this.#extent);
      return svg('circle', { cx: left, cy: top, r: 2.5, fill: palette[labels?.[i] ?? 0] });
    });
    this.#dots.replaceChildren(...dots);
    this.#show();
  }

  /** @param {import('./answers.js').PointAnswer} answer */
  reveal({ x, y }) {
    const [from, to] = [place(this.#spot, this.#extent), place({ x, y }, this.#extent)];
    this.#answer.replaceChildren(svg('line', { x1: from.left, y1: from.top, x2: to.left, y2: to.top }));
    this.#target.hidden = false;
    Object.assign(this.#target.style, { insetInlineStart: to.left, insetBlockStart: to.top });
    const away = Math.hypot(this.#spot.x - x, this.#spot.y - y);
    return {
      isRight: away <= this.#within,
      text: say('The network puts it at ({x}, {y}). Your point is {distance} away.', {
        x: coordinate(x),
        y: coordinate(y),
        distance: shownNumber(away),
      }),
    };
  }

  hide() {
    this.#target.hidden = true;
    this.#answer.replaceChildren();
  }

  /** @param {string} label */
  #axis(label) {
    const extent = this.#extent;
    const input = h('input', { type: 'range', class: 'unseen', step: STEP, min: -extent, max: extent });
    input.setAttribute('aria-label', label);
    input.setAttribute('aria-roledescription', say('two-dimensional slider'));
    return input;
  }

  /**
   * @param {'x' | 'y'} name
   * @param {string} less key that decreases this coordinate
   * @param {string} more
   */
  #listen(name, less, more) {
    const input = this.#inputs[name];
    const other = this.#inputs[name === 'x' ? 'y' : 'x'];
    input.addEventListener('input', () => this.#move({ ...this.#spot, [name]: input.valueAsNumber }));
    // A slider ignores the arrow keys of the other direction.
    other.addEventListener('keydown', (event) => {
      if (event.key !== less && event.key !== more) return;
      event.preventDefault();
      this.#move({ ...this.#spot, [name]: this.#spot[name] + (event.key === more ? STEP : -STEP) });
    });
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#inputs.x.focus({ preventScroll: true });
    this.#plot.setPointerCapture(event.pointerId);
    this.#move(this.#spotOf(event));
  }

  /** @param {PointerEvent} event */
  #spotOf(event) {
    const { left, top, width, height } = this.#plot.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * 2 * this.#extent - this.#extent,
      y: this.#extent - ((event.clientY - top) / height) * 2 * this.#extent,
    };
  }

  /** @param {Spot} spot */
  #move({ x, y }) {
    // The question is answered, or is just asked.
    if (this.#inputs.x.matches(':disabled')) return;
    const within = (/** @type {number} */ value) => Math.min(this.#extent, Math.max(-this.#extent, value));
    this.#spot = { x: within(x), y: within(y) };
    this.#isPlaced = true;
    this.#show();
  }

  #show() {
    const { left, top } = place(this.#spot, this.#extent);
    Object.assign(this.#mark.style, { insetInlineStart: left, insetBlockStart: top });
    this.#mark.classList.toggle('unplaced', !this.#isPlaced);
    const near = this.#stored ? nearest(this.#spot, this.#stored, NEIGHBORS).join(', ') : '';
    for (const name of /** @type {const} */ (['x', 'y'])) {
      this.#inputs[name].value = String(this.#spot[name]);
      const here = coordinate(this.#spot[name]);
      this.#inputs[name].setAttribute(
        'aria-valuetext',
        near ? `${here}; ${say('Closest test digits')}: ${near}` : here,
      );
    }
  }
}

function legend() {
  const items = palette.map((color, digit) => {
    const swatch = h('span', { class: 'swatch' });
    swatch.style.color = color;
    return h('li', {}, swatch, String(digit));
  });
  return h('ul', { class: 'legend', 'aria-label': say('Test digits') }, ...items);
}
