/**
 * The moments of a run that can be gone back to, within a budget of memory. The newest are exact; older ones are kept in
 * half precision; and when the budget is used up, those go first that lie closest together for their age. So the near past is fine, and
 * all that is older lies at even intervals, as a film of the run needs it.
 */

import { halve } from '../halves.js';

/**
 * @typedef {import('../worker/session.js').Kept} Kept
 */

/** Bytes that all moments together may take. */
const BUDGET = 96 << 20;

/** The newest ones, as they were. */
const EXACT = 3;

/** Values that are put into half precision at once, in a millisecond or so: the page has to stay awake. */
const SLICE = 1 << 16;

/** More would not be told apart on a slider. */
const MOST = 150;

/** The youngest share of a run, in which a moment counts the more the younger it is; all the rest is kept at even intervals. */
const NEAR = 0.03;

export class History {
  /** @type {Kept[]} in the order of their steps */
  #kept = [];
  #budget;

  /** @param {{budget?: number, kept?: Kept[]}} [options] */
  constructor({ budget = BUDGET, kept = [] } = {}) {
    this.#budget = budget;
    this.#kept = kept.sort((a, b) => a.step - b.step);
  }

  /** Steps of the moments, ascending. */
  get steps() {
    return this.#kept.map(({ step }) => step);
  }

  get bytes() {
    return this.#kept.reduce((sum, { states }) => sum + states.reduce((all, { byteLength }) => all + byteLength, 0), 0);
  }

  /** @param {Kept} moment the newest, or one that is there already */
  add(moment) {
    this.cut(moment.step - 1);
    this.#kept.push(moment);
    const old = this.#kept[this.#kept.length - 1 - EXACT];
    if (old) age(old);
    while (this.#kept.length > 2 && (this.#kept.length > MOST || this.bytes > this.#budget)) this.#thin();
  }

  /** @param {number} index */
  at(index) {
    return this.#kept[index];
  }

  /**
   * Whether a run that goes on from there is the run that was.
   * @param {number} index
   */
  isExact(index) {
    return this.#kept[index].states.every((state) => state instanceof Float32Array);
  }

  /**
   * Whatever came after a step has not happened.
   * @param {number} step
   */
  cut(step) {
    this.#kept = this.#kept.filter((moment) => moment.step <= step);
  }

  /** As they lie in memory, to be stored. */
  get kept() {
    return this.#kept;
  }

  #thin() {
    const kept = this.#kept;
    const last = kept[kept.length - 1].step + 1;
    const oldest = NEAR * (last - kept[0].step);
    let least = { at: 1, gap: Infinity };
    // The newest stay: a run goes on exactly from those.
    const end = Math.max(2, kept.length - EXACT);
    for (let at = 1; at < end; at++) {
      const gap = (kept[at + 1].step - kept[at - 1].step) / Math.min(oldest, last - kept[at].step);
      if (gap < least.gap) least = { at, gap };
    }
    kept.splice(least.at, 1);
  }
}

/**
 * Puts a moment into half precision: a small one at once, a large one slice by slice.
 * @param {Kept} moment
 */
async function age(moment) {
  const { states } = moment;
  const halves = states.map((state) => (state instanceof Float32Array ? new Uint16Array(state.length) : state));
  let filled = 0;
  for (const [i, state] of states.entries()) {
    if (!(state instanceof Float32Array)) continue;
    for (let from = 0; from < state.length; from += SLICE, filled += SLICE) {
      if (filled > 0) await new Promise((resolve) => setTimeout(resolve));
      halve(state, /** @type {Uint16Array} */ (halves[i]), from, Math.min(state.length, from + SLICE));
    }
  }
  moment.states = halves;
}

/**
 * Which moments a film of the run shows: those that are nearest to even intervals, each once.
 * @param {number[]} steps of the moments, ascending
 * @param {number} count of frames
 */
export function evenly(steps, count) {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const wanted = Array.from({ length: count }, (_, i) => first + ((last - first) * i) / Math.max(1, count - 1));
  return [...new Set(wanted.map((step) => nearest(steps, step)))];
}

/**
 * How many frames a film of the run can have, such that no moment is shown twice.
 * @param {number[]} steps of the moments, ascending
 * @param {number} most
 */
export function evenFrames(steps, most) {
  for (let count = Math.min(most, steps.length); count > 2; count--) {
    if (evenly(steps, count).length === count) return count;
  }
  return Math.min(2, steps.length);
}

/**
 * @param {number[]} steps
 * @param {number} wanted
 */
function nearest(steps, wanted) {
  return steps.reduce((best, step, i) => (Math.abs(step - wanted) < Math.abs(steps[best] - wanted) ? i : best), 0);
}
