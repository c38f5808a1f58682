import { say, sayNumber, written } from '../../../state/texts.js';
import { h, svg } from '../../parts/dom.js';

/**
 * @typedef {'a' | 'b'} Color
 * @typedef {{points: [number, number][], color: Color, isFaint?: boolean}} Line
 * @typedef {{at: number, text: string}} Tick
 */

/** The drawing, in its own units: its size, and the edges of the plot. */
const [WIDTH, HEIGHT] = [384, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [54, 366, 12, 180];

/** Approximate number of ticks on the vertical axis. */
const TICKS = 4;

/** A small chart of measured values. A table has them too, so for screen readers it only has a name. */
export class Chart {
  #svg;

  /**
   * @param {object} options
   * @param {string} options.part
   * @param {string} options.title
   * @param {[Color, string, boolean?][]} options.keys colors, names, and whether a line is faint
   * @param {string} options.axis name of the horizontal axis
   */
  constructor({ part, title, keys, axis }) {
    const name = say('{title}; the table has the values', { title });
    this.#svg = svg('svg', {
      class: 'experiment-chart',
      part,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': name,
    });
    this.axis = axis;
    const named = keys.map(([color, text, isFaint = false]) =>
      h('span', { class: 'key', 'data-color': color, 'data-faint': isFaint }, text),
    );
    this.node = h(
      'div',
      { class: 'chart' },
      h(
        'p',
        { class: 'chart-legend' },
        h('span', { class: 'chart-title' }, title),
        ' ',
        h('span', { class: 'keys' }, ...named),
      ),
      this.#svg,
    );
  }

  /**
   * @param {Line[]} lines whose points lie from left to right
   * @param {Tick[]} ticks of the horizontal axis, from its left end to its right one
   */
  show(lines, ticks) {
    const [from, to] = [ticks[0].at, ticks[ticks.length - 1].at];
    const x = (/** @type {number} */ at) => LEFT + ((at - from) / (to - from || 1)) * (RIGHT - LEFT);
    const step = stepOf(Math.max(1e-6, ...lines.flatMap(({ points }) => points.map(([, value]) => value))));
    const steps = Math.max(
      1,
      Math.ceil(Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value / step))) - 1e-9),
    );
    const y = (/** @type {number} */ value) => BOTTOM - (Math.max(0, value) / (steps * step)) * (BOTTOM - TOP);
    const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    const grid = Array.from({ length: steps + 1 }, (_, i) => [
      svg('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: y(i * step), y2: y(i * step) }),
      label(LEFT - 8, y(i * step) + 4, written((i * step).toFixed(digits)), 'end'),
    ]);
    const below = ticks.map(({ at, text }) => label(x(at), BOTTOM + 18, text, 'middle'));
    const axis = label((LEFT + RIGHT) / 2, BOTTOM + 36, this.axis, 'middle');
    this.#svg.replaceChildren(...grid.flat(), ...below, axis, ...lines.map((line) => drawn(line, x, y)));
  }
}

/**
 * @param {Line} line
 * @param {(at: number) => number} x
 * @param {(value: number) => number} y
 */
function drawn({ points, color, isFaint = false }, x, y) {
  const places = points.map(([at, value]) => [x(at).toFixed(1), y(value).toFixed(1)]);
  return svg(
    'g',
    { class: 'line', 'data-color': color, 'data-faint': isFaint },
    svg('polyline', { points: places.map((place) => place.join(',')).join(' ') }),
    ...(isFaint ? [] : places.map(([cx, cy]) => svg('circle', { cx, cy, r: points.length > 12 ? 2 : 3.5 }))),
  );
}

/** A round step: 1, 2 or 5 times a power of ten. @param {number} top */
function stepOf(top) {
  const power = 10 ** Math.floor(Math.log10(top / TICKS));
  return power * ([1, 2, 5].find((factor) => factor * power * TICKS >= top) ?? 10);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {'middle' | 'end'} anchor
 */
function label(x, y, text, anchor) {
  const node = svg('text', { x, y, 'text-anchor': anchor });
  node.textContent = text;
  return node;
}

/** The ticks of an axis of steps. @param {number} last @returns {Tick[]} */
export function stepTicks(last) {
  return [...new Set([0, Math.round(last / 2), last])].map((at) => ({ at, text: sayNumber(at) }));
}
