/**
 * The snapshots of a run, within a budget of memory. The newest are exact, older ones are in half precision. When the budget is used up,
 * the snapshots closest together for their age are dropped: the recent past stays dense, and the rest is at even intervals, as a film of
 * the run needs it.
 */

import { statesOf } from '../critic.js';
import { halve } from '../halves.js';

/** @typedef {import('../protocol.js').Snapshot} Snapshot */

/** Most bytes of all snapshots together. */
const BUDGET = 96 << 20;

/** Number of the newest snapshots that stay exact. */
const EXACT = 3;

/** Number of values that are converted to half precision at once, in about a millisecond: the page must stay responsive. */
const SLICE = 1 << 16;

/** Most snapshots: more could not be told apart on a slider. */
const MOST = 150;

/** Recent share of a run in which newer snapshots count more; the rest is kept at even intervals. */
const NEAR = 0.03;

export class History {
  /** @type {Snapshot[]} in the order of their steps */
  #snapshots = [];
  #budget;

  /** @param {{budget?: number, snapshots?: Snapshot[]}} [options] */
  constructor({ budget = BUDGET, snapshots = [] } = {}) {
    this.#budget = budget;
    this.#snapshots = snapshots.sort((a, b) => a.step - b.step);
  }

  /** Steps of the snapshots, ascending. */
  get steps() {
    return this.#snapshots.map(({ step }) => step);
  }

  get bytes() {
    return this.#snapshots.reduce(
      (sum, snapshot) => sum + statesOf(snapshot).reduce((all, { byteLength }) => all + byteLength, 0),
      0,
    );
  }

  /** @param {Snapshot} snapshot the newest, or one of a step that is already there */
  add(snapshot) {
    this.cut(snapshot.step - 1);
    this.#snapshots.push(snapshot);
    const old = this.#snapshots[this.#snapshots.length - 1 - EXACT];
    if (old) age(old);
    while (this.#snapshots.length > 2 && (this.#snapshots.length > MOST || this.bytes > this.#budget)) this.#thin();
  }

  /** @param {number} index */
  at(index) {
    return this.#snapshots[index];
  }

  /**
   * True if a run that continues from there repeats the original run exactly.
   * @param {number} index
   */
  isExact(index) {
    return statesOf(this.#snapshots[index]).every((state) => state instanceof Float32Array);
  }

  /**
   * Drops everything after a step.
   * @param {number} step
   */
  cut(step) {
    this.#snapshots = this.#snapshots.filter(({ step: each }) => each <= step);
  }

  /** The snapshots as in memory, to be stored. */
  get snapshots() {
    return this.#snapshots;
  }

  #thin() {
    const all = this.#snapshots;
    const last = all[all.length - 1].step + 1;
    const oldest = NEAR * (last - all[0].step);
    let least = { at: 1, gap: Infinity };
    // The newest stay: a run continues exactly from those.
    const end = Math.max(2, all.length - EXACT);
    for (let at = 1; at < end; at++) {
      const gap = (all[at + 1].step - all[at - 1].step) / Math.min(oldest, last - all[at].step);
      if (gap < least.gap) least = { at, gap };
    }
    all.splice(least.at, 1);
  }
}

/**
 * Puts a snapshot into half precision: a small one at once, a large one slice by slice.
 * @param {Snapshot} snapshot
 */
async function age(snapshot) {
  const { critic } = snapshot;
  const states = statesOf(snapshot);
  const halves = states.map((state) => (state instanceof Float32Array ? new Uint16Array(state.length) : state));
  let filled = 0;
  for (const [i, state] of states.entries()) {
    if (!(state instanceof Float32Array)) continue;
    for (let from = 0; from < state.length; from += SLICE, filled += SLICE) {
      if (filled > 0) await new Promise((resolve) => setTimeout(resolve));
      halve(state, /** @type {Uint16Array} */ (halves[i]), from, Math.min(state.length, from + SLICE));
    }
  }
  const networks = snapshot.states.length;
  snapshot.states = halves.slice(0, networks);
  if (critic?.states) snapshot.critic = { ...critic, states: halves.slice(networks) };
}

/**
 * Indices of the snapshots that a film of the run shows: those nearest to even intervals, each once.
 * @param {number[]} steps of the snapshots, ascending
 * @param {number} count of frames
 */
export function evenly(steps, count) {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const wanted = Array.from({ length: count }, (_, i) => first + ((last - first) * i) / Math.max(1, count - 1));
  return [...new Set(wanted.map((step) => nearest(steps, step)))];
}

/**
 * Most frames that a film of the run can have without showing a snapshot twice.
 * @param {number[]} steps of the snapshots, ascending
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
