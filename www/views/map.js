import { say } from '../state/texts.js';
import { Backdrop } from './parts/backdrop.js';
import { Caption } from './parts/caption.js';
import { Codes } from './parts/codes.js';
import { checkbox } from './parts/controls.js';
import { h } from './parts/dom.js';
import { filmOfPath } from './parts/film.js';
import { LargePicture } from './parts/pictures.js';
import { coordinate, nearest, place } from './parts/plane.js';
import { View } from './parts/view.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** Distance that an arrow key moves the cursor, in latent units. */
const STEP = 0.05;

const NEIGHBORS = 5;

/** Frames of an exported circle around the origin, and its smallest radius. */
const CIRCLE = 180;
const SMALLEST_RADIUS = 0.5;

/**
 * The caption, which mentions only what is shown.
 * @param {FigureState} state
 */
function captionOf({ grid, classes }) {
  return [
    say('Here a code has only two numbers, so all codes fit on a plane.'),
    grid === 'shown' ? say('Each tile shows what the network draws at its place.') : '',
    classes === 'none' ? '' : say('The dots are digits that it never saw in training, where it puts them.'),
    say('Move over the plane, or use the arrow keys, and see where one digit ends and the next begins.'),
  ]
    .filter(Boolean)
    .join(' ');
}

const ownCaption = () =>
  say(
    'Here a code has only two numbers, so all codes fit on a plane: each tile shows what your network draws at its place. The dots are your pictures, where it puts them, or random codes if you gave it none. Move over the plane, or use the arrow keys.',
  );

