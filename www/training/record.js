/**
 * What there is to tell of a run: its losses, the moments that can be gone back to, and its place in the browser's
 * database, where a reload finds it.
 */

import { Curve } from './curve.js';
import { History } from './history.js';
import * as store from './store.js';

/**
 * @typedef {object} Run
 * @property {import('./settings.js').Settings} settings
 * @property {import('./desk.js').DataSet} data
 * @property {import('./start.js').Start} [start] the network that it started from, where that was no random one
 *
 * @typedef {object} Progress
 * @property {import('./session.js').Kept} moment
 * @property {Float64Array} curve
 * @property {number} span
 *
 * @typedef {Run & Progress & {history: import('./history.js').Kept[]}} Saved
 */

/** Between two writings to the database while a run goes on, in milliseconds. */
const SAVING = 8_000;

/** What is kept of a run, by the keys of the database. */
const PARTS = ['run', 'progress', 'history'];

export class Record {
  #curve = new Curve(1);
  #history = new History();
  #name;
  #complain;
  #lastSaved = 0;
  #isMeant = true;

  /**
   * @param {string} name under which the run is kept
   * @param {(problem: string) => void} complain when the browser keeps nothing; said once
   */
  constructor(name, complain) {
    this.#name = name;
    this.#complain = complain;
  }

  get curve() {
    return this.#curve;
  }

  get history() {
    return this.#history;
  }

  /** The newest moment; none before the first. */
  get last() {
    return this.#history.at(this.#history.steps.length - 1);
  }

  /** @param {number} networks of the run that begins */
  start(networks) {
    this.#curve = new Curve(networks);
    this.#history = new History();
  }

  /** What came after a step has not happened. @param {number} step */
  cut(step) {
    this.#curve.cut(step);
    this.#history.cut(step);
  }

  /** @param {number} networks @param {Saved} saved */
  restore(networks, { curve, span, history, moment }) {
    this.#curve = new Curve(networks, span);
    this.#curve.restore(curve);
    this.#history = new History({ kept: history });
    this.cut(moment.step);
    this.#history.add(moment);
  }

  /** @returns {Promise<Saved | null>} the run of an earlier visit */
  async read() {
    try {
      const [run, progress, history] = await Promise.all(PARTS.map((part) => store.read(this.#key(part))));
      return run && progress ? { ...run, ...progress, history: history ?? [] } : null;
    } catch {
      // No database, no earlier visit.
      return null;
    }
  }

  /** Nothing of the run stays on this machine. */
  async forget() {
    this.#history = new History();
    await store.forget(PARTS.map((part) => this.#key(part))).catch(() => {});
  }

  /** Writes a run that begins. @param {Run} run */
  async begin(run) {
    await this.#write({ run, history: [] });
    await this.save();
  }

  /** Writes what was set anew. @param {Run} run */
  set(run) {
    return this.#write({ run });
  }

  /** Writes where the run is, now and then. */
  keep() {
    if (performance.now() > this.#lastSaved + SAVING) this.save();
  }

  /** Writes where the run is. @param {boolean} [withHistory] everything that can be gone back to, which may be much */
  async save(withHistory = false) {
    const moment = this.last;
    if (!moment) return;
    this.#lastSaved = performance.now();
    const history = withHistory ? { history: this.#history.kept } : {};
    await this.#write({ progress: { moment, curve: this.#curve.rows, span: this.#curve.span }, ...history });
  }

  /** @param {Partial<{run: Run, progress: Progress, history: Saved['history']}>} entries */
  async #write(entries) {
    try {
      await store.write(Object.fromEntries(Object.entries(entries).map(([part, value]) => [this.#key(part), value])));
      this.#isMeant = true;
    } catch (error) {
      // Training needs no database.
      if (this.#isMeant) this.#complain(`This browser does not keep the run for your next visit (${error instanceof Error ? error.message : error}).`);
      this.#isMeant = false;
    }
  }

  /** @param {string} part */
  #key(part) {
    return this.#name ? `${this.#name} ${part}` : part;
  }
}
