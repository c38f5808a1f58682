import { say } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { Picture } from '../parts/pictures.js';
import { GROUPS } from './chosen.js';
import { picturesIn } from './words.js';

/**
 * @typedef {import('./words.js').Target} Target
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 *
 * @typedef {object} Shown pictures in a group or slot
 * @property {string[]} names
 * @property {ImageShape} image
 * @property {Uint8ClampedArray[]} pictures RGBA
 */

/** Most small pictures of a group; the others are counted. */
const MOST = 20;

/** A group of examples, or the place of one picture. Pictures can be dropped on it. */
export class SlotBox {
  #title = h('p', { class: 'slot-title' });
  #count = h('p', { class: 'hint' });
  #grid = h('div', { class: 'picture slot-grid', role: 'img' });
  /** @type {Picture[]} */
  #pictures = [];

  /**
   * @param {Target} target
   * @param {object} on
   * @param {(target: Target) => void} on.choose
   * @param {(target: 'plus' | 'minus') => void} on.empty
   */
  constructor(target, on) {
    const choose = button(say('Choose'), `${target}-choose`, () => on.choose(target));
    const empty = button(say('Empty'), `${target}-empty`, () => on.empty(/** @type {'plus' | 'minus'} */ (target)));
    const isGroup = /** @type {readonly string[]} */ (GROUPS).includes(target);
    this.node = h(
      'div',
      // The label comes with the data, but the buttons need their names before that.
      { class: isGroup ? 'slot group' : 'slot', role: 'group', 'aria-label': '', part: target, 'data-end': target },
      this.#title,
      this.#grid,
      ...(isGroup ? [this.#count] : []),
      h('div', { class: 'row' }, choose, ...(isGroup ? [empty] : [])),
    );
  }

  /**
   * @param {string} name
   * @param {string} [title] the part of it that is shown
   */
  call(name, title = name) {
    this.node.setAttribute('aria-label', name);
    this.#title.textContent = title;
  }

  /** @param {Shown} shown */
  show({ names, image, pictures }) {
    this.#count.textContent = picturesIn(names.length);
    const known = pictures.slice(0, MOST);
    while (this.#pictures.length > known.length) this.#pictures.pop();
    while (this.#pictures.length < known.length) this.#pictures.push(new Picture({ 'aria-hidden': 'true' }, 'tile'));
    this.#grid.replaceChildren(...this.#pictures.map(({ node }) => node));
    known.forEach((rgba, i) => this.#pictures[i].paint(image, rgba));
    this.#grid.classList.toggle('in-color', image.channels === 3);
    this.#grid.setAttribute('aria-label', names.length > 0 ? names.join(', ') : say('No pictures'));
  }
}
