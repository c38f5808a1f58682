import { say } from '../state/texts.js';
import { captionOf, ownCaption } from './map/captions.js';
import { CIRCLE, circleThrough } from './map/circle.js';
import { Reading } from './map/reading.js';
import { Backdrop } from './parts/backdrop.js';
import { Caption } from './parts/caption.js';
import { Codes } from './parts/codes.js';
import { checkbox } from './parts/controls.js';
import { Cursor } from './parts/cursor.js';
import { h } from './parts/dom.js';
import { filmOfPath } from './parts/film.js';
import { lensChoice } from './parts/lens-choice.js';
import { View } from './parts/view.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** The two-dimensional plane of a model, with a cursor that decodes. */
export class MapView extends View {
  #plot = h('div', { class: 'plot', part: 'plot', dir: 'ltr' });
  #place = h('div', { class: 'plot-place' }, this.#plot);
  #reading = this.fitted(new Reading());
  #backdrop = this.fitted(new Backdrop(this.#plot, this.#place));
  #codes = new Codes((classes) => this.change({ classes }));
  #cursor;
  #grid = checkbox(say('Decoded grid'), true, 'show-grid', (isShown) => {
    this.change({ grid: isShown ? 'shown' : 'hidden' });
    this.#apply();
  });
  #choice = lensChoice(this.state.lens, (lens) => {
    this.change({ lens });
    this.#apply();
    this.#look();
  });
  /** As tall as the lens before it arrives, so that nothing below moves. */
  #room = h('div', { class: 'lens-room' });
  /** Fetched with the first choice. @type {import('./map/lens.js').MapLens | null} */
  #lens = null;
  #caption = new Caption(captionOf(this.state));
  /** @type {import('./parts/view.js').FigureData | null} */
  #data = null;

  /** @param {FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'map', part: 'figure' }));
    this.#plot.append(this.#backdrop.node, this.#codes.node);
    this.#cursor = new Cursor(this, this.#plot, (spot) => {
      this.#lens?.dragged();
      this.change(spot);
      this.#show();
    });
    const side = h(
      'div',
      { class: 'side' },
      this.#reading.node,
      this.#codes.legend,
      this.#grid.node,
      this.#choice.node,
      this.#room,
    );
    this.node.append(h('div', { class: 'columns' }, this.#place, side), this.#caption.node);
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
    if (changed.has('lens')) this.#look();
  }

  get still() {
    return { canvases: [this.#backdrop.canvas], columns: 1 };
  }

  /** A circle around the origin, through the cursor. @returns {import('./parts/export-dialog.js').Subject | null} */
  get film() {
    if (!this.#data) return null;
    const { model } = this.state;
    return filmOfPath({
      ...{ name: 'map', image: this.#data.models[model].config.image, most: CIRCLE },
      codeAt: circleThrough(this.state),
      decode: (latents) => this.demand('decode', { model, latents }),
    });
  }

  async shownCodes() {
    await this.#lens?.arrival;
    const stored = this.#data?.stored;
    const { picture } = this.#reading;
    const codes = Float32Array.of(this.state.x, this.state.y);
    return stored ? [{ codes, stored, picture, note: this.#lens?.note }] : [];
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
    this.#look();
  }

  #apply() {
    const { grid, classes } = this.state;
    this.#grid.input.checked = grid === 'shown';
    this.#plot.classList.toggle('no-grid', grid === 'hidden');
    this.#codes.choose(classes);
    this.#choice.set(this.state.lens);
    this.#room.hidden = this.state.lens === 'none';
  }

  #look() {
    const data = this.#data;
    if (!data) return;
    if (this.#lens) this.#lens.show(data);
    else if (this.state.lens !== 'none') {
      this.loadOptional(import('./map/lens.js'), ({ MapLens }) => {
        const { node: backdrop } = this.#backdrop;
        const parts = { backdrop, codes: this.#codes.node, room: this.#room };
        this.#lens ??= new MapLens(this, parts, () => this.#mark());
        this.#lens.show(data);
      });
    }
  }

  #show() {
    this.#mark();
    this.#decode();
  }

  /** Marks and describes the cursor's spot. */
  #mark() {
    const near = this.#reading.show(this.state, this.#data?.stored);
    this.#cursor.show(this.#lens?.note ? `${near}; ${this.#lens.note}` : near);
  }

  async #decode() {
    if (!this.#data) return;
    const { model, x, y } = this.state;
    const picture = await this.ask('decode', { model, latents: Float32Array.of(x, y) }, 'cursor');
    this.#reading.picture.paint(this.#data.models[model].config.image, picture);
    this.painted();
    // Before the picture, its work would delay it.
    this.#lens?.move();
  }
}
