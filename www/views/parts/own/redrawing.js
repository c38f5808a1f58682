import { toGray, toRgba } from '../../../pixels.js';
import { say } from '../../../state/texts.js';
import { h } from '../dom.js';
import { Picture } from '../pictures.js';
import { ask, demand } from '../request.js';

/** @typedef {import('../../../engine/types.js').ImageShape} ImageShape */

/** The network's input, and beside it its output. */
export class Redrawing {
  #seen = new Picture({ role: 'img', part: 'own-seen', 'aria-label': say('Your picture as the network sees it') });
  #redrawn = new Picture({ role: 'img', part: 'own-redrawn', 'aria-label': say('Your picture, encoded and decoded') });
  #model = '';
  /** @type {ImageShape} */
  #image = { channels: 1, height: 28, width: 28 };

  constructor() {
    this.node = h(
      'div',
      { class: 'pad-shown' },
      h('figure', {}, this.#seen.node, h('figcaption', {}, say('What goes in'))),
      h('figure', {}, this.#redrawn.node, h('figcaption', {}, say('What comes out'))),
    );
  }

  /** @param {string} model @param {ImageShape} image */
  open(model, image) {
    this.#model = model;
    this.#image = image;
    const empty = new Uint8ClampedArray(image.width * image.height * 4);
    for (const picture of [this.#seen, this.#redrawn]) picture.paint(image, empty);
  }

  /**
   * Shows a picture and its redrawing. A redrawing that a newer one replaces meanwhile is not finished.
   * @param {Uint8ClampedArray} rgba at the network's size
   */
  async show(rgba) {
    const image = this.#image;
    const seen = this.seen(rgba);
    this.#seen.paint(image, seen);
    const { mean } = await ask(this.node, 'encode', { model: this.#model, rgba: seen }, 'own-encode');
    const decoded = await ask(this.node, 'decode', { model: this.#model, latents: mean }, 'own-decode');
    this.#redrawn.paint(image, decoded);
  }

  /**
   * The code of a picture.
   * @param {Uint8ClampedArray} rgba at the network's size
   */
  async encode(rgba) {
    const { mean } = await demand(this.node, 'encode', { model: this.#model, rgba: this.seen(rgba) });
    return mean;
  }

  /** A picture in the network's colors. @param {Uint8ClampedArray} rgba */
  seen(rgba) {
    return this.#image.channels === 1 ? toRgba(toGray(rgba), this.#image) : rgba;
  }
}
