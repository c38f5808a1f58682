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
 */

/**
 * A figure whose code is fetched when it comes near the screen, so that the page's first picture need not wait for it.
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
   * @param {() => Promise<(view: View) => I>} load fetches the code; returns a function that makes the inside
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
   * Does nothing before the data has arrived: a run of an earlier visit must be found first.
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

  /**
   * Calls a function with the inside, once it is there. `receive` reports a failure.
   * @param {(inside: I) => void} action
   */
  tell(action) {
    this.#inside?.then(action, () => {});
  }
}
