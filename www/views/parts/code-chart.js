import { say, written } from '../../state/texts.js';
import { h, svg } from './dom.js';

/** Most rows of the chart. For longer codes, the numbers that change most are shown. */
const MOST_ROWS = 16;

/**
 * A chart of a code along a path: one row for each number, with its first, last and current value.
 */
export class CodeChart {
  /** @type {SVGCircleElement[]} */
  #dots = [];
  /** @type {number[]} latent dimensions of the rows */
  #rows = [];
  #limit = 3;
  #latent = 0;
  /** @type {Float32Array} */
  #path = new Float32Array();

  /** @param {number} [expected] latent size, if it is known beforehand, so that the title takes its final room */
  constructor(expected) {
    this.plot = svg('svg', { 'aria-hidden': 'true' });
    this.title = h('p', { class: 'name' }, expected ? titleOf(expected) : '\u00a0');
    this.scale = h('div', { class: 'scale', dir: 'ltr', 'aria-hidden': 'true' }, '\u00a0');
    this.node = h(
      'div',
      { class: 'code', part: 'code', role: 'img', 'aria-label': say('Not decoded yet'), 'data-control': 'code' },
      this.title,
      this.plot,
      this.scale,
    );
  }

  /**
   * @param {Float32Array} path [frames, latent]
   * @param {number} latent
   */
  show(path, latent) {
    this.#path = path;
    this.#latent = latent;
    const frames = path.length / latent;
    const [first, last] = [path.subarray(0, latent), path.subarray((frames - 1) * latent)];
    this.#rows = mostChanged(first, last);
    this.#limit = Math.max(3, Math.ceil(path.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    this.#dots = this.#rows.map(() => svg('circle', { class: 'now', r: 4.5 }));
    const rows = this.#rows.map((dimension, row) => this.#row(row, first[dimension], last[dimension]));
    const zero = svg('line', { class: 'zero', x1: '50%', x2: '50%', y1: 0, y2: '100%' });
    this.plot.replaceChildren(zero, ...rows);
    this.scale.replaceChildren(...[-this.#limit, 0, this.#limit].map((value) => h('span', {}, signed(value))));
    this.title.textContent = titleOf(latent);
    this.node.setAttribute(
      'aria-label',
      `${this.title.textContent}; ${say('each moves from its value at the start to its value at the end')}`,
    );
  }

  /** @param {number} frame */
  move(frame) {
    const now = this.#path.subarray(frame * this.#latent, (frame + 1) * this.#latent);
    this.#dots.forEach((dot, row) => dot.setAttribute('cx', this.#across(now[this.#rows[row]])));
  }

  /**
   * @param {number} row
   * @param {number} from
   * @param {number} to
   */
  #row(row, from, to) {
    const y = `${((row + 0.5) / this.#rows.length) * 100}%`;
    const dot = this.#dots[row];
    dot.setAttribute('cy', y);
    return svg(
      'g',
      {},
      svg('line', { class: 'track', x1: 0, x2: '100%', y1: y, y2: y }),
      svg('line', { class: 'span', x1: this.#across(from), x2: this.#across(to), y1: y, y2: y }),
      svg('circle', { class: 'end', cx: this.#across(from), cy: y, r: 2 }),
      svg('circle', { class: 'end', cx: this.#across(to), cy: y, r: 2 }),
      dot,
    );
  }

  /** @param {number} value */
  #across(value) {
    return `${(50 + (48 * value) / this.#limit).toFixed(2)}%`;
  }
}

/** @param {number} latent */
function titleOf(latent) {
  return latent <= MOST_ROWS
    ? say('Its code: {latent} numbers', { latent })
    : say('Of its {latent} numbers, the {rows} that change most', { latent, rows: MOST_ROWS });
}

/**
 * @param {Float32Array} first
 * @param {Float32Array} last
 */
function mostChanged(first, last) {
  const change = Array.from(first, (value, i) => ({ i, size: Math.abs(last[i] - value) }));
  if (change.length > MOST_ROWS) change.sort((a, b) => b.size - a.size);
  return change.slice(0, MOST_ROWS).map(({ i }) => i);
}

/** @param {number} value */
function signed(value) {
  return value > 0 ? `+${value}` : written(value);
}
