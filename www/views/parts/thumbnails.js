import { h } from './dom.js';
import { Picture } from './pictures.js';

/** Number of thumbnails, in two rows. */
export const TEN = 10;

/** Ten small pictures to choose from, as radio buttons. */
export class Thumbnails {
  #tiles;
  #grid;

  /**
   * @param {object} options
   * @param {string} options.legend
   * @param {string} options.name unique in its figure
   * @param {(index: number) => void} options.onPick
   */
  constructor({ legend, name, onPick }) {
    this.legend = h('legend', { class: 'name' }, legend);
    this.#tiles = Array.from({ length: TEN }, (_, index) => {
      const input = h('input', { type: 'radio', name, value: index, part: `${name}-${index}` });
      const picture = new Picture({ 'aria-hidden': 'true' }, 'tile');
      const words = h('span', {});
      return { input, picture, words, node: h('label', {}, input, picture.node, words) };
    });
    this.#grid = h('div', { class: 'picture thumbs' }, ...this.#tiles.map(({ node }) => node));
    this.node = h('fieldset', { class: 'field', 'data-control': name }, this.legend, this.#grid);
    this.#grid.addEventListener('change', (event) =>
      onPick(Number(/** @type {HTMLInputElement} */ (event.target).value)),
    );
  }

  /**
   * @param {readonly string[]} labels one for each picture; empty for a picture that cannot be chosen
   * @param {boolean} areSeen true if labels are visible until the pictures have arrived
   */
  label(labels, areSeen) {
    this.#tiles.forEach(({ input, words, node }, index) => {
      words.textContent = labels[index] ?? '';
      words.classList.toggle('unseen', !areSeen);
      input.disabled = !labels[index];
      node.hidden = labels[index] === undefined;
    });
  }

  /** @param {number} index of the chosen picture; -1 for none */
  set(index) {
    this.#tiles.forEach(({ input }, i) => (input.checked = i === index));
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba pictures, stacked
   */
  paint(image, rgba) {
    const count = rgba.length / (image.width * image.height * 4);
    this.#tiles.slice(0, count).forEach(({ picture }, index) => picture.paint(image, rgba, index));
    this.#grid.classList.toggle('in-color', image.channels === 3);
    this.#grid.dataset.painted = '';
  }
}
