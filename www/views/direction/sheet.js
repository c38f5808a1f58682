import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { Picture } from '../parts/pictures.js';

/**
 * @typedef {import('./chosen.js').Id} Id
 * @typedef {{id: Id, name: string}} Offer
 */

/** Type of a dragged picture. Its data is the id, which has a meaning only in the same figure. */
const DRAGGED = 'application/x-latent-lab-picture';

/**
 * Small pictures to choose from, by pointer, touch or keyboard, and to drag. Emits on its node: `toggle` (detail: the id), `drag` (detail:
 * the id, or null at the end).
 */
export class PictureSheet {
  node = h('div', {
    class: 'picture sheet-grid',
    role: 'listbox',
    part: 'pictures',
    dir: 'ltr',
    'data-control': 'pictures',
  });
  /** @type {{id: Id, picture: Picture, node: HTMLElement, isPainted: boolean}[]} */
  #options = [];
  /** Index of the option that the Tab key reaches. */
  #current = 0;

  constructor() {
    this.node.setAttribute('aria-multiselectable', 'true');
    this.node.addEventListener('click', (event) => this.#toggle(this.#indexOf(event)));
    this.node.addEventListener('keydown', (event) => this.#key(event));
    this.node.addEventListener('dragstart', (event) => this.#drag(event));
    this.node.addEventListener('dragend', () => emit(this.node, 'drag', null));
  }

  /** @param {string} name of the group or slot to choose pictures for */
  set label(name) {
    this.node.setAttribute('aria-label', say('Pictures for: {target}', { target: name }));
  }

  /** @param {readonly Offer[]} offers */
  offer(offers) {
    this.#options = offers.map(({ id, name }) => {
      const picture = new Picture({ 'aria-hidden': 'true' }, 'tile');
      const attributes = { class: 'option', role: 'option', 'aria-label': name, draggable: 'true', 'data-id': id };
      return { id, picture, node: h('div', attributes, picture.node), isPainted: false };
    });
    this.node.replaceChildren(...this.#options.map(({ node }) => node));
    this.#move(Math.min(this.#current, offers.length - 1), false);
  }

  /** @param {ReadonlySet<Id>} chosen */
  mark(chosen) {
    for (const { id, node } of this.#options) node.setAttribute('aria-selected', String(chosen.has(id)));
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {(id: Id) => Uint8ClampedArray | null} pictureOf null where it is not decoded yet
   */
  paint(image, pictureOf) {
    for (const option of this.#options) {
      const rgba = option.isPainted ? null : pictureOf(option.id);
      if (!rgba) continue;
      option.picture.paint(image, rgba);
      option.isPainted = true;
    }
    this.node.classList.toggle('in-color', image.channels === 3);
  }

  focus() {
    this.#options[this.#current]?.node.focus();
  }

  /** @param {Event} event */
  #indexOf({ target }) {
    const option = /** @type {Element} */ (target).closest('.option');
    return this.#options.findIndex(({ node }) => node === option);
  }

  /** @param {number} index */
  #toggle(index) {
    if (index < 0) return;
    this.#move(index, true);
    emit(this.node, 'toggle', this.#options[index].id);
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const index = this.#indexOf(event);
    if (index < 0 || !event.dataTransfer) return;
    const { id } = this.#options[index];
    event.dataTransfer.setData(DRAGGED, String(id));
    event.dataTransfer.effectAllowed = 'copy';
    emit(this.node, 'drag', id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#options.length - 1;
    /** @type {Record<string, number>} */
    const places = {
      ...{ ArrowLeft: this.#current - 1, ArrowRight: this.#current + 1 },
      ...{ ArrowUp: this.#current - this.#columns, ArrowDown: this.#current + this.#columns, Home: 0, End: last },
    };
    const isPress = event.key === 'Enter' || event.key === ' ';
    if (!isPress && !(event.key in places)) return;
    event.preventDefault();
    if (isPress) this.#toggle(this.#current);
    else if (places[event.key] >= 0 && places[event.key] <= last) this.#move(places[event.key], true);
  }

  /** Options in the first row. */
  get #columns() {
    const [first] = this.#options;
    const second = this.#options.findIndex(({ node }) => node.offsetTop > first.node.offsetTop);
    return second < 0 ? this.#options.length : second;
  }

  /**
   * @param {number} index
   * @param {boolean} takesFocus
   */
  #move(index, takesFocus) {
    this.#current = Math.max(0, index);
    this.#options.forEach(({ node }, i) => (node.tabIndex = i === this.#current ? 0 : -1));
    if (takesFocus) this.focus();
  }
}
