import { say, sayCount, sayNumber } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';
import { fromBytes, Mosaic } from './mosaic.js';

/** Most pictures to show; all are counted. */
const SHOWN = 2_000;

/** Most pictures, and the smallest side of each in CSS pixels. */
const TILES = /** @type {const} */ ([
  [6, 104],
  [40, 52],
  [Infinity, 34],
]);

/**
 * The contact sheet: the images of a run, as the network sees them. Emits on its node: `remove` (detail: the index) and `clear`.
 */
export class Sheet {
  #mosaic = new Mosaic({ part: 'sheet' });
  #empty = h('p', { class: 'sheet-empty' }, say('Drop pictures here, or press Start for digits.'));
  #count = h('p', { class: 'count', part: 'count', role: 'status' });
  #hint = h('p', { class: 'hint' });
  #chosen = -1;
  #total = 0;
  #foot;
  #isLocked = false;
  /** @type {(index: number) => string} */
  #nameOf = () => '';
  #remove = button(say('Remove'), 'remove', () => this.#dismiss());
  #clear = button(say('Clear all'), 'clear', () => this.node.dispatchEvent(new Event('clear')));

  constructor() {
    this.width = this.#mosaic.width;
    this.window = h(
      'div',
      { class: 'sheet-window', part: 'sheet-window', tabindex: 0, role: 'group', 'aria-label': say('Contact sheet') },
      this.#mosaic.node,
    );
    const foot = h('div', { class: 'row' }, this.#remove, this.#clear);
    this.#foot = h('div', { class: 'sheet-foot' }, this.#hint, foot);
    this.node = h('div', { class: 'sheet' }, this.#empty, this.#count, this.window, this.#foot);
    this.#mosaic.sheet.addEventListener('click', (event) => this.#choose(this.#mosaic.indexOf(event)));
    this.#mosaic.sheet.addEventListener('dblclick', () => this.#dismiss());
    this.window.addEventListener('keydown', (event) => this.#key(event));
    this.#choose(-1);
  }

  /** @param {string} text shown while there are no pictures */
  set invitation(text) {
    this.#empty.textContent = text;
  }

  /**
   * @param {import('../../training/input/images.js').ImageCollection} collection rendered
   */
  show(collection) {
    const seen = collection.items.filter((item) => item.seen);
    // A copy, since the sheet is repainted when its width changes, when the images may have another size.
    const pixels = seen.map((item) => /** @type {Uint8Array} */ (item.seen));
    const { shape } = collection;
    const shown = Math.min(SHOWN, seen.length);
    this.#total = shown;
    this.#nameOf = (index) => seen[index].name;
    this.node.toggleAttribute('data-empty', seen.length === 0);
    this.#empty.hidden = seen.length > 0;
    this.#count.hidden = this.#foot.hidden = seen.length === 0;
    this.#mosaic.tile = TILES.find(([most]) => shown <= most)?.[1] ?? 0;
    const more = seen.length > shown ? say(', the first {count} shown', { count: sayNumber(shown) }) : '';
    this.#count.textContent = sayCount(seen.length, 'One picture', '{count} pictures') + more;
    this.#mosaic.paint(shape, shown, (index, into) => fromBytes(pixels[index], shape)(0, into), {
      label: sayCount(
        seen.length,
        'Contact sheet of one picture, as the network sees it',
        'Contact sheet of {count} pictures, as the network sees them',
      ),
      isInk: collection.isInk,
    });
    this.#choose(Math.min(this.#chosen, shown - 1));
  }

  /** @param {boolean} isLocked true while there is a run, which keeps its pictures */
  lock(isLocked) {
    this.#isLocked = isLocked;
    this.#clear.disabled = this.#clear.hidden = this.#remove.hidden = isLocked;
    this.window.dataset.locked = String(isLocked);
    this.#choose(this.#chosen);
  }

  /** @param {number} index */
  #choose(index) {
    this.#chosen = index;
    this.#mosaic.mark(index);
    this.#remove.disabled = this.#isLocked || index < 0;
    this.#hint.textContent = this.#hintFor(index);
    if (index < 0) return;
    const top = this.#mosaic.offsetOf(index);
    const { scrollTop, clientHeight } = this.window;
    if (top < scrollTop || top > scrollTop + clientHeight - 40) {
      this.window.scrollTop = Math.max(0, top - clientHeight / 2);
    }
  }

  /** @param {number} index */
  #hintFor(index) {
    if (index >= 0) return say('Picture {number}: {name}', { number: index + 1, name: this.#nameOf(index) });
    if (this.#isLocked) return say('A run keeps its pictures. Reset it to train on others.');
    return say('Choose a picture to remove it, with the pointer or the arrow keys.');
  }

  #dismiss() {
    if (this.#chosen < 0 || this.#isLocked) return;
    emit(this.node, 'remove', this.#chosen);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#mosaic.columns, ArrowDown: this.#mosaic.columns };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step !== undefined) this.#choose(Math.min(this.#total - 1, Math.max(0, this.#chosen + step)));
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#dismiss();
    else return;
    event.preventDefault();
  }
}
