import { say } from '../../state/texts.js';
import { h } from './dom.js';
import { coordinate, place } from './plane.js';

/** @typedef {import('./plane.js').Spot} Spot */

/** Distance that an arrow key moves the cursor, in latent units. */
const STEP = 0.05;

/** A spot on the plane that pointer and arrow keys move. Keys reach it by two invisible sliders. */
export class Cursor {
  #view;
  #plot;
  #onMove;
  #isDragged;
  #mark = h('div', { class: 'cursor', part: 'cursor' });
  #inputs = { x: axis(say('First number, to the right')), y: axis(say('Second number, upward')) };

  /**
   * @param {{readonly state: Spot & {extent: number}}} view its state has the current spot
   * @param {HTMLElement} plot
   * @param {(spot: Spot) => void} onMove
   * @param {{isDragged?: boolean}} [options] `isDragged` if a mouse moves it only while a button is down
   */
  constructor(view, plot, onMove, { isDragged = false } = {}) {
    this.#view = view;
    this.#plot = plot;
    this.#onMove = onMove;
    this.#isDragged = isDragged;
    plot.append(this.#mark, this.#inputs.x, this.#inputs.y);
    plot.addEventListener('pointerdown', (event) => this.#press(event));
    plot.addEventListener('pointermove', (event) => this.#follow(event));
    this.#listen('x', 'ArrowLeft', 'ArrowRight');
    this.#listen('y', 'ArrowDown', 'ArrowUp');
  }

  /**
   * Shows the spot of the current state.
   * @param {string} near text about the codes close to it
   */
  show(near) {
    const { state } = this.#view;
    const { left, top } = place(state, state.extent);
    this.#mark.style.translate = `${left} ${top}`;
    for (const name of /** @type {const} */ (['x', 'y'])) {
      const input = this.#inputs[name];
      input.min = String(-state.extent);
      input.max = String(state.extent);
      input.value = String(state[name]);
      input.setAttribute('aria-valuetext', `${coordinate(state[name])}; ${near}`);
    }
  }

  /**
   * @param {'x' | 'y'} name
   * @param {string} less key that decreases this coordinate
   * @param {string} more
   */
  #listen(name, less, more) {
    const input = this.#inputs[name];
    const other = this.#inputs[name === 'x' ? 'y' : 'x'];
    input.addEventListener('input', () => this.#move({ ...this.#view.state, [name]: input.valueAsNumber }));
    // A slider ignores the arrow keys of the other direction.
    other.addEventListener('keydown', (event) => {
      if (event.key !== less && event.key !== more) return;
      event.preventDefault();
      const { state } = this.#view;
      this.#move({ ...state, [name]: state[name] + (event.key === more ? STEP : -STEP) });
    });
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#inputs.x.focus({ preventScroll: true });
    if (event.pointerType !== 'touch') this.#plot.setPointerCapture(event.pointerId);
    this.#move(this.#spotOf(event));
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    if ((event.pointerType === 'mouse' && !this.#isDragged) || event.buttons > 0) this.#move(this.#spotOf(event));
  }

  /** @param {PointerEvent} event */
  #spotOf(event) {
    const { left, top, width, height } = this.#plot.getBoundingClientRect();
    const { extent } = this.#view.state;
    return {
      x: ((event.clientX - left) / width) * 2 * extent - extent,
      y: extent - ((event.clientY - top) / height) * 2 * extent,
    };
  }

  /** @param {Spot} spot */
  #move({ x, y }) {
    const { extent } = this.#view.state;
    /** @param {number} value */
    const within = (value) => Math.min(extent, Math.max(-extent, value));
    this.#onMove({ x: within(x), y: within(y) });
  }
}

/** @param {string} label */
function axis(label) {
  const input = h('input', { type: 'range', class: 'unseen', step: STEP, 'aria-label': label });
  input.setAttribute('aria-roledescription', say('two-dimensional slider'));
  return input;
}
