import { say } from '../../state/texts.js';
import { nearest, passFocus } from '../parts/controls.js';
import { h } from '../parts/dom.js';

/** @typedef {import('../../training/page/settings.js').Settings['layers'][number]} Layer */

const FEWEST = 3;
const MOST = 5;

/** Fields for the layers of the encoder, a row each. */
export class Layers {
  #rows = h('div', { class: 'layers', part: 'layers' });
  #fewer = h('button', { type: 'button', part: 'fewer-layers' }, say('Remove layer'));
  #more = h('button', { type: 'button', part: 'more-layers' }, say('Add layer'));
  #onChange;
  /** @type {Layer[]} */
  #layers = [];

  /** @param {(layers: Layer[]) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#fewer.addEventListener('click', () => onChange(this.#layers.slice(0, -1)));
    this.#more.addEventListener('click', () =>
      onChange([...this.#layers, { ...this.#layers[this.#layers.length - 1], stride: 1 }]),
    );
    const name = h('span', { class: 'name' }, say('Layers of the encoder; the decoder mirrors them'));
    this.node = h(
      'div',
      { class: 'field', 'data-control': 'layers' },
      name,
      this.#rows,
      h('div', { class: 'row' }, this.#more, this.#fewer),
    );
  }

  /** @param {Layer[]} layers */
  set(layers) {
    const isSame = JSON.stringify(layers) === JSON.stringify(this.#layers);
    this.#layers = layers;
    passFocus(this.node, layers.length >= MOST ? this.#fewer : this.#more, () => {
      this.#fewer.disabled = layers.length <= FEWEST;
      this.#more.disabled = layers.length >= MOST;
    });
    if (!isSame) this.#rows.replaceChildren(...layers.map((layer, i) => this.#row(layer, i)));
  }

  /**
   * @param {Layer} layer
   * @param {number} index
   */
  #row(layer, index) {
    const name = say('Layer {number}', { number: index + 1 });
    const filters = h('input', {
      type: 'number',
      min: 1,
      max: 512,
      step: 1,
      value: layer.filters,
      part: `filters-${index}`,
      'aria-label': `${name}, ${say('filters')}`,
    });
    filters.addEventListener('change', () => {
      const kept = nearest(filters, layer.filters);
      filters.value = String(kept);
      this.#change(index, filters, { filters: kept });
    });
    const kernel = this.#select({ index, value: layer.kernel, which: 'kernel', word: say('kernel'), values: [3, 5] });
    const stride = this.#select({ index, value: layer.stride, which: 'stride', word: say('stride'), values: [1, 2] });
    return h(
      'div',
      { class: 'layer' },
      h('span', { class: 'order' }, String(index + 1)),
      filters,
      h('span', {}, say('filters')),
      kernel,
      stride,
    );
  }

  /** @param {{index: number, value: number, which: 'kernel' | 'stride', word: string, values: number[]}} about */
  #select({ index, value, which, word, values }) {
    const name = say('Layer {number}', { number: index + 1 });
    const options = values.map((each) => h('option', { value: each, selected: each === value }, `${word} ${each}`));
    const node = h('select', { part: `${which}-${index}`, 'aria-label': `${name}, ${word}` }, ...options);
    node.addEventListener('change', () => this.#change(index, node, { [which]: Number(node.value) }));
    return node;
  }

  /**
   * Changes a layer, which rebuilds the rows, and keeps the focus on the same field.
   * @param {number} index
   * @param {HTMLElement} field
   * @param {Partial<Layer>} changed
   */
  #change(index, field, changed) {
    this.#onChange(this.#layers.map((each, i) => (i === index ? { ...each, ...changed } : each)));
    /** @type {HTMLElement | null} */ (this.#rows.querySelector(`[part=${field.getAttribute('part')}]`))?.focus();
  }
}
