import { say } from '../../state/texts.js';
import { slider } from '../../views/parts/controls.js';
import { h } from '../../views/parts/dom.js';
import { setNumber, shownNumber } from './numbers.js';

/** A number on a slider. Revealed, guess and answer are on one scale. */
export class NumberInput {
  #question;
  #slider;
  /** True once the reader has moved the slider, or taken the value that it begins with by a press or Space. */
  #isSet = false;
  #scale = h('div', { class: 'scale', 'aria-hidden': 'true', hidden: true, dir: 'ltr' });

  /** @param {import('./question-block.js').NumberQuestion} question */
  constructor(question) {
    this.#question = question;
    const { low, high, step } = question;
    const middle = low + Math.round((high - low) / 2 / step) * step;
    this.#slider = slider({
      label: say('Your guess'),
      min: low,
      max: high,
      step,
      value: middle,
      format: (value) => (this.#isSet ? this.#unit(setNumber(value, step)) : say('none yet')),
      part: 'guess',
    });
    const { input } = this.#slider;
    for (const type of ['input', 'pointerup']) input.addEventListener(type, () => this.#set(input.valueAsNumber));
    input.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.#set(input.valueAsNumber);
    });
    this.node = h('div', { class: 'number-guess' }, this.#slider.node, this.#scale);
  }

  /** Null until there is one: the slider begins in the middle, which is often close. */
  get guess() {
    return this.#isSet ? this.#slider.input.valueAsNumber : null;
  }

  /** @param {number} value */
  #set(value) {
    this.#isSet = true;
    this.#slider.set(value);
  }

  /** @param {unknown} kept */
  restore(kept) {
    const { low, high } = this.#question;
    if (typeof kept !== 'number' || !(kept >= low && kept <= high)) return false;
    this.#set(kept);
    return true;
  }

  /** @param {import('./answers.js').NumberAnswer} answer */
  reveal({ value }) {
    const { within, step } = this.#question;
    const mine = this.#slider.input.valueAsNumber;
    const band = h('span', { class: 'band' });
    band.style.insetInlineStart = this.#place(value - within);
    band.style.insetInlineEnd = `calc(100% - ${this.#place(value + within)})`;
    this.#scale.replaceChildren(band, this.#mark('guess', mine), this.#mark('answer', value));
    this.#scale.hidden = false;
    const [guess, answer] = [this.#unit(setNumber(mine, step)), this.#unit(shownNumber(value))];
    return {
      isRight: Math.abs(mine - value) <= within,
      text: say('Your guess: {guess}. The network’s answer: {answer}.', { guess, answer }),
    };
  }

  hide() {
    this.#scale.hidden = true;
  }

  /** @param {'guess' | 'answer'} name @param {number} value */
  #mark(name, value) {
    const mark = h('span', { class: name }, name === 'guess' ? say('your guess') : say('the network’s answer'));
    mark.style.insetInlineStart = this.#place(value);
    mark.classList.toggle('late', parseFloat(this.#place(value)) > 50);
    return mark;
  }

  /** Where a value is on the scale, as a percentage. @param {number} value */
  #place(value) {
    const { low, high } = this.#question;
    return `${Math.min(100, Math.max(0, (100 * (value - low)) / (high - low))).toFixed(2)}%`;
  }

  /** A unit such as `-mal` is part of the number's word. @param {string} number */
  #unit(number) {
    const { unit } = this.#question;
    return unit && !unit.startsWith('-') ? `${number} ${unit}` : number + unit;
  }
}
