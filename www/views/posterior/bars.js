import { say, written } from '../../state/texts.js';
import { h, svg } from '../parts/dom.js';

/** Most rows. For longer codes, the numbers that the encoder is least sure of are shown. */
const MOST_ROWS = 16;

/** Smallest range of the axis on each side of 0. */
const LEAST = 3;

/** The posterior of a code: one row for each number, with its mean, its deviation and its draws. */
export class Bars {
  #plot = svg('svg', { 'aria-hidden': 'true' });
  #title = h('p', { class: 'name' });
  #scale = h('div', { class: 'scale', dir: 'ltr', 'aria-hidden': 'true' });

  constructor() {
    this.node = h(
      'div',
      { class: 'code bars', part: 'code', role: 'img', 'data-control': 'code' },
      this.#title,
      this.#plot,
      this.#scale,
    );
  }

  /**
   * @param {Float32Array} mean
   * @param {Float32Array} deviation
   * @param {Float32Array} codes draws, [n, latent]
   */
  show(mean, deviation, codes) {
    const { length: latent } = mean;
    const shown = leastSure(deviation);
    const farthest = codes.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const limit = Math.max(LEAST, Math.ceil(farthest));
    const across = (/** @type {number} */ value) => `${(50 + (48 * value) / limit).toFixed(2)}%`;
    const zero = svg('line', { class: 'zero', x1: '50%', x2: '50%', y1: 0, y2: '100%' });
    const rows = shown.map((dimension, row) => {
      const y = `${((row + 0.5) / shown.length) * 100}%`;
      const line = (/** @type {string} */ name, /** @type {number} */ low, /** @type {number} */ high) =>
        svg('line', { class: name, x1: across(low), x2: across(high), y1: y, y2: y });
      const [middle, wide] = [mean[dimension], deviation[dimension]];
      const dots = Array.from({ length: codes.length / latent }, (_, n) =>
        svg('circle', { class: 'end', cx: across(codes[n * latent + dimension]), cy: y, r: 2 }),
      );
      return svg(
        'g',
        {},
        line('track', -limit, limit),
        line('prior', -1, 1),
        line('posterior', middle - wide, middle + wide),
        ...dots,
        svg('circle', { class: 'now', cx: across(middle), cy: y, r: 3.5 }),
      );
    });
    this.#plot.replaceChildren(zero, ...rows);
    this.#scale.replaceChildren(...[-limit, 0, limit].map((value) => h('span', {}, written(value))));
    this.#describe(latent, deviation);
  }

  /**
   * @param {number} latent
   * @param {Float32Array} deviation
   */
  #describe(latent, deviation) {
    const title =
      latent <= MOST_ROWS
        ? say('Its code: {latent} numbers, each with its deviation', { latent })
        : say('Of its {latent} numbers, the {rows} with the largest deviation', { latent, rows: MOST_ROWS });
    const [low, high] = [Math.min(...deviation), Math.max(...deviation)];
    const range = { low: written(low.toFixed(2)), high: written(high.toFixed(2)) };
    this.#title.textContent = title;
    this.node.setAttribute('aria-label', `${title}: ${say('from {low} to {high}; that of the prior is 1', range)}`);
  }
}

/**
 * @param {Float32Array} deviation
 * @returns {number[]} dimensions in their order; if there are many, those with the largest deviation first
 */
function leastSure(deviation) {
  const all = [...deviation.keys()];
  if (all.length > MOST_ROWS) all.sort((a, b) => deviation[b] - deviation[a]);
  return all.slice(0, MOST_ROWS);
}
