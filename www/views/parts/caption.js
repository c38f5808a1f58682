import { h } from './dom.js';

/** The caption of a figure. The host can replace it by the slot `caption`. */
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

  /** Replaces the host's caption too, which is about another network. @param {string} text */
  insist(text) {
    this.node.replaceChildren(text);
  }
}
