import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { contextOf } from '../parts/pictures.js';
import { tint } from './colors.js';

/** One enlarged map, with a legend of its colors. */
export class Lens {
  #canvas = h('canvas', { role: 'img', part: 'lens', width: 7, height: 7, 'aria-label': say('Nothing yet') });
  #title = h('p', { class: 'lens-title' });
  #about = h('p', { class: 'hint' });
  #ends = [h('span'), h('span')];

  constructor() {
    const legend = h('div', { class: 'legend-bar', part: 'legend' }, this.#ends[0], h('span', {}, '0'), this.#ends[1]);
    this.node = h(
      'div',
      { class: 'lens' },
      h('div', { class: 'lens-frame' }, this.#canvas),
      h(
        'div',
        { class: 'lens-text', part: 'lens-text' },
        this.#title,
        this.#about,
        h('div', { class: 'legend-colors', 'aria-hidden': 'true' }),
        legend,
      ),
    );
  }

  /**
   * @param {import('./layers.js').FeatureMaps} maps
   * @param {number} map
   * @param {{limit: number, colors: import('./colors.js').Color[], layer: string, title: string, about: string, ends: string[]}} words
   */
  show({ height, width, values }, map, { limit, colors, layer, title, about, ends }) {
    const canvas = this.#canvas;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pixels = new ImageData(width, height);
    tint(values, map * width * height, pixels, limit, colors);
    contextOf(canvas)?.putImageData(pixels, 0, 0);
    canvas.setAttribute('aria-label', `${layer}, ${title}, ${about}`);
    this.#title.textContent = title;
    this.#about.textContent = about;
    this.#ends.forEach((end, i) => (end.textContent = ends[i]));
  }
}
