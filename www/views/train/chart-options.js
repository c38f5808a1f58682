/** Options of the chart library for a chart of losses. */

import { h } from '../parts/dom.js';
import { bindings } from '../parts/scaled.js';

/** @typedef {import('./charts.js').Plot} Plot */

/** Height of a chart, in CSS pixels. */
export const HEIGHT = 136;

/** Opacity of the raw values behind their smoothed curve. */
const FAINT = 0.28;

/** Intervals between marks of the step axis, which are whole numbers. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat();

/** Share of the newest values that the vertical axis must include. */
const SHOWN = 0.97;

/**
 * The series are the raw values, then the smoothed ones in the same order.
 * @param {HTMLElement} styled an element with the figure's custom properties
 * @param {{series: {kind: import('./chart-specs.js').Kind}[], width: number, isLog: boolean, isSigned: boolean, onCursor: (index: number |
 *   null) => void}} chart
 * @returns {import('../../vendor/uplot/uPlot.js').Options}
 */
export function chartOptions(styled, { series, width, isLog, isSigned, onCursor }) {
  const [line, soft] = [colorOf(styled, '--chart-line'), colorOf(styled, '--chart-soft')];
  const font = `12px ${getComputedStyle(styled).fontFamily}`;
  const axis = { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const marks = (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(short);
  /** @param {object} more */
  const curves = (more) =>
    series.map(({ kind }) => ({
      stroke: colorOf(styled, kind === 'autoencoder' || kind === 'images' ? '--chart-b' : '--chart-a'),
      ...more,
    }));
  return {
    ...{ width, height: HEIGHT },
    cursor: { bind: bindings, sync: { key: 'latent-lab losses' }, points: { size: 7 }, y: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: around },
      y: { distr: isLog ? 3 : 1, range: isLog || isSigned ? undefined : rising },
    },
    axes: [
      { ...axis, size: 32, incrs: WHOLE, values: marks },
      { ...axis, size: roomFor, values: marks },
    ],
    series: [
      {},
      ...curves({ width: 1, alpha: FAINT, points: { show: false } }),
      // A single value is drawn as a point.
      ...curves({ width: 2, points: { show: (/** @type {Plot} */ plot) => plot.data[0].length === 1, size: 6 } }),
    ],
    hooks: { setCursor: [(/** @type {Plot} */ plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/**
 * The computed value of a custom property, since a canvas knows neither variables nor color schemes.
 * @param {HTMLElement} styled
 * @param {string} name
 */
function colorOf(styled, name) {
  const probe = h('span');
  probe.style.color = `var(${name})`;
  styled.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * The range from the smallest value to the top of most values, since the losses of the first steps are far above all others.
 * @param {Plot} plot
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function rising(plot, low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const values = plot.data
    .slice(1)
    .flatMap((column) => /** @type {number[]} */ (column).slice(-Math.ceil(column.length * SHOWN)));
  const top = values.length > 20 ? values.reduce((most, value) => Math.max(most, value), low) : high;
  const margin = top > low ? (top - low) * 0.06 : Math.abs(low) * 0.01 || 1;
  return [Math.max(0, low - margin), top + margin];
}

/**
 * The range of all steps, with a single one in the middle.
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
 * Width of the labels beside a chart, in pixels.
 * @param {Plot} _
 * @param {string[] | null} labels
 */
function roomFor(_, labels) {
  return Math.max(40, 20 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length)));
}

/** @param {number} value */
function short(value) {
  if (value === null) return '';
  return value >= 10_000 ? `${value / 1000}k` : String(Number(value.toPrecision(6)));
}
