/** The head of a lesson: title, facts, buttons, and problems of the file. */

import { say, sayCount, spoken, retell } from '../../state/texts.js';
import { button, checkbox } from '../../views/parts/controls.js';
import { h } from '../../views/parts/dom.js';

/** @typedef {import('./read.js').Lesson} Lesson */

/**
 * The name of the site, which leads to the article, and the way to the list of lessons.
 * @param {import('./shipped.js').Shipped} shipped
 * @param {Node[]} [others] links to the same in other languages
 */
export function siteName(shipped, others = []) {
  return h(
    'p',
    { class: 'name' },
    h('a', { href: shipped.article(spoken()) }, 'Latent Lab'),
    h('a', { href: shipped.page(spoken()) }, say('Lessons')),
    ...others,
  );
}

/** @param {Lesson} lesson @param {string} name of the file */
export function titleOf({ meta }, name) {
  const { minutes, audience, author, license } = meta;
  const facts = [
    minutes ? sayCount(minutes, '{count} minute', '{count} minutes') : '',
    audience ? say('for {audience}', { audience }) : '',
    author ? say('by {author}', { author }) : '',
    license,
  ];
  return [
    h('h1', { tabindex: -1 }, meta.title || name),
    ...(meta.summary ? [h('p', { class: 'lede' }, meta.summary)] : []),
    h('p', { class: 'learned facts' }, facts.filter(Boolean).join(' · ')),
  ];
}

/** The buttons of one lesson. */
export class Tools {
  #count = h('p', { class: 'note', role: 'status' });
  #progress;
  #questions;

  /**
   * @param {import('./progress.js').Progress} progress
   * @param {number} questions of the lesson
   * @param {() => Promise<void>} print
   */
  constructor(progress, questions, print) {
    this.#progress = progress;
    this.#questions = questions;
    const paper = button(say('Print'), 'print', async () => {
      paper.textContent = say('Preparing the figures…');
      await print();
      paper.textContent = say('Print');
    });
    const keep = checkbox(say('Keep my progress on this device'), progress.isKept, 'keep', (isKept) => {
      const isStored = progress.keep(isKept);
      this.show();
      if (!isStored) this.#count.textContent = say('This browser does not let this page store anything.');
    });
    this.node = h('div', { class: 'tools' }, paper, ...(questions > 0 ? [keep.node, this.#count] : []));
    this.show();
  }

  /** Says how many questions are answered. */
  show() {
    // Guesses of removed questions may be kept.
    const values = { done: Math.min(this.#questions, this.#progress.count) };
    this.#count.textContent = sayCount(
      this.#questions,
      '{done} of {count} question answered',
      '{done} of {count} questions answered',
      values,
    );
  }
}

/** @param {Lesson} lesson */
export function problemsOf({ problems }) {
  if (problems.length === 0) return [];
  const title = sayCount(problems.length, 'This file has {count} problem', 'This file has {count} problems');
  const items = problems.map(({ line, text }) => h('li', {}, say('Line {line}: {what}', { line, what: retell(text) })));
  return [h('details', { class: 'problems', open: true }, h('summary', {}, title), h('ul', {}, ...items))];
}
