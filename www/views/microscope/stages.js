/**
 * The feature maps of all layers of a decoder: a sheet for each layer, and a lens with the chosen map. The decoder panel owns it and
 * gives it the maps. It must not know from which position on the path they are.
 */

import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { heading } from '../parts/heading.js';
import { Colors } from './colors.js';
import { describe, layersOf, shapesOf, strongest, typicalLimit } from './layers.js';
import { Lens } from './lens.js';
import { MapSheet } from './sheet.js';
import { plain } from './words.js';

/** @typedef {import('./layers.js').FeatureMaps} FeatureMaps */

export class Stages {
  node = h('div', { class: 'flow' });
  lens = new Lens();
  colors = new Colors();
  /** @type {import('./colors.js').Color[]} colors of the last painting */
  #painted = [];
  /** @type {{sheet: MapSheet, name: string, limit: number}[]} `limit` is the size of a value that gets the full color */
  #stages = [];
  /** @type {FeatureMaps[]} */
  #maps = [];
  #chosen = { layer: -1, map: 0 };
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #repaint = () => this.#paint();

  constructor() {
    this.#dark.addEventListener('change', this.#repaint);
  }

  /**
   * Makes the sheets of a network's layers, with the space that their maps will take.
   * @param {import('../../engine/types.js').ModelConfig} config
   */
  build(config) {
    const layers = layersOf(config);
    this.#stages = layers.map(({ name, short }, layer) => {
      const sheet = new MapSheet(`maps-${layer}`, say('Feature maps: {layer}', { layer: name }));
      on(sheet.node, 'choose', (/** @type {number} */ map) => this.#choose(layer, map));
      sheet.node.addEventListener('fit', () => this.#show());
      return { sheet, name: short, limit: 1 };
    });
    this.node.replaceChildren(
      ...layers.map(({ name, about }, layer) =>
        h(
          'div',
          { class: 'stage' },
          h('div', { class: 'stage-text' }, heading(4, {}, name), h('p', {}, about)),
          this.#stages[layer].sheet.node,
        ),
      ),
    );
    const shapes = shapesOf(config);
    this.#stages.forEach(({ sheet }, layer) => {
      sheet.width.measure();
      sheet.reserve(shapes[layer]);
    });
  }

  /**
   * Sets the color scale of each layer; the first time, also chooses a map.
   * @param {FeatureMaps[][]} samples maps of all layers at several places
   */
  scale(samples) {
    this.#stages.forEach((stage, layer) => (stage.limit = typicalLimit(samples.map((maps) => maps[layer].values))));
    if (this.#chosen.layer >= 0) return;
    const layer = Math.min(1, samples[0].length - 1);
    this.#chosen = { layer, map: strongest(samples[0][layer]) };
  }

  /** @param {FeatureMaps[]} maps of all layers */
  paint(maps) {
    this.#maps = maps;
    this.#paint();
  }

  /** Prints in light colors, regardless of the screen's. @param {boolean} isPrinting */
  print(isPrinting) {
    this.colors.scheme = isPrinting ? 'light' : '';
    this.#paint();
  }

  destroy() {
    this.#dark.removeEventListener('change', this.#repaint);
    for (const { sheet } of this.#stages) sheet.width.destroy();
  }

  #paint() {
    this.#painted = this.colors.now();
    this.#maps.forEach((maps, layer) =>
      this.#stages[layer].sheet.paint(maps, this.#stages[layer].limit, this.#painted),
    );
    this.#show();
  }

  /** Shows the chosen map in the lens. */
  #show() {
    const { layer, map } = this.#chosen;
    const maps = this.#maps[layer];
    if (!maps) return;
    const { name, limit } = this.#stages[layer];
    const said = describe(maps, map);
    this.lens.show(maps, map, {
      limit,
      colors: this.#painted,
      layer: name,
      ...said,
      ends: [`≤ ${plain(-limit)}`, `≥ ${plain(limit)}`],
    });
    this.#stages.forEach(({ sheet }, i) => sheet.mark(i === layer ? map : -1, `${said.title}, ${said.about}`));
  }

  /**
   * @param {number} layer
   * @param {number} map
   */
  #choose(layer, map) {
    this.#chosen = { layer, map };
    this.#show();
  }
}
