import { DistantView } from './parts/distant-view.js';

/**
 * The figure of attribute vectors: the difference between two groups of pictures as a direction.
 * @extends {DistantView<import('./direction/figure.js').DirectionFigure>}
 */
export class DirectionView extends DistantView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { DirectionFigure } = await import('./direction/figure.js');
      return (view) => new DirectionFigure(view);
    });
  }

  /**
   * @param {import('../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    this.tell((figure) => figure.update(changed));
  }

  get unlinked() {
    return this.shown?.unlinked ?? [];
  }

  get hasOwnExamples() {
    return this.shown?.hasOwnExamples ?? false;
  }

  async shownCodes() {
    return this.shown?.shownCodes() ?? [];
  }
}
