import { say } from '../../state/texts.js';
import { paintTrack } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { frameAt, FRAMES, ROW, ROW_FRAMES } from './frames.js';
import { swatch } from './swatch.js';
import { byPath, namesOfPaths, PATHS } from './paths.js';

/** @typedef {import('./paths.js').Path} Path */

/** Eleven pictures of each path, one row below the other, and one slider for all of them. */
export class Rows {
  #rows = byPath((path) => new Row(path));
  #status = h('span', { class: 'status', role: 'status' });
  #slider = h('input', {
    ...{ type: 'range', class: 'all-paths', part: 't', 'data-control': 't' },
    ...{ min: 0, max: FRAMES - 1, step: 1 },
  });

  /** @param {(t: number) => void} onSeek gets the position that the reader has pointed to */
  constructor(onSeek) {
    const names = namesOfPaths();
    this.#slider.setAttribute('aria-label', say('Position between the first picture and the second'));
    this.#slider.addEventListener('input', () => onSeek(this.#slider.valueAsNumber / (FRAMES - 1)));
    const status = (/** @type {Path} */ path) => (path === 'geodesic' ? [this.#status] : []);
    this.nodes = [
      ...PATHS.flatMap((path) => [
        h('p', { class: 'path-name' }, swatch(path), h('span', {}, names[path]), ...status(path)),
        this.#rows[path].node,
      ]),
      h('div', { class: 'slider-line' }, this.#slider),
    ];
    for (const { node } of Object.values(this.#rows)) {
      node.addEventListener('click', ({ target }) => {
        const { index } = /** @type {HTMLElement} */ (target).dataset;
        if (index !== undefined) onSeek(Number(index) / (ROW - 1));
      });
    }
  }

  get canvases() {
    return PATHS.flatMap((path) => this.#rows[path].canvases);
  }

  /** @param {string} text about the search for the geodesic */
  set status(text) {
    this.#status.textContent = text;
  }

  /**
   * @param {Path} path
   * @param {import('../parts/pictures.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba the path's frames, stacked
   * @param {{from: string, to: string}} ends names of the two
   */
  paint(path, image, rgba, ends) {
    this.#rows[path].paint(image, rgba, ends);
  }

  /** The pictures of a path no longer belong to the current ends. @param {Path} path */
  age(path) {
    this.#rows[path].node.classList.add('stale');
  }

  /** @param {number} t */
  move(t) {
    this.#slider.value = String(frameAt(t));
    this.#slider.setAttribute('aria-valuetext', say('{percent} percent of the way', { percent: Math.round(t * 100) }));
    paintTrack(this.#slider);
  }
}

/** The pictures of one path. Their sizes follow from the style alone. */
class Row {
  #path;
  #pictures = ROW_FRAMES.map((_, index) => new Picture({ 'data-index': index }, 'tile'));
  #tiles;

  /** @param {Path} path */
  constructor(path) {
    this.#path = path;
    this.#tiles = h(
      'div',
      { class: 'picture tiles', part: `row-${path}`, role: 'img', 'aria-label': say('Not decoded yet') },
      ...this.#pictures.map(({ node }) => node),
    );
    this.node = h('div', { class: 'at-line' }, this.#tiles);
  }

  get canvases() {
    return this.#pictures.map(({ canvas }) => canvas);
  }

  /**
   * @param {import('../parts/pictures.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba the path's frames, stacked
   * @param {{from: string, to: string}} ends
   */
  paint(image, rgba, ends) {
    this.#pictures.forEach((picture, i) => picture.paint(image, rgba, ROW_FRAMES[i]));
    this.#tiles.classList.toggle('in-color', image.channels === 3);
    this.node.classList.remove('stale');
    const path = namesOfPaths()[this.#path];
    this.#tiles.setAttribute('aria-label', say('{path}: eleven pictures from {from} to {to}', { ...ends, path }));
  }
}
