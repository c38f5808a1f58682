import { say } from '../../state/texts.js';
import { h } from '../../views/parts/dom.js';
import { shownNumber } from './numbers.js';

/** Choices as radio buttons. Revealed, each shows its measured value as a bar. */
export class ChoiceInput {
  #question;
  #inputs;
  #labels;

  /**
   * @param {import('./question-block.js').ChoiceQuestion} question
   * @param {string} name unique on the page
   */
  constructor(question, name) {
    this.#question = question;
    this.#inputs = question.choices.map((_, i) => h('input', { type: 'radio', name, value: i }));
    this.#labels = question.choices.map(({ text }, i) => {
      const mark = h('span', { class: 'mark' });
      const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
      return { node: h('label', {}, this.#inputs[i], h('span', {}, text), mark, bar), mark, bar };
    });
    this.node = h('div', { class: 'choices' }, ...this.#labels.map(({ node }) => node));
  }

  /** The index of the chosen one; null if there is none. */
  get guess() {
    const chosen = this.#inputs.findIndex(({ checked }) => checked);
    return chosen < 0 ? null : chosen;
  }

  /** @param {unknown} kept @returns {boolean} true if this question can have it */
  restore(kept) {
    const input = this.#inputs[Number(kept)];
    if (typeof kept !== 'number' || !input) return false;
    input.checked = true;
    return true;
  }

  /**
   * Shows the answer beside the guess.
   * @param {import('./answers.js').ChoiceAnswer} answer
   * @returns {{isRight: boolean, text: string}}
   */
  reveal({ values, right }) {
    const most = Math.max(...values);
    this.#labels.forEach(({ node, mark, bar }, i) => {
      const words = [right[i] ? say('the network’s answer') : '', this.guess === i ? say('your guess') : ''];
      const value = values.length > 0 ? shownNumber(values[i]) : '';
      mark.textContent = [value, ...words].filter(Boolean).join(' · ');
      node.classList.toggle('right', right[i]);
      bar.hidden = values.length === 0;
      bar.style.inlineSize = values.length > 0 ? `${(100 * Math.max(0, values[i])) / most}%` : '0';
    });
    const texts = this.#question.choices.filter((_, i) => right[i]).map(({ text }) => text);
    return {
      isRight: this.guess !== null && right[this.guess],
      text:
        texts.length > 0
          ? say('The network’s answer: {answer}.', { answer: texts.join(', ') })
          : say('The network’s answer is none of these.'),
    };
  }

  hide() {
    for (const { node, mark, bar } of this.#labels) {
      mark.textContent = '';
      bar.hidden = true;
      node.classList.remove('right');
    }
  }
}
