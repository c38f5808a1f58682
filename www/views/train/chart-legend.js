import { say, sayNumber, written } from '../../state/texts.js';
import { h } from '../parts/dom.js';

/** A chart's title, and names, colors and values of its curves: the newest values, or those under the cursor. */
export class ChartLegend {
  #step = h('span', { class: 'chart-step' });
  #values;
  #data = { steps: /** @type {number[]} */ ([]), lines: /** @type {number[][]} */ ([]) };
  /** @type {number | null} */
  #index = null;

  /**
   * @param {string} title
   * @param {import('./chart-specs.js').Series[]} series
   */
  constructor(title, series) {
    this.#values = series.map(() => h('b', {}, '–'));
    const keys = series.map(({ kind, name }, i) =>
      h('span', { class: 'key', 'data-kind': kind }, name, ' ', this.#values[i]),
    );
    this.node = h(
      'p',
      { class: 'chart-legend' },
      h('span', { class: 'chart-title' }, title, this.#step),
      ' ',
      h('span', { class: 'keys' }, ...keys.flatMap((key) => [key, ' '])),
    );
  }

  /** @param {{steps: number[], lines: number[][]}} data one line for each curve */
  set data(data) {
    this.#data = data;
    this.#draw();
  }

  /** @param {number | null} index of the step under the cursor; null for the newest */
  set index(index) {
    if (index === this.#index) return;
    this.#index = index;
    this.#draw();
  }

  #draw() {
    const { steps, lines } = this.#data;
    const at = Math.min(this.#index ?? Infinity, steps.length - 1);
    this.#step.textContent =
      this.#index === null || at < 0 ? '' : `, ${say('step {step}', { step: sayNumber(steps[at]) })}`;
    this.#values.forEach((value, i) => (value.textContent = at < 0 ? '–' : short(lines[i][at])));
  }
}

/** @param {number} loss */
function short(loss) {
  return written(loss.toFixed(Math.abs(loss) < 100 ? 2 : 1));
}
