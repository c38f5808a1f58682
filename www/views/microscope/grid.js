import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { emit } from '../parts/events.js';

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {number} tone color, from -1 (blue) to 1 (red)
 * @property {string} label for screen readers
 * @property {'cut' | 'blank' | ''} [kind] in the padding, or not computed yet
 *
 * @typedef {object} Edit functions that change cells
 * @property {(index: number) => void} paint with the pen
 * @property {() => void} lift
 * @property {(index: number, value: number) => void} set
 * @property {(index: number) => number} value
 * @property {number} step of an arrow key
 * @property {number} limit
 */

/** Horizontal distance after which a finger draws, in CSS pixels. */
const STROKE = 6;

/**
 * A square of numbers. One cell is in the tab order, and arrow keys lead to the others; with `edit`, arrow keys, digits and the pen
 * change their values. Emits `point` on its node: the position under pointer or focus, or -1.
 */
export class Grid {
  /** @type {HTMLElement[]} */
  #cells = [];
  #side = 0;
  #current = 0;
  #frame = h('div', { class: 'stamp', hidden: true });
  #name;
  #edit;
  #pressed = -1;
  /** Start of a touch, until it turns out to draw or to scroll. @type {{index: number, x: number, y: number} | null} */
  #touched = null;

  /**
   * @param {object} options
   * @param {string} options.part
   * @param {string} options.name for screen readers
   * @param {Edit} [options.edit]
   */
  constructor({ part, name, edit }) {
    this.#name = name;
    this.#edit = edit;
    this.node = h('div', { class: 'cells', part, role: edit ? 'group' : 'grid', 'aria-label': name, dir: 'ltr' });
    this.node.classList.toggle('editable', edit !== undefined);
    this.node.addEventListener('keydown', (event) => this.#key(event));
    this.node.addEventListener('focusin', (event) => {
      const index = this.#indexOf(event.target);
      this.#makeCurrent(index);
      this.#point(index);
    });
    this.node.addEventListener('focusout', () => this.#point(-1));
    this.node.addEventListener('pointermove', (event) => this.#hover(event));
    this.node.addEventListener('pointerleave', () => this.#point(this.#indexOf(this.#focused())));
    if (edit) this.#listen();
  }

  /** @param {string} name */
  set name(name) {
    this.#name = name;
    this.node.setAttribute('aria-label', name);
  }

  /**
   * @param {number} side
   * @param {Cell[]} cells row by row
   */
  show(side, cells) {
    if (side !== this.#side) this.#build(side);
    cells.forEach(({ text, tone, label, kind = '' }, i) => {
      const cell = this.#cells[i];
      if (cell.textContent !== text) cell.textContent = text;
      cell.style.setProperty('--amount', `${Math.round(Math.min(1, Math.abs(tone)) * 100)}%`);
      cell.style.setProperty('--letters', String(Math.max(2, text.length)));
      cell.dataset.sign = tone < 0 ? 'minus' : 'plus';
      cell.dataset.kind = kind;
      cell.setAttribute(
        'aria-label',
        this.#edit ? `${this.#name}, ${label}` : `${label}: ${text || say('nothing yet')}`,
      );
      if (!this.#edit) return;
      cell.setAttribute('aria-valuenow', String(this.#edit.value(i)));
      cell.setAttribute('aria-valuetext', text);
    });
  }

  /**
   * Frames a square of cells.
   * @param {{row: number, column: number, side: number} | null} square
   */
  frame(square) {
    this.#frame.hidden = square === null;
    if (!square) return;
    const { style } = this.#frame;
    style.inlineSize = style.blockSize = `${(100 * square.side) / this.#side}%`;
    style.translate = `${(100 * square.column) / square.side}% ${(100 * square.row) / square.side}%`;
  }

  /** Marks single cells with rings. @param {Iterable<number>} positions */
  mark(positions) {
    const marked = new Set(positions);
    this.#cells.forEach((cell, i) => cell.classList.toggle('linked', marked.has(i)));
  }

  /** @param {number} side */
  #build(side) {
    const hadFocus = this.#indexOf(this.#focused()) >= 0;
    this.#side = side;
    this.#current = Math.min(this.#current, side * side - 1);
    const limits = this.#edit ? { 'aria-valuemin': -this.#edit.limit, 'aria-valuemax': this.#edit.limit } : {};
    const role = this.#edit ? 'spinbutton' : 'gridcell';
    this.#cells = Array.from({ length: side * side }, (_, i) =>
      h('div', { class: 'cell', role, tabindex: i === this.#current ? 0 : -1, 'data-index': i, ...limits }),
    );
    const rows = Array.from({ length: side }, (_, row) =>
      h(
        'div',
        { class: 'cells-row', role: this.#edit ? 'presentation' : 'row' },
        ...this.#cells.slice(row * side, (row + 1) * side),
      ),
    );
    this.node.style.setProperty('--cells', String(side));
    this.node.replaceChildren(...rows, this.#frame);
    if (hadFocus) this.#cells[this.#current].focus();
  }

  #listen() {
    this.node.addEventListener('pointerdown', (event) => {
      const index = this.#indexOf(event.target);
      if (event.button !== 0 || index < 0) return;
      // A finger may be about to scroll: the browser takes over vertical moves, and cancels the pointer.
      if (event.pointerType === 'touch') return void (this.#touched = { index, x: event.clientX, y: event.clientY });
      event.preventDefault();
      this.#focusCell(index);
      this.#press(index);
    });
    this.node.addEventListener('pointermove', (event) => {
      if (this.#touched) {
        const [across, along] = [event.clientX - this.#touched.x, event.clientY - this.#touched.y].map(Math.abs);
        if (across < STROKE || across < along) return;
        this.#press(this.#touched.index);
        this.#touched = null;
      }
      if (this.#pressed < 0) return;
      if (event.buttons === 0) return this.#lift();
      const under = /** @type {ShadowRoot} */ (this.node.getRootNode()).elementFromPoint(event.clientX, event.clientY);
      this.#press(this.#indexOf(under));
    });
    this.node.addEventListener('pointerup', () => {
      if (this.#touched) this.#press(this.#touched.index);
      this.#end();
    });
    this.node.addEventListener('pointercancel', () => this.#end());
  }

  /** @param {number} index */
  #press(index) {
    if (index < 0 || index === this.#pressed) return;
    this.#pressed = index;
    this.#edit?.paint(index);
  }

  #end() {
    this.#touched = null;
    this.#lift();
  }

  #lift() {
    if (this.#pressed < 0) return;
    this.#pressed = -1;
    this.#edit?.lift();
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType === 'mouse') this.#point(this.#indexOf(event.target));
  }

  /** @param {number} index */
  #point(index) {
    emit(this.node, 'point', index);
  }

  #focused() {
    return /** @type {ShadowRoot | Document} */ (this.node.getRootNode()).activeElement ?? null;
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    return target instanceof HTMLElement ? this.#cells.indexOf(target) : -1;
  }

  /** @param {number} index */
  #focusCell(index) {
    this.#makeCurrent(index);
    this.#cells[index].focus({ preventScroll: true });
  }

  /** Puts a cell into the tab order. @param {number} index */
  #makeCurrent(index) {
    if (index < 0) return;
    this.#cells[this.#current].tabIndex = -1;
    this.#current = index;
    this.#cells[index].tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#move(event.key) && !(this.#edit && this.#change(this.#edit, event.key))) return;
    event.preventDefault();
  }

  /** @param {string} key */
  #move(key) {
    const side = this.#side;
    const isEdited = this.#edit !== undefined;
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      [isEdited ? 'PageUp' : 'ArrowUp']: -side,
      [isEdited ? 'PageDown' : 'ArrowDown']: side,
      Home: -this.#current,
      End: side * side - 1 - this.#current,
    };
    if (!(key in steps)) return false;
    const to = this.#current + steps[key];
    if (to >= 0 && to < side * side) this.#focusCell(to);
    return true;
  }

  /**
   * @param {Edit} edit
   * @param {string} key
   */
  #change({ set, value, paint, lift, step }, key) {
    const index = this.#current;
    const now = value(index);
    if (key === 'ArrowUp') set(index, now + step);
    else if (key === 'ArrowDown') set(index, now - step);
    else if (key === '-') set(index, -now);
    else if (/^\d$/.test(key)) set(index, Number(key));
    else if (key === 'Delete' || key === 'Backspace') set(index, 0);
    else if (key === ' ' || key === 'Enter') {
      paint(index);
      lift();
    } else return false;
    return true;
  }
}
