import { say } from '../../state/texts.js';
import { button } from './controls.js';
import { h, svg } from './dom.js';
import { palette } from './palette.js';
import { place } from './plane.js';

/**
 * The stored codes on the plane, as one group of dots for each digit, and the legend that shows and hides them. Codes without
 * labels are one group.
 */
export class Codes {
  #groups = palette.map((color) => svg('g', { fill: color }));
  #boxes = palette.map((color, digit) => {
    const input = h('input', { type: 'checkbox', part: `class-${digit}`, checked: true });
    input.addEventListener('change', () => this.#toggle());
    const swatch = h('span', { class: 'swatch' });
    swatch.style.background = color;
    const name = h('span', {}, String(digit));
    return { input, name, node: h('label', {}, input, swatch, name) };
  });
  #title = h('legend', { class: 'name' }, say('Test digits'));
  #all = h('div', { class: 'row' });
  #onChoose;

  /** @param {(classes: string) => void} onChoose gets the digits that the reader wants to see, or `none` */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.node = svg('svg', { class: 'codes', 'aria-hidden': 'true' }, ...this.#groups);
    const all = button(say('All'), 'all-classes', () => this.#setAll(true));
    const none = button(say('None'), 'no-classes', () => this.#setAll(false));
    const boxes = h('div', { class: 'boxes' }, ...this.#boxes.map(({ node }) => node));
    this.#all.append(all, none);
    this.legend = h('fieldset', { class: 'field legend', 'data-control': 'classes' }, this.#title, boxes, this.#all);
  }

  /**
   * @param {import('../../engine/types.js').StoredLatents} stored of a two-dimensional model
   * @param {number} extent
   */
  show({ mean, labels, own }, extent) {
    if (own === 'draws') this.#title.textContent = say('Random codes');
    else if (own) this.#title.textContent = labels ? say('Your pictures, by class') : say('Your pictures');
    if (!labels) this.#merge();
    /** @type {SVGElement[][]} */
    const marks = this.#groups.map(() => []);
    for (let i = 0; i < mean.length / 2; i++) {
      const { left, top } = place({ x: mean[2 * i], y: mean[2 * i + 1] }, extent);
      marks[labels?.[i] ?? 0]?.push(svg('circle', { cx: left, cy: top }));
    }
    this.#groups.forEach((group, digit) => group.replaceChildren(...marks[digit]));
  }

  /** Puts all codes into one group. */
  #merge() {
    const [first, ...others] = this.#boxes;
    first.name.textContent = say('shown');
    first.node.classList.add('only');
    for (const { node } of others) node.remove();
    this.#all.remove();
  }

  /** @param {string} classes digits that are shown, or `none` */
  choose(classes) {
    this.#boxes.forEach(({ input }, digit) => (input.checked = classes.includes(String(digit))));
    this.#draw();
  }

  #toggle() {
    this.#draw();
    const shown = this.#boxes.flatMap(({ input }, digit) => (input.checked ? [digit] : []));
    this.#onChoose(shown.join('') || 'none');
  }

  #draw() {
    this.#boxes.forEach(({ input }, digit) => this.#groups[digit].toggleAttribute('hidden', !input.checked));
  }

  /** @param {boolean} checked */
  #setAll(checked) {
    for (const { input } of this.#boxes) input.checked = checked;
    this.#toggle();
  }
}
