import { say, sayNumber, written } from '../../state/texts.js';
import { h } from '../parts/dom.js';

/** A chart's title, and names, colors and values of its curves: the newest values, or those under the cursor. */
export class ChartLegend {
  #step = h('span', { class: 'chart-step' });
  #values;
  #data = { steps: /** @type {number[]} */ ([]), lines: /** @type {(number | null)[][]} */ ([]) };
  /** @type {number | null} */
  #index = null;

  /**
   * @param {string} title
   * @param {import('./chart-specs.js').Series[]} series
   * @param {import('./chart-specs.js').Line[]} [lines]
   */
  constructor(title, series, lines = []) {
    this.#values = series.map(() => h('b', {}, '–'));
    const keys = series.map(({ kind, name }, i) =>
      h('span', { class: 'key', 'data-kind': kind }, name, ' ', this.#values[i]),
    );
    const fixed = lines.map(({ name, value }, i) =>
      h('span', { class: 'key', 'data-kind': 'line', 'data-line': i }, name, ' ', h('b', {}, short(value))),
    );
    this.node = h(
      'p',
      { class: 'chart-legend' },
      h('span', { class: 'chart-title' }, title, this.#step),
      ' ',
      h('span', { class: 'keys' }, ...[...keys, ...fixed].flatMap((key) => [key, ' '])),
    );
  }

  /** @param {{steps: number[], lines: (number | null)[][]}} data one line for each curve */
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

/** @param {number | null} loss null where it is not finite */
function short(loss) {
  if (loss === null) return '–';
  return written(loss.toFixed(Math.abs(loss) < 100 ? 2 : 1));
}
