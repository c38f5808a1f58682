/**
 * What there is to tell of a run: its losses, the moments that can be gone back to, and its place in the browser's
 * database, where a reload finds it.
 */

import { Curve } from './curve.js';
import { History } from './history.js';
import { say } from '../../state/texts.js';
import * as store from './store.js';

/**
 * @typedef {object} Run
 * @property {import('./settings.js').Settings} settings
 * @property {import('./controller.js').DataSet} data
 * @property {import('./start.js').Start} [start] the network that it started from, where that was no random one
 *
 * @typedef {object} Progress
 * @property {import('../worker/session.js').Kept} moment
 * @property {Float64Array} curve
 * @property {number} span
 *
 * @typedef {Run & Progress & {history: import('./history.js').Kept[]}} Saved
 */

/** Between two writings to the database while a run goes on, in milliseconds. */
const SAVING = 8_000;

/** What is kept of a run, by the keys of the database. */
const PARTS = ['run', 'progress', 'history'];

/** The key that says whose run that is. */
const OWNER = 'owner';

export class Record {
  #curve = new Curve(1);
  #history = new History();
  #name;
  #complain;
  #lastSaved = 0;
  /** @type {Run | null} */
  #run = null;
  /** Id of the run for the database, where another tab may have stored another run under the same name. */
  #owner = '';

  /**
   * @param {string} name under which the run is kept
   * @param {(problem: string | undefined) => void} complain hears why the browser does not keep the run; undefined once it does
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
    this.#owner = newOwner();
  }

  /** What came after a step has not happened. @param {number} step */
  cut(step) {
    this.#curve.cut(step);
    this.#history.cut(step);
  }

  /** @param {number} networks @param {Saved} saved */
  restore(networks, { settings, data, start, curve, span, history, moment }) {
    this.#curve = new Curve(networks, span);
    this.#curve.restore(curve);
    this.#history = new History({ kept: history });
    this.cut(moment.step);
    this.#history.add(moment);
    this.#run = { settings, data, start };
    this.#owner = newOwner();
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
    this.#run = null;
    this.#complain(undefined);
    await store.forget([...PARTS, OWNER].map((part) => this.#key(part))).catch(() => {});
  }

  /** Writes a run that begins. @param {Run} run */
  begin(run) {
    this.#run = run;
    return this.save();
  }

  /** Writes what was set anew. @param {Run} run */
  set(run) {
    this.#run = run;
    return this.#write({ run });
  }

  /** Writes where the run is, now and then. */
  keep() {
    if (performance.now() > this.#lastSaved + SAVING) this.save();
  }

  /** Writes where the run is. @param {boolean} [withHistory] everything that can be gone back to, which may be much */
  async save(withHistory = false) {
    if (!this.last) return;
    this.#lastSaved = performance.now();
    const { progress, history } = this.#whole();
    const isWritten = await this.#write({ progress, ...(withHistory && { history }) });
    // The history is dispensable, the rest is not.
    if (!isWritten && withHistory) await this.#write({ progress, history: [] });
  }

  /** Everything that there is to write. */
  #whole() {
    const progress = { moment: this.last, curve: this.#curve.rows, span: this.#curve.span };
    return { run: this.#run, progress, history: this.#history.kept };
  }

  /**
   * @param {{run?: unknown, progress?: unknown, history?: unknown}} parts
   * @returns {Promise<boolean>} whether that is written now
   */
  async #write(parts) {
    const keyed = (/** @type {object} */ entries) =>
      Object.fromEntries(Object.entries(entries).map(([part, value]) => [this.#key(part), value]));
    const whole = { ...this.#whole(), ...parts };
    try {
      await store.write({ key: this.#key(OWNER), owner: this.#owner }, keyed(parts), () => keyed(whole));
      this.#complain(undefined);
      return true;
    } catch (error) {
      // Training needs no database.
      this.#complain(reasonOf(error));
      return false;
    }
  }

  /** @param {string} part */
  #key(part) {
    return this.#name ? `${this.#name} ${part}` : part;
  }
}

/** Another one for each run and each page. */
function newOwner() {
  return Array.from(crypto.getRandomValues(new Uint32Array(3))).join('-');
}

/** @param {unknown} error of the database */
function reasonOf(error) {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return say('there is no room left for it');
  if (error instanceof DOMException && error.name === 'VersionError') {
    return say('another tab has a newer version of this page');
  }
  return error instanceof Error ? error.message : String(error);
}
