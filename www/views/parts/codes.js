import { say } from '../../texts.js';
import { button } from './controls.js';
import { h, svg } from './dom.js';
import { palette } from './palette.js';
import { place } from './plane.js';

/** The codes of test images over the plane, one group of marks for each digit, and the legend that shows and hides them. */
export class Codes {
  #groups = palette.map((color) => svg('g', { fill: color }));
  #boxes = palette.map((color, digit) => {
    const input = h('input', { type: 'checkbox', part: `class-${digit}`, checked: true });
    input.addEventListener('change', () => this.#toggle());
    const swatch = h('span', { class: 'swatch' });
    swatch.style.background = color;
    return { input, node: h('label', {}, input, swatch, h('span', {}, String(digit))) };
  });

  constructor() {
    this.node = svg('svg', { class: 'codes', 'aria-hidden': 'true' }, ...this.#groups);
    const all = button(say('All'), 'all-classes', () => this.#setAll(true));
    const none = button(say('None'), 'no-classes', () => this.#setAll(false));
    const boxes = h('div', { class: 'boxes' }, ...this.#boxes.map(({ node }) => node));
    this.legend = h(
      'fieldset',
      { class: 'field legend', 'data-control': 'classes' },
      h('legend', { class: 'name' }, say('Test digits')),
      boxes,
      h('div', { class: 'row' }, all, none),
    );
  }

  /**
   * @param {import('../../engine.js').StoredLatents} stored of a two-dimensional model
   * @param {number} extent
   */
  show({ mean, labels }, extent) {
    /** @type {SVGElement[][]} */
    const marks = this.#groups.map(() => []);
    labels.forEach((label, i) => {
      const { left, top } = place({ x: mean[2 * i], y: mean[2 * i + 1] }, extent);
      marks[label]?.push(svg('circle', { cx: left, cy: top }));
    });
    this.#groups.forEach((group, digit) => group.replaceChildren(...marks[digit]));
  }

  #toggle() {
    this.#boxes.forEach(({ input }, digit) => this.#groups[digit].toggleAttribute('hidden', !input.checked));
  }

  /** @param {boolean} checked */
  #setAll(checked) {
    for (const { input } of this.#boxes) input.checked = checked;
    this.#toggle();
  }
}
