import { PictureView } from './parts/distant-view.js';

/**
 * The figure that shows the inside of the decoder.
 * @extends {PictureView<import('./microscope/figure.js').MicroscopeFigure>}
 */
export class MicroscopeView extends PictureView {
  /** @param {import('../state/state.js').FigureState} state */
  constructor(state) {
    super(state, async () => {
      const { MicroscopeFigure } = await import('./microscope/figure.js');
      return (view) => new MicroscopeFigure(view.node, view.state, view.owner);
    });
  }

  get isPlaying() {
    return this.shown?.isPlaying ?? false;
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.shown?.print(isPrinting);
  }
}
