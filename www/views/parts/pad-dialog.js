import { toBytes, toRgba } from '../../pixels.js';
import { retell, say } from '../../state/texts.js';
import { button, hold } from './controls.js';
import { h } from './dom.js';
import { openModal } from './modal.js';
import { Pad } from './pad.js';
import { Picture } from './pictures.js';
import { ask, demand } from './request.js';

/** @typedef {import('../../engine/types.js').ImageShape} ImageShape */

/** A pad to draw a digit on, with the encoder's input and the decoder's output beside it. */
export class PadDialog {
  #pad = new Pad();
  #seen = new Picture({ role: 'img', part: 'pad-seen', 'aria-label': say('The drawing, centered and scaled') });
  #redrawn = new Picture({ role: 'img', part: 'pad-redrawn', 'aria-label': say('The drawing, encoded and decoded') });
  #use;
  #model = '';
  /** @type {ImageShape} */
  #image = { channels: 1, height: 28, width: 28 };
  #problem = h('p', { class: 'help', role: 'status' });
  /** @type {(code: Float32Array, seen: Uint8ClampedArray) => void} */
  #onUse = () => {};

  constructor() {
    this.#use = button(say('Use this drawing'), 'pad-use', () => this.#finish());
    this.#use.classList.add('primary');
    const shown = h(
      'div',
      { class: 'pad-shown' },
      h('figure', {}, this.#seen.node, h('figcaption', {}, say('What goes in'))),
      h('figure', {}, this.#redrawn.node, h('figcaption', {}, say('What comes out'))),
    );
    const buttons = h(
      'div',
      { class: 'row' },
      this.#use,
      button(say('Undo'), 'pad-undo', () => this.#pad.undo()),
      button(say('Clear'), 'pad-clear', () => this.#pad.clear()),
      button(say('Cancel'), 'pad-cancel', () => this.node.close()),
    );
    const title = h('h2', { id: 'pad-title' }, say('Draw a digit'));
    this.node = h(
      'dialog',
      { 'aria-labelledby': 'pad-title', part: 'pad-dialog' },
      title,
      this.#pad.node,
      shown,
      this.#problem,
      buttons,
    );
    this.#pad.node.addEventListener('ink', () => this.#preview());
  }

  /**
   * @param {HTMLElement} place in the figure
   * @param {string} model
   * @param {ImageShape} image one channel, as wide as high
   * @param {(code: Float32Array, seen: Uint8ClampedArray) => void} onUse gets the drawing's code, and the drawing as the network saw it
   */
  open(place, model, image, onUse) {
    if (!openModal(this.node, place)) return;
    this.#model = model;
    this.#image = image;
    this.#onUse = onUse;
    this.#problem.textContent = '';
    this.#pad.clear();
    this.#pad.surface.focus();
  }

  async #preview() {
    const pixels = this.#pad.picture(this.#image.width);
    this.#use.disabled = pixels === null;
    const rgba = this.#rgbaOf(pixels ?? new Float32Array(this.#image.width * this.#image.height));
    this.#seen.paint(this.#image, rgba);
    if (!pixels) return this.#redrawn.paint(this.#image, rgba);
    const { mean } = await ask(this.node, 'encode', { model: this.#model, rgba }, 'pad-encode');
    const decoded = await ask(this.node, 'decode', { model: this.#model, latents: mean }, 'pad-decode');
    this.#redrawn.paint(this.#image, decoded);
  }

  /** Encodes the current drawing, which the preview may not show yet. */
  async #finish() {
    const pixels = this.#pad.picture(this.#image.width);
    if (!pixels) return;
    hold(this.#use, true);
    const rgba = this.#rgbaOf(pixels);
    const encoded = await demand(this.node, 'encode', { model: this.#model, rgba }).catch((error) => retell(error));
    hold(this.#use, false);
    if (typeof encoded === 'string') {
      return void (this.#problem.textContent = say('That did not work: {why}.', { why: encoded }));
    }
    this.#onUse(encoded.mean, rgba);
    this.node.close();
  }

  /** @param {Float32Array} values of the drawing, 0 to 1 */
  #rgbaOf(values) {
    return toRgba(toBytes(values), this.#image);
  }
}
