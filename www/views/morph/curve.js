import { written } from '../../state/texts.js';
import { h, svg } from '../parts/dom.js';

/** A small line chart along a path: from 0 to 1 to the right, with the position as a vertical line. */
export class Curve {
  #line = svg('path', { class: 'curve-line' });
  #typical = svg('path', { class: 'curve-typical' });
  #now = svg('path', { class: 'curve-now', d: 'M0 0V1' });
  #chart = svg(
    'svg',
    { role: 'img', viewBox: '0 0 1 1', preserveAspectRatio: 'none', part: 'lens-curve' },
    this.#typical,
    this.#line,
    this.#now,
  );
  #high = h('span', { 'aria-hidden': 'true' });
  #low = h('span', { 'aria-hidden': 'true' });
  node = h('div', { class: 'curve', dir: 'ltr' }, this.#high, this.#chart, this.#low);

  /**
   * @param {ArrayLike<number>} values at even steps
   * @param {number | null} typical value that is marked by a dashed line
   * @param {string} label
   */
  show(values, typical, label) {
    const all = [...Array.from(values), ...(typical === null ? [] : [typical])];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const y = (/** @type {number} */ value) => (high > low ? (high - value) / (high - low) : 0.5).toFixed(4);
    const points = Array.from(values, (value, i) => `${(i / (values.length - 1)).toFixed(4)} ${y(value)}`);
    this.#line.setAttribute('d', `M${points.join('L')}`);
    this.#typical.setAttribute('d', typical === null ? '' : `M0 ${y(typical)}H1`);
    this.#high.textContent = written(high.toFixed(1));
    this.#low.textContent = written(low.toFixed(1));
    this.#chart.setAttribute('aria-label', label);
  }

  /** @param {number} t from 0 to 1 */
  move(t) {
    this.#now.setAttribute('d', `M${t.toFixed(4)} 0V1`);
  }
}
