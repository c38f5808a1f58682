/** Options of the chart library for a chart of losses. */

import { h } from '../parts/dom.js';
import { bindings } from '../parts/scaled.js';

/** @typedef {import('./charts.js').Plot} Plot */

/** Height of a chart, in CSS pixels. */
export const HEIGHT = 136;

/** Opacity of the raw values behind their smoothed curve. */
const FAINT = 0.28;

/** Space above and below the curves, as a share of their range. */
const MARGIN = 0.06;

/**
 * Custom properties with the colors of curves other than the first network's.
 * @type {Partial<Record<import('./chart-specs.js').Kind, string>>}
 */
const COLORS = { autoencoder: '--chart-b', images: '--chart-b', other: '--chart-soft' };

/** Intervals between marks of the step axis, as whole numbers. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat();

/** Lengths of dashes and gaps of the first, second and third line, in CSS pixels; the legend has the same in its style. */
const DASHES = [
  [5, 4],
  [1.5, 3],
  [9, 3, 1.5, 3],
];

/**
 * Share of the newest values that the vertical axis must include; and the share for curves with few values, which do not have one for
 * each step.
 */
const SHOWN = 0.97;
const SHOWN_OF_FEW = 0.8;

/**
 * The series are the raw values, then the smoothed ones in the same order.
 * @param {HTMLElement} styled an element with the figure's custom properties
 * @param {{series: {kind: import('./chart-specs.js').Kind}[], lines: import('./chart-specs.js').Line[], width: number, isLog: boolean,
 *   isSigned: boolean, isExact: boolean, onCursor: (index: number | null) => void}} chart
 * @returns {import('../../vendor/uplot/uPlot.js').Options}
 */
export function chartOptions(styled, { series, lines, width, isLog, isSigned, isExact, onCursor }) {
  const [line, soft] = [colorOf(styled, '--chart-line'), colorOf(styled, '--chart-soft')];
  const font = `12px ${getComputedStyle(styled).fontFamily}`;
  const axis = { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const marks = (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(short);
  /** @param {object} more */
  const curves = (more) =>
    series.map(({ kind }) => ({
      stroke: colorOf(styled, COLORS[kind] ?? '--chart-a'),
      ...more,
    }));
  return {
    ...{ width, height: HEIGHT },
    cursor: { bind: bindings, sync: { key: 'latent-lab losses' }, points: { size: 7 }, y: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: around },
      y: {
        distr: isLog ? 3 : 1,
        range: isLog || isSigned ? undefined : risingOver(lines, isExact ? SHOWN_OF_FEW : SHOWN),
      },
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
    hooks: {
      setCursor: [(/** @type {Plot} */ plot) => onCursor(plot.cursor.idx ?? null)],
      drawAxes: [
        (/** @type {Plot} */ plot) =>
          lines.forEach((each, i) => dash(plot, each.value, DASHES[i % DASHES.length], soft)),
      ],
    },
  };
}

/**
 * The computed value of a custom property, since a canvas supports neither variables nor color schemes.
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
 * Draws a dashed line across a chart, behind its curves.
 * @param {Plot} plot
 * @param {number} value
 * @param {number[]} dashes
 * @param {string} color
 */
function dash({ ctx, bbox, valToPos }, value, dashes, color) {
  const y = Math.round(valToPos(value, 'y', true));
  ctx.save();
  Object.assign(ctx, { strokeStyle: color, lineWidth: devicePixelRatio });
  ctx.setLineDash(dashes.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/**
 * The range from the smallest value to the top of most values, since the losses of the first steps are far above all others, with all
 * lines inside.
 * @param {import('./chart-specs.js').Line[]} lines
 * @param {number} shown share of the newest values that are inside
 * @returns {(plot: Plot, low: number, high: number) => [number, number]}
 */
function risingOver(lines, shown) {
  const fixed = lines.map(({ value }) => value);
  return (plot, low, high) => {
    if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
    const values = plot.data
      .slice(1)
      .flatMap((column) => /** @type {number[]} */ (column).slice(-Math.ceil(column.length * shown)));
    const bottom = Math.min(low, ...fixed);
    const highest = values.length > 20 ? values.reduce((most, value) => Math.max(most, value), low) : high;
    const top = Math.max(highest, ...fixed);
    const margin = top > bottom ? (top - bottom) * MARGIN : Math.abs(bottom) * 0.01 || 1;
    return [Math.max(0, bottom - margin), top + margin];
  };
}

/**
 * The range of all steps; a single step is in the middle.
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
