import { evenFrames, evenly } from '../../training/page/history.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { film } from './film.js';

/**
 * @typedef {import('../../training/page/types.js').DataSet} DataSet
 * @typedef {import('../../training/page/requests.js').Request} Request
 * @typedef {import('../../training/protocol.js').Preview} Preview
 * @typedef {import('./panel.js').Panel} Panel
 */

/** Suggested number of frames in a film, if the history has as many at even intervals. */
const FRAMES = 60;

/** The previews of a run's networks: draws on the stage, beside the charts, and all other pictures in panels below. */
export class Stage {
  #request;
  #node = h('div', { class: 'stage', part: 'stage' });
  #place = h('div', { class: 'train-panels', part: 'panels' });
  /** One for each network. @type {Panel[]} */
  #panels = [];
  /** @type {DataSet | null} */
  #data = null;
  /** The last painted previews. @type {Preview[]} */
  #previews = [];
  #spot = { x: 0, y: 0 };

  /**
   * @param {Request} request
   * @param {HTMLElement} charts
   */
  constructor(request, charts) {
    this.#request = request;
    this.#node.append(h('div', { class: 'beside' }, charts));
    this.node = this.#node;
    this.place = this.#place;
  }

  /**
   * Shows the empty panels of a new run.
   * @param {Panel[]} panels
   * @param {DataSet} data
   */
  begin(panels, data) {
    this.destroy();
    this.#data = data;
    this.#panels = panels;
    for (const panel of panels) {
      on(panel.node, 'point', (/** @type {import('./panel.js').Point} */ point) => {
        for (const each of panels) each.mark(point);
      });
      if (panel.plane) on(panel.plane.node, 'spot', (/** @type {{x: number, y: number}} */ spot) => this.#move(spot));
    }
    for (const old of this.#node.querySelectorAll('.drawn')) old.remove();
    this.#node.prepend(...panels.map(({ stage }) => stage));
    this.#place.replaceChildren(...panels.map(({ node }) => node));
    this.#node.dataset.count = this.#place.dataset.count = String(panels.length);
  }

  /** The run is gone. */
  clear() {
    this.#data = null;
    this.#previews = [];
  }

  destroy() {
    for (const panel of this.#panels) panel.destroy();
  }

  /**
   * @param {Preview[]} previews
   * @param {boolean} isNow true for the current step, whose networks also decode the cursor
   */
  paint(previews, isNow) {
    this.#previews = previews;
    previews.forEach((preview, i) => this.#panels[i]?.show(preview));
    if (this.#panels[0]?.plane && isNow) this.#move(this.#spot);
  }

  /** Moves the cursor of all planes, and decodes its latent with each network. @param {{x: number, y: number}} spot */
  async #move(spot) {
    this.#spot = spot;
    for (const { plane } of this.#panels) plane?.move(spot);
    const { value } = await this.#request('draw', { latent: Float32Array.of(spot.x, spot.y) });
    value?.forEach((rgba, i) => this.#panels[i]?.plane?.paint(rgba));
  }

  /** A still of the newest previews; null without one. */
  get still() {
    if (!this.#data || this.#previews.length === 0) return null;
    const { rgba, width, height } = film(this.#data, [this.#previews]);
    const canvas = h('canvas', { width, height });
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (rgba), width, height), 0, 0);
    return { canvases: [canvas], columns: 1, isInk: this.#data.isInk };
  }

  /**
   * A film of the snapshots; null without any.
   * @param {number[]} snapshots their steps
   * @returns {import('../parts/export-dialog.js').Subject | null}
   */
  film(snapshots) {
    const data = this.#data;
    if (!data || snapshots.length === 0) return null;
    return {
      name: 'training',
      most: snapshots.length,
      count: evenFrames(snapshots, FRAMES),
      isInk: data.isInk,
      frames: async (count) => {
        const previews = [];
        for (const index of evenly(snapshots, count)) {
          const { value, problem } = await this.#request('preview', { index });
          if (!value) throw new Error(problem);
          previews.push(value);
        }
        return film(data, previews);
      },
    };
  }
}
