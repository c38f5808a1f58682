import { PictureView } from './parts/distant-view.js';

/**
 * The figure that asks for the code of a picture, a new one each day.
 * @extends {PictureView<import('./puzzle/figure.js').PuzzleFigure>}
 */
export class PuzzleView extends PictureView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { PuzzleFigure } = await import('./puzzle/figure.js');
      return (view) => new PuzzleFigure(view.owner);
    });
  }
}
