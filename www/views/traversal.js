import { PictureView } from './parts/distant-view.js';

/**
 * The figure that changes one number of a code at a time.
 * @extends {PictureView<import('./traversal/figure.js').TraversalFigure>}
 */
export class TraversalView extends PictureView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { TraversalFigure } = await import('./traversal/figure.js');
      return (view) => new TraversalFigure(view.owner);
    });
  }
}
