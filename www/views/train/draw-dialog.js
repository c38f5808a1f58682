import { toBytes } from '../../pixels.js';
import { say, sayCount } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { openModal } from '../parts/modal.js';
import { Pad } from '../parts/pad.js';

/** A dialog for drawing pictures, one after the other. */
export class DrawDialog {
  #pad = new Pad();
  #add;
  #text = h('p', { class: 'help', role: 'status' });
  #side = 28;
  #count = 0;

  /** @param {(pixels: Uint8Array, side: number) => void} onPicture gray, white on black */
  constructor(onPicture) {
    this.#add = button(say('Add and draw another'), 'draw-add', () => {
      const picture = this.#pad.picture(this.#side);
      if (!picture) return;
      onPicture(toBytes(picture), this.#side);
      this.#count += 1;
      this.#text.textContent = sayCount(this.#count, 'One drawing added.', '{count} drawings added.');
      this.#pad.clear();
      this.#pad.surface.focus();
    });
    this.#add.classList.add('primary');
    const buttons = [
      this.#add,
      button(say('Undo'), 'draw-undo', () => this.#pad.undo()),
      button(say('Clear'), 'draw-clear', () => this.#pad.clear()),
      button(say('Done'), 'draw-done', () => this.node.close()),
    ];
    this.node = h(
      'dialog',
      { part: 'draw-dialog', 'aria-labelledby': 'draw-title', class: 'plain' },
      h('h2', { id: 'draw-title' }, say('Draw pictures to train on')),
      this.#pad.node,
      this.#text,
      h('div', { class: 'row' }, ...buttons),
    );
    this.#pad.node.addEventListener('ink', () => this.#update());
  }

  /** @param {number} side of the pictures, in pixels */
  open(side) {
    if (!openModal(this.node)) return;
    this.#side = side;
    this.#count = 0;
    this.#text.textContent = '';
    this.#pad.clear();
    this.#pad.surface.focus();
  }

  #update() {
    this.#add.disabled = this.#pad.picture(8) === null;
  }
}
