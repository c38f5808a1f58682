/**
 * The date of the puzzle, the reader's streak, and a button for today's puzzle if another one is shown. The puzzle's figure owns it. It
 * must not begin a day: at midnight it only offers the new one.
 */

import { say, sayCount, spoken } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { today, untilMidnight } from './day.js';

export class DateLine {
  #date = h('span', { part: 'date' });
  #again;
  #day = '';
  /** @type {import('./record.js').PuzzleRecord | null} */
  #record = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #wake = () => this.show();

  /** @param {() => void} onToday the reader wants today's puzzle */
  constructor(onToday) {
    this.#again = button(say('Play today’s'), 'today', onToday);
    this.node = h('div', { class: 'date' }, this.#date, this.#again);
    document.addEventListener('visibilitychange', this.#wake);
  }

  /**
   * @param {string} day
   * @param {import('./record.js').PuzzleRecord} record
   */
  set(day, record) {
    this.#day = day;
    this.#record = record;
  }

  /** Shows the current date and streak; nothing before the first day is set. */
  show() {
    if (!this.#record) return;
    const now = today();
    const streak = this.#record.streak(now);
    this.#date.textContent = [
      say('Puzzle of {day}', { day: this.inWords }),
      streak > 0 ? sayCount(streak, 'Streak: 1 day', 'Streak: {count} days') : '',
    ]
      .filter(Boolean)
      .join(' · ');
    this.#again.hidden = this.#day === now;
    clearTimeout(this.#due);
    this.#due = setTimeout(this.#wake, untilMidnight() + 1000);
  }

  get inWords() {
    return new Date(this.#day).toLocaleDateString(spoken(), { dateStyle: 'long', timeZone: 'UTC' });
  }

  destroy() {
    clearTimeout(this.#due);
    document.removeEventListener('visibilitychange', this.#wake);
  }
}
