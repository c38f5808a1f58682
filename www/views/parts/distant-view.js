import { Failure } from '../../failure.js';
import { Caption } from './caption.js';
import { h } from './dom.js';
import { View } from './view.js';

/**
 * @typedef {object} Inside the contents of a figure, from code that is fetched later
 * @property {Iterable<{width: import('./width.js').WidthObserver}>} fitted parts whose size depends on their place
 * @property {(isNear: boolean) => void} run
 * @property {(data: import('./view.js').FigureData) => Promise<void>} receive
 * @property {(isPlaying: boolean) => void} play
 * @property {View['still']} still
 * @property {View['film']} film
 * @property {() => void} destroy
 *
 * @typedef {object} Owner the part of a view that its inside uses
 * @property {HTMLElement} node
 * @property {() => import('../../state/state.js').FigureState} state
 * @property {View['loadOptional']} loadOptional
 * @property {View['ask']} ask
 * @property {View['demand']} demand
 * @property {(changed: Partial<import('../../state/state.js').FigureState>) => void} change
 * @property {(changed: Partial<import('../../state/state.js').FigureState>) => void} amend
 */

/**
 * A figure whose code is fetched when the figure comes near the screen, so that the page's first picture need not wait for it.
 * @template {Inside} I
 */
export class DistantView extends View {
  /** @type {Promise<I> | undefined} */
  #inside;
  #isNear = false;
  /** The inside, once it has data. @type {I | null} */
  shown = null;
  #load;

  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {() => Promise<(view: DistantView<I>) => I>} load fetches the code; returns a function that makes the inside
   */
  constructor(state, load) {
    super(state, h('figure', { class: state.figure, part: 'figure' }));
    this.#load = load;
    // The host's caption is there before the figure, for print.
    this.node.append(new Caption('').node);
  }

  /** @param {import('./view.js').FigureData} data */
  async receive(data) {
    this.#inside ??= this.#fetch();
    const inside = await this.#inside;
    for (const part of inside.fitted) this.fitted(part);
    this.placed();
    inside.run(this.#isNear);
    await inside.receive(data);
    this.shown = inside;
    this.painted();
  }

  async #fetch() {
    const make = await this.#load().catch((error) => {
      throw new Failure('unreachable', error.message);
    });
    this.node.replaceChildren();
    return make(this);
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.tell((inside) => inside.run(isNear));
  }

  /**
   * Does nothing before the data has arrived: a run of an earlier visit must be restored first.
   * @param {boolean} isPlaying
   */
  play(isPlaying) {
    this.shown?.play(isPlaying);
  }

  get still() {
    return this.shown?.still ?? null;
  }

  get film() {
    return this.shown?.film ?? null;
  }

  destroy() {
    super.destroy();
    this.tell((inside) => inside.destroy());
  }

  /** The part of the view that its inside uses. @returns {Owner} */
  get owner() {
    return {
      node: this.node,
      state: () => this.state,
      loadOptional: (code, use) => this.loadOptional(code, use),
      ask: (verb, args, slot) => this.ask(verb, args, slot),
      demand: (verb, args) => this.demand(verb, args),
      change: (changed) => this.change(changed),
      amend: (changed) => this.amend(changed),
    };
  }

  /**
   * Calls a function with the inside, once it is there. `receive` reports a failure.
   * @param {(inside: I) => void} action
   */
  tell(action) {
    this.#inside?.then(action, () => {});
  }
}

/**
 * @typedef {Inside & {
 *   update: (state: import('../../state/state.js').FigureState, changed: ReadonlySet<string>) => void,
 *   unlinked: string[],
 *   hasDrawing?: boolean,
 *   shownCodes: () => Promise<import('./announcer.js').ShownCodes[]>,
 * }} PictureInside contents that begin with a picture, which may be one of the reader's
 */

/**
 * A distant figure about the code of a picture.
 * @template {PictureInside} I
 * @extends {DistantView<I>}
 */
export class PictureView extends DistantView {
  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.tell((inside) => inside.update(state, changed));
  }

  get unlinked() {
    return this.shown?.unlinked ?? [];
  }

  get hasDrawing() {
    return this.shown?.hasDrawing ?? false;
  }

  async shownCodes() {
    return this.shown?.shownCodes() ?? [];
  }
}
