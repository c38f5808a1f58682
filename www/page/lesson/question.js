/** One question: the reader predicts, then the network answers, and both are drawn together. */

import { savesData } from '../../state/reader.js';
import { retell, say } from '../../state/texts.js';
import { button, hold } from '../../views/parts/controls.js';
import { h } from '../../views/parts/dom.js';
import { ChoiceInput } from './choice.js';
import { NumberInput } from './number.js';
import { PointInput } from './point.js';

/**
 * @typedef {import('./question-block.js').Question} Question
 * @typedef {import('./measures.js').Spot} Spot
 * @typedef {import('./answers.js').ChoiceAnswer} ChoiceAnswer
 * @typedef {import('./answers.js').NumberAnswer} NumberAnswer
 * @typedef {import('./answers.js').PointAnswer} PointAnswer
 * @typedef {{restore: () => unknown, keep: (guess: unknown) => void}} Keeping keeps the guess of this question, if the reader wishes it
 */

/** Distance of a question from the screen below which networks are asked for its pictures. */
const NEARBY = '200px';

export class QuestionForm {
  #question;
  #keeping;
  #input;
  #pictures = h('div', { class: 'drawn' });
  #fields = h('fieldset');
  #reply = h('div', { class: 'reply', role: 'status' });
  #submit;
  #again;
  #isBusy = false;
  /** @type {Promise<void> | null} */
  #prepared = null;

  /**
   * @param {Question} question
   * @param {number} number in the lesson
   * @param {Keeping} keeping
   */
  constructor(question, number, keeping) {
    this.#question = question;
    this.#keeping = keeping;
    this.#input = inputOf(question, `question-${number}`);
    this.#submit = h('button', { type: 'submit', class: 'primary' }, say('Compare with the network'));
    this.#again = button(say('Try again'), 'again', () => this.#reset());
    this.#again.hidden = true;
    const legend = h('legend', {}, h('span', { class: 'count' }, say('Question {number}', { number })), question.ask);
    this.#fields.append(legend, this.#pictures, this.#input.node, this.#written());
    const row = h('div', { class: 'row' }, this.#submit, this.#again);
    this.node = h('form', { class: 'question' }, this.#fields, row, this.#reply);
    this.node.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.#watch();
  }

  /** Room to write, on paper. */
  #written() {
    const { kind } = this.#question;
    return kind === 'number' ? h('p', { class: 'on-paper' }, `${say('Your guess')}: `, h('span')) : '';
  }

  /** Fetches pictures and a kept guess when the question comes near. */
  #watch() {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return;
        observer.disconnect();
        if (!savesData()) this.prepare();
        if (this.#input.restore(this.#keeping.restore())) this.#ask();
      },
      { rootMargin: NEARBY },
    );
    observer.observe(this.node);
  }

  /** Draws what the question shows, once. After a failure, which is told, the reader's guess tries again. */
  prepare() {
    this.#prepared ??= this.#drawShown();
    return this.#prepared;
  }

  async #drawShown() {
    const { shown } = this.#question;
    const needsMap = this.#input instanceof PointInput;
    if (shown.length === 0 && !needsMap) return;
    try {
      const { pictureAt, storedOf } = await import('./answers.js');
      const pictures = [];
      for (const spot of shown) {
        pictures.push(canvasOf(await pictureAt(spot), say('Picture {number}', { number: pictures.length + 1 })));
      }
      this.#pictures.replaceChildren(...pictures);
      if (this.#input instanceof PointInput) this.#input.show(await storedOf(this.#question.answer[0].model));
    } catch (error) {
      this.#prepared = null;
      this.#reply.replaceChildren(h('p', {}, retell(error)));
    }
  }

  /** Compares the guess with the network. From then on it cannot be changed, until the reader tries again. */
  async #ask() {
    if (this.#isBusy) return;
    const { guess } = this.#input;
    if (guess === null) return this.#reply.replaceChildren(h('p', {}, say('Make a guess first.')));
    const hadFocus = this.node.contains(document.activeElement);
    this.#isBusy = true;
    this.#fields.disabled = true;
    hold(this.#submit, true);
    this.#reply.replaceChildren(h('p', {}, say('The network is computing…')));
    try {
      await this.prepare();
      const { answerTo } = await import('./answers.js');
      const answer = await answerTo(this.#question);
      this.#keeping.keep(guess);
      await this.#reveal(answer);
      if (hadFocus) this.#again.focus({ preventScroll: true });
    } catch (error) {
      this.#reply.replaceChildren(h('p', {}, retell(error)));
      this.#fields.disabled = false;
      if (hadFocus) this.#submit.focus({ preventScroll: true });
    }
    this.#isBusy = false;
    hold(this.#submit, false);
  }

  /** @param {ChoiceAnswer | NumberAnswer | PointAnswer} answer */
  async #reveal(answer) {
    // Each kind of question has its kind of answer; TypeScript loses the pairing here.
    const { isRight, text } = this.#input.reveal(/** @type {ChoiceAnswer & NumberAnswer & PointAnswer} */ (answer));
    const verdict = isRight ? this.#praise() : say('Not this time.');
    const lines = this.#question.because.split('\n').filter(Boolean);
    this.#reply.replaceChildren(
      h('p', { class: 'verdict' }, h('strong', {}, verdict), ' ', text),
      ...(await this.#compared(answer)),
      ...lines.map((line) => h('p', {}, line)),
    );
    this.node.classList.add('answered');
    this.#again.hidden = false;
    this.#submit.hidden = true;
  }

  #praise() {
    return this.#question.kind === 'choice' ? say('Right.') : say('Close enough.');
  }

  /** The network's pictures at the reader's point and at its own. @param {object} answer */
  async #compared(answer) {
    const { guess } = this.#input;
    if (!('x' in answer) || !('y' in answer) || !Array.isArray(guess)) return [];
    const { model } = this.#question.answer[0];
    const { pictureAt } = await import('./answers.js');
    const mine = await pictureAt({ model, code: guess });
    const its = await pictureAt({ model, code: [Number(answer.x), Number(answer.y)] });
    const figure = (/** @type {ImageData} */ image, /** @type {string} */ text) =>
      h('figure', {}, canvasOf(image, text), h('figcaption', { 'aria-hidden': 'true' }, text));
    return [
      h(
        'div',
        { class: 'drawn' },
        figure(mine, say('Drawn at your point')),
        figure(its, say('Drawn at the network’s point')),
      ),
    ];
  }

  #reset() {
    this.#input.hide();
    this.#fields.disabled = false;
    this.#reply.replaceChildren();
    this.node.classList.remove('answered');
    this.#submit.hidden = false;
    this.#submit.focus({ preventScroll: true });
    this.#again.hidden = true;
    this.#keeping.keep(undefined);
  }
}

/** @param {Question} question @param {string} name */
function inputOf(question, name) {
  if (question.kind === 'choice') return new ChoiceInput(question, name);
  return question.kind === 'number' ? new NumberInput(question) : new PointInput(question);
}

/** @param {ImageData} image @param {string} label */
function canvasOf(image, label) {
  const { width, height } = image;
  const canvas = h('canvas', { width, height, role: 'img', 'aria-label': label });
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
  return h('div', { class: isGray(image) ? 'ink' : 'color' }, canvas);
}

/** True for strokes, which are ink on paper in light schemes. @param {ImageData} image */
function isGray({ data }) {
  for (let at = 0; at < data.length; at += 4) if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  return true;
}
