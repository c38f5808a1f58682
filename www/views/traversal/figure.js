import { isMade } from '../../assets.js';
import { say, written } from '../../state/texts.js';
import { Caption } from '../parts/caption.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { filmOfPath } from '../parts/film.js';
import { PictureChoice } from '../parts/picture-choice.js';
import { LargePicture } from '../parts/pictures.js';
import { UNLABELED } from '../parts/stored.js';
import { captionOf } from './captions.js';
import { movedOf, withMoved, writtenMoved } from './moved.js';
import { Rows } from './rows.js';
import { traversalStyle } from './style.js';

/** Time without a change before the strips follow, in milliseconds. A dragged picture is decoded at once. */
const REST = 120;

/** Most frames of an exported animation. */
const FRAMES = 121;

/** The inside of the figure: a picture, and one row for each number of its code. */
export class TraversalFigure {
  #owner;
  #choice;
  #rows;
  #picture;
  #reading = h('p', { class: 'reading-moved', part: 'moved' });
  #reset = button(say('Reset'), 'reset', () => this.#move(new Map()));
  #caption = new Caption('');
  /** The dimension moved last, for the animation; -1 before the first move. */
  #last = -1;
  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  /** @type {(value: unknown) => void} */
  #completed = () => {};
  /** Resolves with the first picture and its strips, of any request. */
  complete = new Promise((resolve) => (this.#completed = resolve));

  /** @param {import('../parts/distant-view.js').Owner} owner */
  constructor(owner) {
    this.#owner = owner;
    const { node } = owner;
    const root = node.getRootNode();
    // The figure may have left the page while this module was fetched.
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(traversalStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, traversalStyle];
    }
    this.#picture = new LargePicture('picture', UNLABELED.get(owner.state().model)?.side);
    this.fitted = [this.#picture];
    const renew = (/** @type {Partial<import('../../state/state.js').FigureState>} */ changed) => {
      owner.change({ ...changed, moved: '' });
      this.#show();
    };
    this.#choice = new PictureChoice(owner, renew, { hasPair: true });
    this.#rows = new Rows(owner, {
      move: (dimension, value) => {
        this.#last = dimension;
        this.#move(new Map(this.#moved).set(dimension, value));
      },
      unfold: () => this.#show(),
    });
    const save = button(say('Export'), 'export', () => this.#export());
    const now = h(
      'div',
      { class: 'now' },
      this.#picture.frame,
      h('div', { class: 'now-text' }, this.#reading, h('div', { class: 'row' }, this.#reset, save)),
    );
    const columns = h(
      'div',
      { class: 'columns' },
      h('div', { class: 'aside' }, this.#choice.node, now),
      this.#rows.node,
    );
    node.replaceChildren(columns, this.#caption.node);
  }

  /**
   * @param {import('../../state/state.js').FigureState} _state
   * @param {ReadonlySet<string>} changed
   */
  update(_state, changed) {
    this.#choice.update(changed);
    this.#describe();
    if (this.#data) this.#show();
  }

  /** There is no animation on the page. */
  play() {}

  run() {}

  get still() {
    return { canvases: this.#rows.canvases, columns: 1 };
  }

  /** The number moved last, or the most informative one, from one end of its row to the other. */
  get film() {
    if (!this.#data) return null;
    const dimension = this.#last < 0 ? this.#rows.first : this.#last;
    const limit = this.#rows.limit(dimension);
    const { model } = this.#owner.state();
    return filmOfPath({
      ...{ name: 'traversal', image: this.#choice.image, most: FRAMES },
      codeAt: (share) => withMoved(this.#code, new Map([[dimension, limit * (2 * share - 1)]])),
      decode: (latents) => this.#owner.demand('decode', { model, latents }),
    });
  }

  get unlinked() {
    return this.#choice.unlinked;
  }

  get hasDrawing() {
    return this.#choice.hasDrawing;
  }

  /** @returns {Promise<import('../parts/announcer.js').ShownCodes[]>} */
  async shownCodes() {
    return this.#data ? [{ codes: this.#code, stored: this.#choice.stored, picture: this.#picture }] : [];
  }

  /** @param {import('../parts/view.js').FigureData} data */
  async receive(data) {
    this.#data = data;
    this.#choice.receive(data);
    this.#rows.receive(data);
    this.#describe();
    this.#show(0);
    await this.complete;
  }

  destroy() {
    clearTimeout(this.#due);
    this.#choice.destroy();
  }

  get #moved() {
    return movedOf(this.#owner.state().moved, this.#choice.stored.latent);
  }

  /** The code of the picture, with its moved numbers. */
  get #code() {
    return withMoved(this.#choice.code, this.#moved);
  }

  /** @param {import('./moved.js').Moved} moved */
  #move(moved) {
    this.#owner.change({ moved: writtenMoved(moved) });
    this.#show();
  }

  /** Shows the current code: its numbers and its picture at once, its strips when nothing has changed for a while. */
  #show(rest = REST) {
    const moved = this.#moved;
    const code = this.#code;
    this.#rows.show(this.#choice.code, code, moved);
    this.#tell(code, moved);
    this.#decode(code);
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#paint(), rest);
  }

  /** @param {Float32Array} code */
  async #decode(code) {
    const { model } = this.#owner.state();
    const picture = await this.#owner.ask('decode', { model, latents: code }, 'traversal picture');
    this.#picture.paint(this.#choice.image, picture);
  }

  async #paint() {
    await this.#rows.paint(this.#code, this.#choice.image);
    this.#completed(undefined);
    this.#choice.paint();
  }

  /**
   * Announces what was moved.
   * @param {Float32Array} code
   * @param {import('./moved.js').Moved} moved
   */
  #tell(code, moved) {
    const { name } = this.#choice;
    const dimension = moved.has(this.#last) ? this.#last : [...moved.keys()].pop();
    this.#reset.disabled = moved.size === 0;
    if (dimension === undefined) {
      this.#reading.textContent = say('As encoded');
      this.#picture.label = say('Decoded picture of {name}', { name });
      return;
    }
    const values = { number: dimension + 1, value: written(code[dimension].toFixed(2)) };
    const more = moved.size - 1;
    this.#reading.textContent =
      more === 0
        ? say('Number {number} at {value}', values)
        : say('Number {number} at {value}, and {more} others moved', { ...values, more });
    this.#picture.label = say('Decoded picture of {name}, number {number} at {value}', { name, ...values });
  }

  #describe() {
    const { controls, model } = this.#owner.state();
    const text = captionOf(controls, this.#rows.measure);
    if (isMade(model)) this.#caption.insist(text);
    else this.#caption.text = text;
  }

  #export() {
    const { node, loadOptional } = this.#owner;
    loadOptional(import('../parts/export-dialog.js'), ({ ExportDialog }) => {
      const { film } = this;
      if (film) (this.#dialog ??= new ExportDialog()).open(film, node);
    });
  }

  /** @type {import('../parts/export-dialog.js').ExportDialog | null} */
  #dialog = null;
}
