import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { swatch } from './swatch.js';
import { byWay, namesOfWays, WAYS } from './ways.js';

/**
 * The picture of each path at the current position, beside each other, with what is measured there. Their sizes follow from the style
 * alone.
 *
 * @typedef {import('./ways.js').Way} Way
 */
export class Now {
  #pictures = byWay((way) => new Picture({ role: 'img', part: `now-${way}`, 'aria-label': say('Not decoded yet') }));
  #readings = byWay((way) => h('p', { class: 'reading-now', part: `reading-${way}` }, '\u00a0'));

  constructor() {
    const names = namesOfWays();
    const boxes = WAYS.map((way) =>
      h(
        'div',
        {},
        this.#pictures[way].node,
        h('p', { class: 'way-name' }, swatch(way), names[way]),
        this.#readings[way],
      ),
    );
    this.node = h('div', { class: 'ways-now' }, ...boxes);
  }

  /**
   * @param {Way} way
   * @param {{from: string, to: string}} ends
   */
  call(way, ends) {
    this.#pictures[way].label = say('Picture between {from} and {to}: {path}', { ...ends, path: namesOfWays()[way] });
  }

  /**
   * @param {Way} way
   * @param {import('../parts/pictures.js').ImageShape} image
   * @param {Uint8ClampedArray} rgba the path's frames, stacked
   * @param {number} frame
   */
  paint(way, image, rgba, frame) {
    this.#pictures[way].paint(image, rgba, frame);
    this.#pictures[way].node.classList.remove('stale');
  }

  /** The picture of a path is no longer one between the ends. @param {Way} way */
  age(way) {
    this.#pictures[way].node.classList.add('stale');
  }

  /**
   * @param {Way} way
   * @param {string} reading empty while there is none
   */
  read(way, reading) {
    this.#readings[way].textContent = reading || '\u00a0';
  }
}
