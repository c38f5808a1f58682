import { PictureView } from './parts/distant-view.js';

/**
 * The figure that compares paths between two pictures: a cross-fade, the line, the arc and the geodesic.
 * @extends {PictureView<import('./paths/figure.js').PathsFigure>}
 */
export class PathsView extends PictureView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { PathsFigure } = await import('./paths/figure.js');
      return (view) => new PathsFigure(view);
    });
  }
}
