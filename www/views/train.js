import { Failure } from '../failure.js';
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
    super(state, h('figure', { class: state.lesson ? 'train lesson' : 'train', part: 'figure' }));
  }

  async receive() {
    this.#figure ??= this.#fetch();
    const figure = await this.#figure;
    for (const part of figure.fitted) this.fitted(part);
    this.placed();
    figure.watch(this.#isNear);
    await figure.open();
    this.painted();
  }

  /** @returns {Promise<TrainFigure>} */
  async #fetch() {
    const lessonCode = this.state.lesson ? import('./train/one-picture.js') : null;
    const [code, lesson] = await Promise.all([import('./train/figure.js'), lessonCode]).catch((error) => {
      throw new Failure('unreachable', error.message);
    });
    return new code.TrainFigure(this.node, (command, args) => this.ask('train', { command, args }), lesson);
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.#tell((figure) => figure.watch(isNear));
  }

  /** @param {import('../training/desk.js').News} news */
  hear(news) {
    this.#tell((figure) => figure.hear(news));
  }

  destroy() {
    super.destroy();
    this.#tell((figure) => figure.destroy());
  }

  /**
   * Once the figure is there. Where it never comes, `receive` has said so.
   * @param {(figure: TrainFigure) => void} news
   */
  #tell(news) {
    this.#figure?.then(news, () => {});
  }
}
