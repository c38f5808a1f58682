import { h } from './dom.js';

/** The caption of a figure. The host can replace it with the slot `caption`. */
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

  /** Also replaces the host's caption, which is about another network. @param {string} text */
  insist(text) {
    this.node.replaceChildren(text);
  }
}
