import { h } from './parts/dom.js';
import { View } from './parts/view.js';

/** @typedef {import('./train/figure.js').TrainFigure} TrainFigure */

/**
 * The figure that trains. What it is made of is fetched when it comes near the screen, and not on the way to the page's
 * first picture.
 */
export class TrainView extends View {
  /** @type {Promise<TrainFigure> | undefined} */
  #figure;
  #isNear = false;

  /** @param {import('../state.js').FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'train', part: 'figure' }));
  }

  async receive() {
    this.#figure ??= import('./train/figure.js').then(({ TrainFigure }) => {
      const tell = (/** @type {string} */ command, /** @type {object | undefined} */ args) => this.ask('train', { command, args });
      return new TrainFigure(this.node, tell);
    });
    const figure = await this.#figure;
    for (const part of figure.fitted) this.fitted(part);
    this.placed();
    figure.watch(this.#isNear);
    await figure.open();
    this.painted();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.#figure?.then((figure) => figure.watch(isNear));
  }

  /** @param {import('../training/desk.js').News} news */
  hear(news) {
    this.#figure?.then((figure) => figure.hear(news));
  }

  destroy() {
    super.destroy();
    this.#figure?.then((figure) => figure.destroy());
  }
}
