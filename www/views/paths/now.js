import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { swatch } from './swatch.js';
import { byPath, namesOfPaths, PATHS } from './paths.js';

/**
 * The picture of each path at the current position, side by side, with its measurements. Their sizes follow from the style alone.
 *
 * @typedef {import('./paths.js').Path} Path
 */
export class Now {
  #pictures = byPath((path) => new Picture({ role: 'img', part: `now-${path}`, 'aria-label': say('Not decoded yet') }));
  #readings = byPath((path) => h('p', { class: 'reading-now', part: `reading-${path}` }, '\u00a0'));

  constructor() {
    const names = namesOfPaths();
    const boxes = PATHS.map((path) =>
      h(
        'div',
        {},
        this.#pictures[path].node,
        h('p', { class: 'path-name' }, swatch(path), names[path]),
        this.#readings[path],
      ),
    );
    this.node = h('div', { class: 'paths-now' }, ...boxes);
  }

  /**
   * @param {Path} path
   * @param {{from: string, to: string}} ends
   */
  call(path, ends) {
    this.#pictures[path].label = say('Picture between {from} and {to}: {path}', {
      ...ends,
      path: namesOfPaths()[path],
    });
  }

  /**
   * @param {Path} path
   * @param {import('../parts/pictures.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba the path's frames, stacked
   * @param {number} frame
   */
  paint(path, image, rgba, frame) {
    this.#pictures[path].paint(image, rgba, frame);
    this.#pictures[path].node.classList.remove('stale');
  }

  /** The picture of a path no longer belongs to the current ends. @param {Path} path */
  age(path) {
    this.#pictures[path].node.classList.add('stale');
  }

  /**
   * @param {Path} path
   * @param {string} reading empty while there is none
   */
  read(path, reading) {
    this.#readings[path].textContent = reading || '\u00a0';
  }
}
