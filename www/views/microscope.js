import { DistantView } from './parts/distant-view.js';

/**
 * The figure that shows the inside of the decoder.
 * @extends {DistantView<import('./microscope/figure.js').MicroscopeFigure>}
 */
export class MicroscopeView extends DistantView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { MicroscopeFigure } = await import('./microscope/figure.js');
      return (view) =>
        new MicroscopeFigure(view.node, view.state, {
          node: view.node,
          loadOptional: (code, use) => view.loadOptional(code, use),
          ask: (verb, args, slot) => view.ask(verb, args, slot),
          demand: (verb, args) => view.demand(verb, args),
          change: (changed) => view.change(changed),
          amend: (changed) => view.amend(changed),
        });
    });
  }

  /**
   * @param {import('../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.tell((figure) => figure.update(state, changed));
  }

  get unlinked() {
    return this.shown?.unlinked ?? [];
  }

  get isPlaying() {
    return this.shown?.isPlaying ?? false;
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.shown?.print(isPrinting);
  }

  async shownCodes() {
    return this.shown?.shownCodes() ?? [];
  }
}
