import { say } from '../../texts.js';
import { button, choice } from './controls.js';
import { h } from './dom.js';

/** @typedef {import('../../state.js').Endpoint} Endpoint */

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Chooses one end of the way: a stored test digit by its class, another of the same class, or a drawing. */
export class EndPicker {
  /** @type {number[]} how many of each digit there are */
  #counts = DIGITS.map(() => 1);
  #digits;
  #another;
  #draw;

  /**
   * @param {object} options
   * @param {string} options.legend
   * @param {string} options.name
   * @param {Endpoint} options.value
   * @param {(endpoint: Endpoint) => void} options.onPick
   * @param {() => void} options.onDraw
   */
  constructor({ legend, name, value, onPick, onDraw }) {
    this.value = value;
    const values = DIGITS.map((digit) => /** @type {const} */ ([digit, digit]));
    this.#digits = choice({ legend, name, values, value: String(value.digit) }, (digit) => {
      onPick({ digit: Number(digit), nth: 0 });
    });
    this.#digits.node.classList.add('digits');
    this.#another = button('', `${name}-another`, () => {
      const { digit, nth } = this.value;
      onPick({ digit, nth: (nth + 1) % this.#counts[digit] });
    });
    this.#draw = button(say('Draw one'), `${name}-draw`, onDraw);
    this.node = h(
      'div',
      { class: 'end', part: name },
      this.#digits.node,
      h('div', { class: 'row' }, this.#another, this.#draw),
    );
    this.set(value, false);
  }

  /** @param {Uint8Array} labels of the stored digits */
  offer(labels) {
    this.#counts = DIGITS.map((_, digit) => labels.filter((label) => label === digit).length);
    this.#digits.inputs.forEach((input, digit) => {
      input.disabled = this.#counts[digit] === 0;
    });
  }

  /**
   * @param {Endpoint} value
   * @param {boolean} isDrawn then no digit is chosen
   */
  set(value, isDrawn) {
    this.value = value;
    this.#digits.set(isDrawn ? '' : String(value.digit));
    this.#another.textContent = say('Another {digit}', { digit: value.digit });
    this.node.dataset.drawn = String(isDrawn);
  }
}
