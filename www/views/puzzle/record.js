/**
 * The record of a reader's tries and streak, kept only in the browser's storage for this site (localStorage). Every value that is
 * read is checked, since anyone may have written it. Without storage, as in a sandboxed frame, a record lives as long as its page.
 */

import { EXTENT } from './board.js';
import { dayBefore } from './day.js';

/**
 * @typedef {import('../parts/plane.js').Spot} Spot
 * @typedef {{last: string, count: number}} Streak the last day whose target was found, and how many days in a row
 * @typedef {{days: Map<string, Spot[]>, streak: Streak}} Content
 */

/** Number of tries per day. */
export const TRIES = 8;

/** Number of days whose tries are kept, and the longest credible streak. */
const DAYS = 7;
const LONGEST = 36_500;

const NONE = { last: '', count: 0 };

/** Contents by key, if nothing can be stored. @type {Map<string, string>} */
const unstored = new Map();

export class PuzzleRecord {
  #key;
  #isStored;

  /**
   * @param {string} model
   * @param {boolean} isStored false for networks that other readers do not have
   */
  constructor(model, isStored) {
    this.#key = `latent-lab puzzle ${model}`;
    this.#isStored = isStored;
  }

  /** The tries of a day. @param {string} day */
  triesOf(day) {
    return this.#read().days.get(day) ?? [];
  }

  /**
   * @param {string} day
   * @param {Spot[]} tries all of that day
   */
  keep(day, tries) {
    const { days, streak } = this.#read();
    days.delete(day);
    const latest = [...days].slice(1 - DAYS);
    this.#write({ days: new Map([...latest, [day, tries]]), streak });
  }

  /** Today's target was found. @param {string} day */
  found(day) {
    const { days, streak } = this.#read();
    if (streak.last >= day) return;
    this.#write({ days, streak: { last: day, count: streak.last === dayBefore(day) ? streak.count + 1 : 1 } });
  }

  /** Days in a row whose targets were found, up to today or yesterday. @param {string} today */
  streak(today) {
    const { last, count } = this.#read().streak;
    return last === today || last === dayBefore(today) ? count : 0;
  }

  /** @returns {Content} */
  #read() {
    try {
      const text = (this.#isStored && localStorage.getItem(this.#key)) || unstored.get(this.#key);
      return contentOf(JSON.parse(text ?? 'null'));
    } catch {
      return contentOf(null);
    }
  }

  /** @param {Content} content */
  #write({ days, streak }) {
    const written = (/** @type {[string, Spot[]]} */ [day, tries]) => [day, tries.map(({ x, y }) => [x, y])];
    const text = JSON.stringify({ days: [...days].map(written), streak });
    try {
      if (this.#isStored) return localStorage.setItem(this.#key, text);
    } catch {
      // The browser stores nothing, or is out of space.
    }
    unstored.set(this.#key, text);
  }
}

/**
 * The valid part of a stored content.
 * @param {unknown} stored
 * @returns {Content}
 */
export function contentOf(stored) {
  const { days, streak } = /** @type {{days?: unknown, streak?: unknown}} */ (stored ?? {});
  const entries = (Array.isArray(days) ? days : []).slice(-DAYS).filter((entry) => Array.isArray(entry));
  return {
    days: new Map(entries.filter(([day]) => isDay(day)).map(([day, tries]) => [day, spotsOf(tries)])),
    streak: isStreak(streak) ? { last: streak.last, count: streak.count } : NONE,
  };
}

/** @param {unknown} tries */
function spotsOf(tries) {
  const all = Array.isArray(tries) ? tries.slice(0, TRIES) : [];
  return all.filter(isSpot).map(([x, y]) => ({ x, y }));
}

/** @param {unknown} spot @returns {spot is [number, number]} */
function isSpot(spot) {
  return (
    Array.isArray(spot) &&
    spot.length === 2 &&
    spot.every((value) => typeof value === 'number' && Math.abs(value) <= EXTENT)
  );
}

/** @param {unknown} streak @returns {streak is Streak} */
function isStreak(streak) {
  const { last, count } = /** @type {Record<string, unknown>} */ (streak ?? {});
  return isDay(last) && Number.isInteger(count) && Number(count) > 0 && Number(count) <= LONGEST;
}

/** @param {unknown} day */
function isDay(day) {
  return typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
}