/** The two-dimensional plane of a model, with a cursor that decodes. */
export class MapView extends View {
  #plot = h('div', { class: 'plot', part: 'plot', dir: 'ltr' });
  #backdrop;
  #codes = new Codes((classes) => this.change({ classes }));
  #grid;
  #cursor = h('div', { class: 'cursor', part: 'cursor' });
  #inputs = { x: axis(say('First number, to the right')), y: axis(say('Second number, upward')) };
  #picture = this.fitted(new LargePicture('picture'));
  #coordinates = h('p', { class: 'coordinates', dir: 'auto' });
  #neighbors = h('p', { class: 'neighbors', dir: 'auto' });
  #caption = new Caption(captionOf(this.state));
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'map', part: 'figure' }));
    const plotPlace = h('div', { class: 'plot-place' }, this.#plot);
    this.#backdrop = this.fitted(new Backdrop(this.#plot, plotPlace));
    this.#plot.append(this.#backdrop.node, this.#codes.node, this.#cursor, this.#inputs.x, this.#inputs.y);
    this.#grid = checkbox(say('Decoded grid'), true, 'show-grid', (isShown) => {
      this.change({ grid: isShown ? 'shown' : 'hidden' });
      this.#apply();
    });
    const text = h('div', {}, this.#coordinates, this.#neighbors);
    const reading = h('div', { class: 'reading' }, this.#picture.frame, text);
    const side = h('div', { class: 'side' }, reading, this.#codes.legend, this.#grid.node);
    this.node.append(h('div', { class: 'columns' }, plotPlace, side), this.#caption.node);
    this.#plot.addEventListener('pointerdown', (event) => this.#press(event));
    this.#plot.addEventListener('pointermove', (event) => this.#follow(event));
    const { x, y } = this.#inputs;
    x.addEventListener('input', () => this.#move({ x: x.valueAsNumber, y: this.state.y }));
    y.addEventListener('input', () => this.#move({ x: this.state.x, y: y.valueAsNumber }));
    x.addEventListener('keydown', (event) => this.#moveAcross(event, 'y', 'ArrowDown', 'ArrowUp'));
    y.addEventListener('keydown', (event) => this.#moveAcross(event, 'x', 'ArrowLeft', 'ArrowRight'));
    this.#apply();
    this.#mark();
  }

  /**
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.#apply();
    if (!this.#data?.stored?.own) this.#caption.text = captionOf(state);
    if (!this.#data) return;
    if (changed.has('extent')) this.receive(this.#data);
    else this.#show();
  }

  get still() {
    return { canvases: [this.#backdrop.canvas], columns: 1 };
  }

  /** A circle around the origin, through the cursor. @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data) return null;
    const { model, x, y } = this.state;
    const start = Math.atan2(y, x);
    const radius = Math.max(SMALLEST_RADIUS, Math.hypot(x, y));
    return filmOfPath({
      ...{ name: 'map', image: this.#data.models[model].config.image, most: CIRCLE },
      codeAt: (share) => [
        radius * Math.cos(start + share * 2 * Math.PI),
        radius * Math.sin(start + share * 2 * Math.PI),
      ],
      decode: (latents) => this.demand('decode', { model, latents }),
    });
  }

  async shownCodes() {
    const stored = this.#data?.stored;
    return stored ? [{ codes: Float32Array.of(this.state.x, this.state.y), stored, picture: this.#picture }] : [];
  }

  #apply() {
    const { grid, classes } = this.state;
    this.#grid.input.checked = grid === 'shown';
    this.#plot.classList.toggle('no-grid', grid === 'hidden');
    this.#codes.choose(classes);
  }

  #show() {
    this.#mark();
    this.#decode();
  }

  /** @param {import('./parts/view.js').FigureData} data */
  receive(data) {
    const { model, extent } = this.state;
    const { image, latent } = data.models[model].config;
    this.#data = data;
    if (data.stored?.own) this.#caption.insist(ownCaption());
    if (data.stored && latent === 2) this.#codes.show(data.stored, extent);
    this.#show();
    this.#backdrop.show(model, image, extent);
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
    if (event.pointerType === 'mouse' || event.buttons > 0) this.#move(this.#spotOf(event));
  }

  /** @param {PointerEvent} event */
  #spotOf(event) {
    const { left, top, width, height } = this.#plot.getBoundingClientRect();
    const { extent } = this.state;
    return {
      x: ((event.clientX - left) / width) * 2 * extent - extent,
      y: extent - ((event.clientY - top) / height) * 2 * extent,
    };
  }

  /**
   * Handles the arrow keys that a slider ignores: they move the other coordinate.
   * @param {KeyboardEvent} event
   * @param {'x' | 'y'} axis
   * @param {string} less
   * @param {string} more
   */
  #moveAcross(event, axis, less, more) {
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    this.#move({ ...this.state, [axis]: this.state[axis] + (event.key === more ? STEP : -STEP) });
  }

  /** @param {import('./parts/plane.js').Spot} spot */
  #move(spot) {
    const { extent } = this.state;
    /** @param {number} value */
    const within = (value) => Math.min(extent, Math.max(-extent, value));
    this.change({ x: within(spot.x), y: within(spot.y) });
    this.#show();
  }

  #mark() {
    const { x, y, extent } = this.state;
    const { left, top } = place(this.state, extent);
    this.#cursor.style.translate = `${left} ${top}`;
    this.#coordinates.textContent = say('({x}, {y})', { x: coordinate(x), y: coordinate(y) });
    const labels = this.#data?.stored ? nearest(this.state, this.#data.stored, NEIGHBORS) : [];
    const near = labels.length > 0 ? `${closest(this.#data?.stored)}: ${labels.join(', ')}` : '\u00a0';
    this.#neighbors.textContent = near;
    this.#picture.label = say('Decoded picture at {place}', { place: this.#coordinates.textContent });
    for (const [name, input] of Object.entries(this.#inputs)) {
      input.min = String(-extent);
      input.max = String(extent);
      input.value = String(name === 'x' ? x : y);
      input.setAttribute('aria-valuetext', `${coordinate(name === 'x' ? x : y)}; ${near}`);
    }
  }

  async #decode() {
    if (!this.#data) return;
    const { model, x, y } = this.state;
    const picture = await this.ask('decode', { model, latents: Float32Array.of(x, y) }, 'cursor');
    this.#picture.paint(this.#data.models[model].config.image, picture);
    this.painted();
  }
}

/** @param {string} label */
function axis(label) {
  const input = h('input', { type: 'range', class: 'unseen', step: STEP, 'aria-label': label });
  input.setAttribute('aria-roledescription', say('two-dimensional slider'));
  return input;
}

/** @param {import('../engine/engine.js').StoredLatents | null | undefined} stored */
function closest(stored) {
  if (!stored?.own) return say('Closest test digits');
  if (stored.own === 'draws') return say('Closest random codes');
  return stored.labels ? say('Classes of the closest pictures') : say('Closest pictures');
}
