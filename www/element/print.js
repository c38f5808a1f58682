/** Prepares a figure for print. A figure that would print as little more than controls is replaced by a still, or by its poster. */

import { h } from '../views/parts/dom.js';

/** @typedef {import('../views/parts/view.js').View} View */

export class Paper {
  /** @type {View | null} */
  #view = null;
  /** @type {() => HTMLElement | null} */
  #poster = () => null;
  /** @type {HTMLElement | null} */
  #still = null;

  /**
   * Takes a view that has painted.
   * @param {View} view
   * @param {() => HTMLElement | null} poster of its figure
   */
  show(view, poster) {
    this.#view = view;
    this.#poster = poster;
    addEventListener('beforeprint', this.#begin);
    addEventListener('afterprint', this.#end);
  }

  /** The view is removed. */
  clear() {
    removeEventListener('beforeprint', this.#begin);
    removeEventListener('afterprint', this.#end);
    this.#end();
    this.#view = null;
  }

  #begin = () => {
    if (!this.#view) return;
    this.#end();
    this.#view.print(true);
    if (this.#view.paper !== 'still') return;
    this.#view.node.dataset.paper = '';
    this.#still = stillOf(this.#view) ?? this.#poster();
    if (!this.#still) return;
    this.#still.classList.add('still');
    this.#view.node.before(this.#still);
  };

  #end = () => {
    this.#view?.print(false);
    this.#still?.remove();
    this.#still = null;
    delete this.#view?.node.dataset.paper;
  };
}

/**
 * The first canvas of a view, framed; null if the view has no still.
 * @param {View} view
 */
function stillOf({ still }) {
  if (!still) return null;
  const [canvas] = still.canvases;
  const node = h('div', { class: still.isInk ? 'picture' : 'picture in-color' }, canvas);
  node.style.inlineSize = `${2 * canvas.width}px`;
  return node;
}
