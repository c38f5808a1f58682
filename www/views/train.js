import { DistantView } from './parts/distant-view.js';

/**
 * The figure that trains.
 * @extends {DistantView<import('./train/figure.js').TrainFigure>}
 */
export class TrainView extends DistantView {
  /** @param {import('../state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { TrainFigure } = await import('./train/figure.js');
      return (view) => new TrainFigure(view.node, (command, args) => view.ask('train', { command, args }));
    });
  }

  /** @param {import('../training/desk.js').News} news */
  hear(news) {
    this.tell((figure) => figure.hear(news));
  }
}
