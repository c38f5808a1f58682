import { chartStyleAddress } from '../../assets.js';
import { smoothed } from '../../training/page/curve.js';
import { say } from '../../state/texts.js';
import { choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { WidthObserver } from '../parts/width.js';
import { ChartLegend } from './chart-legend.js';
import { chartOptions, HEIGHT } from './chart-options.js';

/**
 * @typedef {import('../../vendor/uplot/uPlot.js')} Plot
 * @typedef {typeof import('../../vendor/uplot/uPlot.js')} PlotClass
 * @typedef {import('../../vendor/uplot/uPlot.js').AlignedData} AlignedData
 * @typedef {import('./chart-specs.js').ChartSpec} ChartSpec
 *
 * @typedef {object} Chart
 * @property {HTMLElement} place
 * @property {ChartLegend} legend
 * @property {ChartSpec} spec
 * @property {Plot | null} plot null in a build without the chart library
 */

/** Smallest width of a chart, in CSS pixels. */
const NARROWEST = 160;

/**
 * Charts of values over the steps of a run. Each curve is smoothed, with its raw values faint behind it. Legends show the newest values, or
 * those under the cursor, which all charts share.
 */
export class Charts {
  #place;
  #scale;
  /** @type {Chart[]} */
  #charts = [];
  /** @type {ChartSpec[]} */
  #specs = [];
  #isLog = false;
  /** @type {number[][]} */
  #curve = [];
  #isDue = false;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #repaint = () => this.#rebuild();

  /**
   * @param {{part: string, hasScale: boolean}} options the name of the charts; `hasScale` if the reader can choose between linear and
   *   logarithmic
   */
  constructor({ part, hasScale }) {
    this.#place = h('div', { class: 'charts', part });
    const values = /** @type {const} */ ([
      ['linear', say('Linear')],
      ['log', say('Log')],
    ]);
    this.#scale = choice({ legend: say('Scale'), name: 'scale', values, value: 'linear' }, (scale) => {
      this.#isLog = scale === 'log';
      this.#rebuild();
    });
    this.node = h('div', { class: 'losses' }, this.#place, ...(hasScale ? [this.#scale.node] : []));
    this.width = new WidthObserver(this.#place, () => this.#fit());
    this.#dark.addEventListener('change', this.#repaint);
  }

  /**
   * Starts the charts of a run.
   * @param {ChartSpec[]} specs
   */
  async begin(specs) {
    this.#specs = specs;
    this.#curve = [];
    await this.#rebuild();
  }

  /** @param {number[][]} curve steps, then a column for each value */
  show(curve) {
    this.#curve = curve;
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw() {
    const [steps] = this.#curve;
    for (const { plot, legend, spec } of this.#charts) {
      const raw = spec.series.map(({ column }) => this.#curve[column]);
      const lines = spec.isExact ? raw.map(finite) : raw.map(smoothed);
      legend.data = { steps, lines };
      plot?.setData(
        /** @type {AlignedData} */ ([steps, ...(this.#isLog ? [...raw, ...lines].map(positive) : [...raw, ...lines])]),
      );
    }
  }

  async #rebuild() {
    const Plot = await library();
    for (const { plot } of this.#charts.splice(0)) plot?.destroy();
    this.#place.replaceChildren(
      ...(Plot ? [] : [h('p', { class: 'hint' }, say('This build has no chart library, so there are only numbers.'))]),
    );
    for (const spec of this.#specs) {
      const { part, title, series, lines = [], isSigned = false, isExact = false } = spec;
      const legend = new ChartLegend(title, series, lines);
      const place = h('div', { class: 'chart', part }, legend.node);
      this.#place.append(place);
      const options = chartOptions(this.#place, {
        series,
        lines,
        width: widthOf(place),
        isLog: this.#isLog,
        isSigned,
        isExact,
        onCursor: (index) => (legend.index = index),
      });
      const columns = 2 * series.length + 1;
      const plot =
        Plot &&
        new Plot(options, /** @type {AlignedData} */ ([[], ...Array.from({ length: columns - 1 }, () => [])]), place);
      this.#charts.push({ place, legend, spec, plot });
    }
    // The first chart had the whole width when it was created.
    this.#fit();
    if (this.#curve.length > 0) this.#draw();
  }

  #fit() {
    for (const { plot, place } of this.#charts) {
      const width = widthOf(place);
      if (plot && width !== plot.width) plot.setSize({ width, height: HEIGHT });
    }
  }

  destroy() {
    this.#dark.removeEventListener('change', this.#repaint);
    for (const { plot } of this.#charts) plot?.destroy();
  }
}

/** @param {HTMLElement} place */
function widthOf(place) {
  return Math.max(NARROWEST, place.clientWidth);
}

/** Removes values that a logarithmic scale cannot show. @param {(number | null)[]} column */
function positive(column) {
  return column.map((value) => (value !== null && value > 0 ? value : null));
}

/** Removes values that no scale can show. @param {number[]} column */
function finite(column) {
  return column.map((value) => (Number.isFinite(value) ? value : null));
}

/** @type {Promise<PlotClass | null> | undefined} */
let loading;

/**
 * The chart library; null if there is none. All charts share one import: in WebKit a second import of a module that threw resolves with a
 * partial module.
 */
function library() {
  return (loading ??= load());
}

/**
 * Null in a build without the library, and if it throws: it demands that the browser's language is valid.
 * @returns {Promise<PlotClass | null>}
 */
async function load() {
  try {
    const loaded = /** @type {{default: PlotClass}} */ (await import('../../vendor/uplot/uPlot.js'));
    return loaded.default;
  } catch {
    return null;
  }
}

/**
 * The library's style sheet, for the shadow root of the figure.
 * @returns {Promise<CSSStyleSheet | null>}
 */
export async function chartStyle() {
  try {
    const response = await fetch(chartStyleAddress);
    if (!response.ok) return null;
    return await new CSSStyleSheet().replace(await response.text());
  } catch {
    return null;
  }
}
