/**
 * @typedef {import('./words.js').Target} Target
 * @typedef {import('./chosen.js').Id} Id
 */

/** Drags small pictures onto a group or a slot of the same figure. */
export class Drops {
  /** The dragged picture; null for none, or one of another figure. @type {Id | null} */
  dragged = null;
  #node;
  #onDrop;
  #end = new AbortController();

  /**
   * @param {HTMLElement} node of the figure
   * @param {(target: Target, id: Id) => void} onDrop
   */
  constructor(node, onDrop) {
    this.#node = node;
    this.#onDrop = onDrop;
    const { signal } = this.#end;
    node.addEventListener('dragover', (event) => this.#over(event), { signal });
    node.addEventListener('drop', (event) => this.#drop(event), { signal });
  }

  destroy() {
    this.#end.abort();
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (this.dragged === null) return;
    const target = targetOf(event);
    if (!target) return void delete this.#node.dataset.dragging;
    event.preventDefault();
    this.#node.dataset.dragging = target;
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const [id, target] = [this.dragged, targetOf(event)];
    this.dragged = null;
    delete this.#node.dataset.dragging;
    if (id === null || !target) return;
    event.preventDefault();
    this.#onDrop(target, id);
  }
}

/** @param {Event} event */
function targetOf({ target }) {
  const box = /** @type {Element} */ (target).closest('[data-end]');
  return /** @type {Target | undefined} */ (box?.getAttribute('data-end') ?? undefined);
}
