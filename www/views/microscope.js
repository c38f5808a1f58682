import { Failure } from '../failure.js';
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
  /** @type {MicroscopeFigure | null} */
  #shown = null;
  #isNear = false;

  /** @param {import('../state.js').FigureState} state */
  constructor(state) {
    super(state, h('figure', { class: 'microscope', part: 'figure' }));
  }

  /**
   * @param {import('../state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.#tell((figure) => figure.update(state, changed));
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#tell((figure) => figure.play(isPlaying));
  }

  get isPlaying() {
    return this.#shown?.isPlaying ?? false;
  }

  get still() {
    return this.#shown?.still ?? null;
  }

  async tell() {
    return this.#shown?.tell() ?? [];
  }

  /** @param {import('./parts/view.js').FigureData} data */
  async receive(data) {
    this.#figure ??= this.#fetch();
    const figure = await this.#figure;
    this.#shown = figure;
    for (const part of figure.fitted) this.fitted(part);
    this.placed();
    figure.run(this.#isNear);
    await figure.receive(data);
    this.painted();
  }

  /** @returns {Promise<MicroscopeFigure>} */
  async #fetch() {
    const code = await import('./microscope/figure.js').catch((error) => {
      throw new Failure('unreachable', error.message);
    });
    return new code.MicroscopeFigure(this.node, this.state, {
      ask: (verb, args, slot) => this.ask(verb, args, slot),
      change: (changed) => this.change(changed),
      amend: (changed) => this.amend(changed),
    });
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#isNear = isNear;
    this.#tell((figure) => figure.run(isNear));
  }

  destroy() {
    super.destroy();
    this.#tell((figure) => figure.destroy());
  }

  /**
   * Once the figure is there. Where it never comes, `receive` has said so.
   * @param {(figure: MicroscopeFigure) => void} news
   */
  #tell(news) {
    this.#figure?.then(news, () => {});
  }
}
