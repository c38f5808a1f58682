import { say } from '../../state/texts.js';
import { h, svg } from '../parts/dom.js';
import { byPath, namesOfPaths, PATHS } from './paths.js';

/**
 * @typedef {import('./paths.js').Path} Path
 *
 * @typedef {object} Shown
 * @property {Partial<Record<Path, Float32Array>>} series values at even steps
 * @property {readonly [number, number]} [reach] positions of the first and of the last value; 0 and 1 without it
 * @property {readonly [number, number]} [range] range of the chart, if it is not that of the values
 * @property {readonly [number, number]} [band] a shaded range
 * @property {(value: number) => string} format
 */

/** A line chart of one measure along all paths, as wide as the rows of pictures above it. */
export class Chart {
  #title;
  #lines = byPath((path) => svg('path', { class: `series ${path}` }));
  #band = svg('rect', { class: 'band', x: 0, width: 1 });
  #plot;
  #high = h('span', {});
  #low = h('span', {});
  #range = h('span', { class: 'chart-range', dir: 'ltr', 'aria-hidden': 'true' });

  /**
   * @param {string} title
   * @param {string} part
   */
  constructor(title, part) {
    this.#title = title;
    this.#plot = svg(
      'svg',
      { role: 'img', viewBox: '0 0 1 1', preserveAspectRatio: 'none', part, 'aria-label': title },
      this.#band,
      ...Object.values(this.#lines),
    );
    const ticks = h('div', { class: 'chart-ticks', dir: 'ltr', 'aria-hidden': 'true' }, this.#high, this.#low);
    this.name = h('p', { class: 'chart-name' }, h('span', {}, title), this.#range);
    this.node = h('div', { class: 'at-line chart-line' }, this.#plot, ticks);
    this.nodes = [this.name, this.node];
  }

  /** @param {boolean} isHidden */
  set hidden(isHidden) {
    for (const node of this.nodes) node.hidden = isHidden;
  }

  /** @param {Shown} shown */
  show({ series, reach: [first, last] = [0, 1], range, band, format }) {
    const all = PATHS.flatMap((path) => [...(series[path] ?? [])]).concat(band ?? []);
    const [low, high] = range ?? [Math.min(...all), Math.max(...all)];
    const y = (/** @type {number} */ value) => (high > low ? (high - value) / (high - low) : 0.5).toFixed(4);
    const x = (/** @type {number} */ share) => (first + share * (last - first)).toFixed(4);
    for (const path of PATHS) {
      const points = Array.from(series[path] ?? [], (value, i, values = series[path] ?? []) => {
        return `${x(i / (values.length - 1))} ${y(value)}`;
      });
      this.#lines[path].setAttribute('d', points.length > 0 ? `M${points.join('L')}` : '');
    }
    this.#band.setAttribute('y', band ? y(band[1]) : '0');
    this.#band.setAttribute('height', band && high > low ? ((band[1] - band[0]) / (high - low)).toFixed(4) : '0');
    this.#high.textContent = format(high);
    this.#low.textContent = format(low);
    this.#range.textContent = `${format(low)} – ${format(high)}`;
    this.#plot.setAttribute('aria-label', `${this.#title}. ${spoken(series, format)}`);
  }
}

/**
 * @param {Partial<Record<Path, Float32Array>>} series
 * @param {(value: number) => string} format
 */
function spoken(series, format) {
  const names = namesOfPaths();
  return PATHS.filter((path) => series[path])
    .map((path) => {
      const values = [...(series[path] ?? [])];
      const [low, high] = [format(Math.min(...values)), format(Math.max(...values))];
      return say('{path}: between {low} and {high}', { path: names[path], low, high });
    })
    .join('. ');
}
