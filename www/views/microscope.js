import { h } from './parts/dom.js';
import { View } from './parts/view.js';

/** @typedef {import('./microscope/figure.js').MicroscopeFigure} MicroscopeFigure */

/**
 * The figure that looks into the decoder. What it is made of is fetched when it comes near the screen, and not on the way to
 * the page's first picture.
 */
export class MicroscopeView extends View {
  /** @type {Promise<MicroscopeFigure> | undefined} */
  #figure;
  #isNear = false;

  /** @param {import('../state.js').FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'microscope', part: 'figure' }));
  }

  /** @param {import('../state.js').FigureState} state */
  update(state) {
    super.update(state);
    this.#figure?.then((figure) => figure.update(state));
  }

  /** @param {import('./parts/view.js').FigureData} data */
  async receive(data) {
    this.#figure ??= import('./microscope/figure.js').then(
      ({ MicroscopeFigure }) =>
        new MicroscopeFigure(this.node, this.state, {
          ask: (verb, args, slot) => this.ask(verb, args, slot),
          change: (changed) => this.change(changed),
          amend: (changed) => this.amend(changed),
        }),
    );
    const figure = await this.#figure;
    for (const part of figure.fitted) this.fitted(part);
    this.placed();
    figure.run(this.#isNear);
    await figure.receive(data);
    this.painted();
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.#figure?.then((figure) => figure.run(isNear));
  }

  destroy() {
    super.destroy();
    this.#figure?.then((figure) => figure.destroy());
  }
}
