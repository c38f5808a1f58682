import { DistantView } from './parts/distant-view.js';

/** @typedef {import('../training/page/requests.js').Request} Request */

/** Prepared experiments, by the attribute `lesson`. @param {string} lesson */
const isExperiment = (lesson) => lesson === 'sizes' || lesson === 'few-and-many';

/**
 * The figure that trains.
 * @extends {DistantView<import('./train/figure.js').TrainFigure | import('./train/experiment/figure.js').ExperimentFigure>}
 */
export class TrainView extends DistantView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const options = (/** @type {DistantView<any>} */ view) => ({
        ...{ plan: state.plan, isOpen: state.controls !== 'all' },
        request: /** @type {Request} */ ((command, args) => view.ask('train', { command, args })),
        onPlan: (/** @type {string} */ plan) => view.change({ plan }),
      });
      const { lesson: name } = state;
      if (isExperiment(name)) {
        const { ExperimentFigure } = await import('./train/experiment/figure.js');
        return (view) => new ExperimentFigure(view.node, { ...options(view), name });
      }
      const lessonCode = state.lesson === 'one-picture' ? import('./train/one-picture.js') : null;
      const [{ TrainFigure }, lesson] = await Promise.all([import('./train/figure.js'), lessonCode]);
      return (view) => new TrainFigure(view.node, { ...options(view), lesson });
    });
    this.node.classList.toggle('lesson', state.lesson === 'one-picture');
    this.node.classList.toggle('experiment', isExperiment(state.lesson));
  }

  /**
   * @param {import('../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    super.update(state, changed);
    if (changed.has('controls') && state.controls !== 'all') this.tell((figure) => figure.unfold());
  }

  /** Printed as a still: nearly all of the figure is controls and changing numbers. */
  get paper() {
    return /** @type {const} */ ('still');
  }

  /** @param {import('../training/page/types.js').RunStatus} status */
  hear(status) {
    this.tell((figure) => figure.show(status));
  }
}
