import { say } from '../../state/texts.js';
import { CodeChart } from '../parts/code-chart.js';
import { filmOfPath } from '../parts/film.js';
import { LargePicture } from '../parts/pictures.js';
import { UNLABELED } from '../parts/stored.js';
import { frameAt, FRAMES, Path, STRIP } from './path.js';
import { Strip } from './strip.js';

/** Shows a path: the picture at the current position, the strip, and the chart of its codes. */
export class PathDisplay {
  #view;
  path = new Path();
  /** Number of the path requested last: a geodesic that arrives after a newer path is not shown. */
  #run = 0;

  /**
   * @param {import('../parts/view.js').View} view
   * @param {(t: number) => void} onSeek gets the position that the reader has pointed to
   */
  constructor(view, onSeek) {
    this.#view = view;
    const known = UNLABELED.get(view.state.model);
    this.picture = view.fitted(new LargePicture('picture', known?.side));
    this.strip = view.fitted(new Strip(known?.side, onSeek));
    this.chart = new CodeChart(known?.latent);
  }

  /**
   * Loads a new path: its codes, its strip and the current picture, decoded in one batch. A geodesic takes longer, so the arc comes
   * first.
   * @param {import('../../engine/types.js').ModelConfig} config
   * @param {import('../parts/ends.js').Ends} ends
   */
  async load(config, ends) {
    const path = this.#view.state.path === 'lerp' ? 'lerp' : 'slerp';
    const run = ++this.#run;
    const latents = await this.#view.ask('interpolate', { path, ...endsOf(ends) }, 'path');
    if (run === this.#run) await this.#show(latents, config, ends);
  }

  /**
   * Replaces the arc with the geodesic, unless the figure got another path meanwhile.
   * @param {import('../../engine/types.js').ModelConfig} config
   * @param {import('../parts/ends.js').Ends} ends
   * @returns {Promise<{problem?: string} | null>} why the arc is still shown; null if there is a newer path
   */
  async loadGeodesic(config, ends) {
    const run = this.#run;
    const { value, problem } = await this.#view.ask('geodesic', this.#geodesic(ends), 'geodesic');
    if (run !== this.#run) return null;
    if (value) await this.#show(value, config, ends);
    return { problem };
  }

  /**
   * @param {Float32Array} codes of the path
   * @param {{image: import('../../engine/types.js').ImageShape, latent: number}} config
   * @param {import('../parts/ends.js').Ends} ends
   */
  async #show(codes, { image, latent }, ends) {
    const view = this.#view;
    const { model } = view.state;
    this.path.latents = codes;
    this.chart.show(this.path.latents, latent);
    const latents = this.path.stripCodes(view.state.t);
    const pictures = await view.ask('decode', { model, latents }, 'strip');
    const names = { from: ends.name('from'), to: ends.name('to') };
    this.strip.paint(image, pictures, names);
    this.picture.paint(image, pictures, STRIP);
    this.picture.label = say('Decoded picture between {from} and {to}', names);
    this.#moveChart();
  }

  /**
   * Decodes the picture at the current position.
   * @param {import('../../engine/types.js').ModelConfig} config
   */
  async decode({ image }) {
    if (this.path.isEmpty) return;
    const { model } = this.#view.state;
    this.#moveChart();
    const picture = await this.#view.ask('decode', { model, latents: this.code.slice() }, 'frame');
    this.picture.paint(image, picture);
  }

  /** The code at the current position. */
  get code() {
    return this.path.codeAt(this.#view.state.t);
  }

  /**
   * The path as an animation for export; null before it has been loaded.
   * @param {import('../../engine/types.js').ModelConfig} config
   * @param {import('../parts/ends.js').Ends} ends
   * @returns {import('../parts/export-dialog.js').Subject | null}
   */
  film({ image }, ends) {
    if (this.path.isEmpty) return null;
    const { model } = this.#view.state;
    let { path } = this;
    return filmOfPath({
      ...{ name: 'morph', image, most: FRAMES },
      begin: async () => void (path = await this.#finished(ends)),
      codeAt: (share) => path.codeAt(share),
      decode: (latents) => this.#view.demand('decode', { model, latents }),
    });
  }

  /**
   * The path; the geodesic as soon as it is found.
   * @param {import('../parts/ends.js').Ends} ends
   */
  async #finished(ends) {
    const path = new Path();
    const found = this.#view.state.path === 'geodesic' && (await this.#view.demand('geodesic', this.#geodesic(ends)));
    path.latents = (found && found.value) || this.path.latents;
    return path;
  }

  /** @param {import('../parts/ends.js').Ends} ends */
  #geodesic(ends) {
    return { model: this.#view.state.model, ...endsOf(ends) };
  }

  #moveChart() {
    this.chart.move(frameAt(this.#view.state.t));
  }
}

/** @param {import('../parts/ends.js').Ends} ends */
function endsOf(ends) {
  return { from: ends.code('from'), to: ends.code('to'), frames: FRAMES };
}
