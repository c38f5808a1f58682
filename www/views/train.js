import { DistantView } from './parts/distant-view.js';

/** @typedef {import('../training/page/requests.js').Request} Request */

/**
 * The figure that trains.
 * @extends {DistantView<import('./train/figure.js').TrainFigure>}
 */
export class TrainView extends DistantView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const lessonCode = state.lesson === 'one-picture' ? import('./train/one-picture.js') : null;
      const [{ TrainFigure }, lesson] = await Promise.all([import('./train/figure.js'), lessonCode]);
      return (view) =>
        new TrainFigure(view.node, {
          ...{ lesson, plan: state.plan, isOpen: state.controls !== 'all' },
          request: /** @type {Request} */ ((command, args) => view.ask('train', { command, args })),
          onPlan: (plan) => view.change({ plan }),
        });
    });
    this.node.classList.toggle('lesson', state.lesson === 'one-picture');
  }

  /**
   * @param {import('../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    if (changed.has('controls') && state.controls !== 'all') this.tell((figure) => figure.unfold());
  }

  /** A printout is a still: nearly all of the figure is controls and numbers that change. */
  get paper() {
    return /** @type {const} */ ('still');
  }

  /** @param {import('../training/page/controller.js').RunStatus} status */
  hear(status) {
    this.tell((figure) => figure.show(status));
  }
}
