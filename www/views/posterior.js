import { PictureView } from './parts/distant-view.js';

/**
 * The figure that shows where the encoder is unsure.
 * @extends {PictureView<import('./posterior/figure.js').PosteriorFigure>}
 */
export class PosteriorView extends PictureView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { PosteriorFigure } = await import('./posterior/figure.js');
      return (view) => new PosteriorFigure(view.owner);
    });
  }
}
