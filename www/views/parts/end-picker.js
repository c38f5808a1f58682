import { say } from '../../texts.js';
import { button, choice, slider } from './controls.js';
import { h } from './dom.js';
import { countOf, DIGITS, placeOf } from './stored.js';

/** @typedef {import('../../state.js').Endpoint} Endpoint */

/**
 * Chooses one end of the way: a stored test digit by its class, another of the same class, or a drawing. Where the stored
 * pictures have no classes, one by its number.
 */
export class EndPicker {
  /** @type {number[]} how many of each digit there are */
  #counts = DIGITS.map(() => 1);
  #digits;
  #another;
  #draw;
  #options;
  #place = h('div', {});
  /** @type {{stored: import('./stored.js').StoredLatents, slider: ReturnType<typeof slider>} | null} where there are no classes */
  #pictures = null;

  /**
   * @param {object} options
   * @param {string} options.legend
   * @param {string} options.name
   * @param {Endpoint} options.value
   * @param {(endpoint: Endpoint) => void} options.onPick
   * @param {() => void} options.onDraw
   * @param {import('./stored.js').StoredLatents | null} options.expected what is offered until the codes have come
   */
  constructor(options) {
    const { legend, name, value, onPick, onDraw } = options;
    this.#options = options;
    this.value = value;
    const values = DIGITS.map((digit) => /** @type {const} */ ([digit, digit]));
    this.#digits = choice({ legend, name, values, value: String(value.digit) }, (digit) => {
      onPick({ digit: Number(digit), nth: 0 });
    });
    this.#digits.node.classList.add('digits');
    this.#place.append(this.#digits.node);
    this.#another = button('', `${name}-another`, () => {
      const { digit, nth } = this.value;
      if (this.#isDrawn) onPick(this.value);
      else if (this.#pictures) onPick(numbered((placeOf(this.#pictures.stored, this.value) + 1) % countOf(this.#pictures.stored)));
      else onPick({ digit, nth: (nth + 1) % this.#counts[digit] });
    });
    this.#draw = button(say('Draw one'), `${name}-draw`, onDraw);
    this.node = h(
      'div',
      { class: 'end', part: name, role: 'group', 'aria-label': legend },
      this.#place,
      h('div', { class: 'row' }, this.#another, this.#draw),
    );
    this.set(value, false);
    if (options.expected) this.offer(options.expected, false);
  }

  /**
   * @param {import('./stored.js').StoredLatents} stored
   * @param {boolean} canDraw whether a drawing in black and white is something that the model knows
   */
  offer(stored, canDraw) {
    const { labels } = stored;
    this.#draw.hidden = !canDraw;
    if (!labels) return this.#offerPictures(stored);
    this.#counts = DIGITS.map((_, digit) => labels.filter((label) => label === digit).length);
    this.#digits.inputs.forEach((input, digit) => {
      input.disabled = this.#counts[digit] === 0;
    });
  }

  /** @param {import('./stored.js').StoredLatents} stored */
  #offerPictures(stored) {
    const { legend, name, onPick } = this.#options;
    const count = countOf(stored);
    const format = (/** @type {number} */ number) =>
      stored.own === 'draws' ? say('random code {number} of {count}', { number, count }) : say('picture {number} of {count}', { number, count });
    const found = slider({ label: legend, part: `${name}-picture`, min: 1, max: count, step: 1, value: 1, format });
    found.input.addEventListener('input', () => onPick(numbered(found.input.valueAsNumber - 1)));
    this.#pictures = { stored, slider: found };
    this.#place.replaceChildren(found.node);
    this.set(this.value, this.#isDrawn);
  }

  /**
   * @param {Endpoint} value
   * @param {boolean} isDrawn then no digit is chosen
   */
  set(value, isDrawn) {
    this.value = value;
    this.#digits.set(isDrawn ? '' : String(value.digit));
    this.#pictures?.slider.set(placeOf(this.#pictures.stored, value) + 1);
    this.#another.textContent = this.#wordFor(value, isDrawn);
    this.#draw.textContent = isDrawn ? say('Draw another') : say('Draw one');
    this.node.dataset.drawn = String(isDrawn);
  }

  get #isDrawn() {
    return this.node.dataset.drawn === 'true';
  }

  /**
   * @param {Endpoint} value what there was before the drawing, if it is one
   * @param {boolean} isDrawn
   */
  #wordFor({ digit }, isDrawn) {
    if (this.#pictures) return isDrawn ? say('Back to the picture') : say('The next one');
    return isDrawn ? say('Back to the {digit}', { digit }) : say('Another {digit}', { digit });
  }
}

/**
 * The endpoint of a picture that has no class.
 * @param {number} place among all
 * @returns {Endpoint}
 */
function numbered(place) {
  return { digit: 0, nth: place };
}
