import { h } from './dom.js';

/** What stands under a figure; the host can say something else in the slot `caption`. */
export class Caption {
  #slot;

  /** @param {string} text */
  constructor(text) {
    this.#slot = h('slot', { name: 'caption' }, text);
    this.node = h('figcaption', { part: 'caption', dir: 'auto' }, this.#slot);
  }

  /** @param {string} text */
  set text(text) {
    this.#slot.textContent = text;
  }

  /** About another network than the host wrote of: this stands in its words' place. @param {string} text */
  insist(text) {
    this.node.replaceChildren(text);
  }
}
