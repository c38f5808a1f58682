/** A lesson as sections of the page: text in one column, figures across both, questions where they are asked. */

import { say } from '../../state/texts.js';
import { h } from '../../views/parts/dom.js';
import { addressOf } from './addresses.js';
import { draw } from './draw.js';
import { nameOf } from './progress.js';
import { QuestionForm } from './question.js';

/**
 * @typedef {import('./read.js').Part} Part
 * @typedef {import('./markdown.js').Node} Node
 * @typedef {import('./figure-block.js').FigureBlock} FigureBlock
 * @typedef {import('./question-block.js').Question} Question
 */

/** Attributes that are the name of a network or the address of one. */
const NETWORKS = ['model', 'compare'];

export class Sheet {
  #base;
  #progress;
  #onAnswer;
  #sections = [h('section', { class: 'sheet' })];
  /** The element that further text is added to. @type {HTMLElement | null} */
  #text = null;
  /** The questions so far. @type {QuestionForm[]} */
  questions = [];

  /**
   * @param {Part[]} parts
   * @param {string} base address of the lesson
   * @param {import('./progress.js').Progress} progress
   * @param {() => void} onAnswer
   */
  constructor(parts, base, progress, onAnswer) {
    this.#base = base;
    this.#progress = progress;
    this.#onAnswer = onAnswer;
    for (const part of parts) this.#add(part);
  }

  /** The sections with content. */
  get nodes() {
    return this.#sections.filter((section) => section.hasChildNodes());
  }

  /** @param {Part} part */
  #add(part) {
    if (part.type === 'figure') this.#place(this.#figure(/** @type {FigureBlock} */ (part)));
    else if (part.type === 'question') this.#place(this.#question(/** @type {Question} */ (part)));
    else if (part.type === 'teacher') this.#place(this.#notes(/** @type {Node} */ (part)));
    else if (part.type === 'heading' && /** @type {Node} */ (part).level === 2) this.#begin(/** @type {Node} */ (part));
    else this.#write(/** @type {Node} */ (part));
  }

  /** Starts a section. @param {Node} heading */
  #begin(heading) {
    const id = `part-${this.#sections.length}`;
    const [title] = draw([heading], this.#base);
    /** @type {HTMLElement} */ (title).id = id;
    this.#sections.push(h('section', { class: 'sheet', 'aria-labelledby': id }, title));
    this.#text = null;
  }

  /** @param {Node} node */
  #write(node) {
    if (!this.#text) {
      this.#text = h('div', { class: 'text' });
      this.#sections[this.#sections.length - 1].append(this.#text);
    }
    this.#text.append(...draw([node], this.#base));
  }

  /** @param {HTMLElement} node */
  #place(node) {
    this.#sections[this.#sections.length - 1].append(node);
    this.#text = null;
  }

  /** @param {FigureBlock} block */
  #figure({ attributes, caption }) {
    const figure = document.createElement('latent-lab');
    for (const [name, value] of attributes) {
      const isAddress = NETWORKS.includes(name) && !/^[a-z0-9-]+$/.test(value);
      const given = isAddress ? addressOf(value, this.#base) : value;
      if (given !== null) figure.setAttribute(name, given);
    }
    if (caption) figure.append(h('p', { slot: 'caption' }, caption));
    return figure;
  }

  /** @param {Question} question */
  #question(question) {
    // Identified by question and answer, so that a guess is kept when the lesson changes elsewhere.
    const name = nameOf(JSON.stringify([question.ask, question.answer]));
    const form = new QuestionForm(question, this.questions.length + 1, {
      restore: () => this.#progress.guess(name),
      keep: (guess) => {
        this.#progress.note(name, guess);
        this.#onAnswer();
      },
    });
    this.questions.push(form);
    return h('div', { class: 'text' }, form.node);
  }

  /** @param {Node} notes */
  #notes(notes) {
    const inside = draw(notes.children ?? [], this.#base);
    return h('details', { class: 'text teacher' }, h('summary', {}, say('For the teacher')), ...inside);
  }
}
