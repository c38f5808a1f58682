import { say, written } from '../../texts.js';
import { h, svg } from '../parts/dom.js';

/** A dimension that says less than this about a picture is not used, in nats. */
const UNUSED = 0.02;

/** In units of the drawing. */
const HEIGHT = 100;

/** KL of each latent dimension, as bars; those that the network does not use are hollow. */
export class Divergence {
  #used = svg('path', { class: 'used' });
  #unused = svg('path', { class: 'unused' });
  #text = h('p', { class: 'count', part: 'divergence-text' });
  #svg = svg('svg', { part: 'divergence', role: 'img', preserveAspectRatio: 'none' }, this.#used, this.#unused);

  constructor() {
    this.node = h('div', { class: 'divergence' }, h('p', { class: 'name' }, say('KL of each latent number')), this.#svg, this.#text);
  }

  /** @param {Float32Array} values nats, [latent] */
  show(values) {
    const most = Math.max(0.1, ...values);
    let [used, unused, count] = ['', '', 0];
    values.forEach((value, i) => {
      const isUsed = value >= UNUSED;
      const tall = isUsed ? Math.max(2, (value / most) * HEIGHT) : 2;
      const bar = `M${i + 0.12} ${HEIGHT}v${-tall}h0.76v${tall}z`;
      if (isUsed) used += bar;
      else unused += bar;
      count += Number(isUsed);
    });
    this.#svg.setAttribute('viewBox', `0 0 ${values.length} ${HEIGHT}`);
    this.#used.setAttribute('d', used);
    this.#unused.setAttribute('d', unused);
    const text = say('{used} of {count} in use, up to {most} nats', { used: count, count: values.length, most: written(most.toFixed(2)) });
    this.#text.textContent = text;
    this.#svg.setAttribute('aria-label', `${say('KL of each latent number')}: ${text}`);
  }
}
