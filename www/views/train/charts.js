import { say, sayNumber, written } from '../../texts.js';
import { choice } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { WidthObserver } from '../parts/width.js';

/**
 * @typedef {import('../../vendor/uplot/uPlot.js')} Plot
 * @typedef {typeof import('../../vendor/uplot/uPlot.js')} PlotClass
 */

const HEIGHT = 190;

/** Between two marks of the axis of steps: there is no half a step. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat();

const names = () => ({ variational: say('VAE'), autoencoder: say('Plain') });

/** Losses as curves over the steps: reconstruction, and KL where there is one. Hovering one shows the values of both. */
export class Charts {
  #place = h('div', { class: 'charts', part: 'charts' });
  #numbers = h('p', { class: 'count', part: 'losses', role: 'status', 'aria-live': 'off' });
  #scale;
  /** @type {{plot: Plot, place: HTMLElement, columns: number[]}[]} */
  #plots = [];
  /** @type {Promise<PlotClass | null> | undefined} */
  #library;
  /** @type {('variational' | 'autoencoder')[]} */
  #kinds = [];
  #unit = '';
  #isLog = false;
  /** @type {number[][]} */
  #curve = [];
  #isDue = false;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #repaint = () => this.#rebuild();

  constructor() {
    const values = /** @type {const} */ ([
      ['linear', say('Linear')],
      ['log', say('Log')],
    ]);
    this.#scale = choice({ legend: say('Scale'), name: 'scale', values, value: 'linear' }, (scale) => {
      this.#isLog = scale === 'log';
      this.#rebuild();
    });
    this.node = h('div', { class: 'losses' }, this.#place, h('div', { class: 'losses-foot' }, this.#numbers, this.#scale.node));
    this.width = new WidthObserver(this.#place, () => this.#fit());
    this.#dark.addEventListener('change', this.#repaint);
  }

  /**
   * Another run.
   * @param {('variational' | 'autoencoder')[]} kinds of its networks
   * @param {string} unit of the reconstruction loss
   */
  async begin(kinds, unit) {
    this.#kinds = kinds;
    this.#unit = unit;
    await this.#rebuild();
  }

  /** @param {number[][]} curve steps, then reconstruction and KL of each network */
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
    const last = this.#curve[0].length - 1;
    this.#numbers.textContent = this.#kinds
      .map((kind, i) => {
        if (last < 0) return '';
        const [reconstruction, kl] = [this.#curve[1 + 2 * i][last], this.#curve[2 + 2 * i][last]];
        const divergence = kind === 'variational' ? ` + KL ${written(kl.toFixed(2))}` : '';
        return say('{network}: reconstruction {loss} {unit}', {
          network: names()[kind],
          loss: `${written(reconstruction.toFixed(1))}${divergence}`,
          unit: this.#unit,
        });
      })
      .join(' · ');
    for (const { plot, columns } of this.#plots) {
      const data = [0, ...columns].map((column) => this.#curve[column]);
      plot.setData(/** @type {any} */ (this.#isLog ? data.map(positive) : data));
    }
  }

  async #rebuild() {
    this.#library ??= library();
    const Plot = await this.#library;
    for (const { plot } of this.#plots.splice(0)) plot.destroy();
    if (!Plot) {
      this.#place.textContent = say('The chart library is not part of this build; the losses are below as numbers.');
      return;
    }
    const both = this.#kinds.map((kind, i) => ({ kind, reconstruction: 1 + 2 * i, kl: 2 + 2 * i }));
    const charts = [
      { title: say('Reconstruction, {unit}', { unit: this.#unit }), series: both.map(({ kind, reconstruction }) => ({ kind, column: reconstruction })) },
      {
        title: say('KL, nats'),
        series: both.filter(({ kind }) => kind === 'variational').map(({ kind, kl }) => ({ kind, column: kl })),
      },
    ].filter(({ series }) => series.length > 0);
    this.#place.replaceChildren();
    for (const { title, series } of charts) {
      const place = h('div', { class: 'chart' }, h('p', { class: 'name' }, title));
      this.#place.append(place);
      const plot = new Plot(this.#options(place, series), /** @type {any} */ ([[], ...series.map(() => [])]), place);
      this.#plots.push({ plot, place, columns: series.map(({ column }) => column) });
    }
    this.#fit();
    if (this.#curve.length > 0) this.#draw();
  }

  /**
   * @param {HTMLElement} place
   * @param {{kind: 'variational' | 'autoencoder'}[]} series
   * @returns {any}
   */
  #options(place, series) {
    const style = getComputedStyle(this.#place);
    /** What a custom property comes to: a canvas knows neither variables nor schemes. @param {string} name */
    const color = (name) => {
      const probe = h('span');
      probe.style.color = `var(${name})`;
      this.#place.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    };
    const [line, soft] = [color('--chart-line'), color('--chart-soft')];
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    return {
      width: Math.max(160, place.clientWidth),
      height: HEIGHT,
      cursor: { sync: { key: 'latent-lab losses' }, points: { size: 7 } },
      legend: { live: true },
      scales: { x: { time: false, range: around }, y: { distr: this.#isLog ? 3 : 1, range: this.#isLog ? undefined : rising } },
      axes: [
        { ...axis, size: 32, incrs: WHOLE, values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(short) },
        { ...axis, size: roomFor, values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(short) },
      ],
      series: [
        { label: say('Step'), value: (/** @type {unknown} */ _, /** @type {number | null} */ step) => (step === null ? '–' : sayNumber(step)) },
        ...series.map(({ kind }) => ({
          label: names()[kind],
          stroke: color(kind === 'variational' ? '--chart-a' : '--chart-b'),
          width: 1.75,
          // One point is no line yet.
          points: { show: (/** @type {Plot} */ plot) => plot.data[0].length === 1, size: 6 },
          value: (/** @type {unknown} */ _, /** @type {number | null} */ value) => (value === null ? '–' : written(value.toFixed(2))),
        })),
      ],
    };
  }

  #fit() {
    for (const { plot, place } of this.#plots) {
      const width = Math.max(160, place.clientWidth);
      if (width !== plot.width) plot.setSize({ width, height: HEIGHT });
    }
  }

  destroy() {
    this.#dark.removeEventListener('change', this.#repaint);
    for (const { plot } of this.#plots) plot.destroy();
  }
}

/**
 * From the smallest value to what most values stay below: the first steps of a run are far above all others.
 * @param {Plot} plot
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function rising(plot, low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const values = plot.data.slice(1).flatMap((column) => /** @type {number[]} */ (column).slice(-Math.ceil(column.length * 0.97)));
  const top = values.length > 20 ? values.reduce((most, value) => Math.max(most, value), low) : high;
  const margin = top > low ? (top - low) * 0.06 : Math.abs(low) * 0.01 || 1;
  return [Math.max(0, low - margin), top + margin];
}

/**
 * All steps; a single one stands in the middle.
 * @param {Plot} _
 * @param {number | null} first
 * @param {number | null} last
 * @returns {[number, number]}
 */
function around(_, first, last) {
  if (first === null || last === null) return [0, 1];
  return first === last ? [first - 1, last + 1] : [first, last];
}

/**
 * Pixels that the labels beside a chart take.
 * @param {Plot} _
 * @param {string[] | null} labels
 */
function roomFor(_, labels) {
  return Math.max(48, 20 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length)));
}

/** @param {number[]} column a logarithmic scale has no place for zero */
function positive(column) {
  return column.map((value) => (value > 0 ? value : null));
}

/** @param {number} value */
function short(value) {
  if (value === null) return '';
  return value >= 10_000 ? `${value / 1000}k` : String(Number(value.toPrecision(6)));
}

/**
 * The chart library; null where this build has none.
 * @returns {Promise<PlotClass | null>}
 */
async function library() {
  try {
    const loaded = /** @type {{default: any}} */ (await import('../../vendor/uplot/uPlot.js'));
    return loaded.default;
  } catch {
    return null;
  }
}

/**
 * The library's own style, for the root that the figure lives in.
 * @returns {Promise<CSSStyleSheet | null>}
 */
export async function chartStyle() {
  try {
    const response = await fetch(new URL('../../vendor/uplot/uPlot.css', import.meta.url));
    if (!response.ok) return null;
    return await new CSSStyleSheet().replace(await response.text());
  } catch {
    return null;
  }
}
