/**
 * The record of a run: its curve, its history, and its entries in the browser's database, from
 * which a reload restores it. The training controller owns one. It never talks to the worker.
 */

import { Curve } from './curve.js';
import { History } from './history.js';
import { say } from '../../state/texts.js';
import { completed } from './settings.js';
import * as store from './store.js';

/**
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 *
 * @typedef {object} Run
 * @property {import('./settings.js').Settings} settings
 * @property {import('./types.js').DataSet} data
 * @property {import('./start.js').Start} [start] the network from which it started; missing for random weights
 *
 * @typedef {object} StoredProgress the database's entry `progress`. Earlier versions called a snapshot a moment: the name stays here, so
 *   that their runs still open, and is used nowhere else
 * @property {Snapshot} moment
 * @property {Float64Array} curve
 * @property {number} span
 * @property {StoredCurve} [verdicts] missing in runs of earlier versions
 * @property {StoredCurve} [heldOut] missing in runs of earlier versions
 *
 * @typedef {{curve: Float64Array, span: number}} StoredCurve
 *
 * @typedef {StoredCurve & {snapshot: Snapshot, verdicts?: StoredCurve, heldOut?: StoredCurve}} Progress
 *
 * @typedef {Run & Progress & {history: Snapshot[]}} Saved
 */

/** Milliseconds between two writes to the database while the run takes steps. */
const SAVING = 8_000;

/** Keys of a run's entries in the database. */
const PARTS = ['run', 'progress', 'history'];

/** Key of the entry that identifies the run. */
const OWNER = 'owner';

/** Pairs of values in a row of verdicts: on images and on drawn pictures, the critic's loss and how sure it is. */
const VERDICTS = 2;

export class Record {
  #curve = new Curve(1);
  #heldOut = new Curve(1);
  #verdicts = new Curve(VERDICTS);
  #history = new History();
  #name;
  #onProblem;
  #lastSaved = 0;
  /** @type {Run | null} */
  #run = null;
  /** Id of the run in the database, where another tab may have stored another run under the same name. */
  #owner = '';

  /**
   * @param {string} name under which the run is stored
   * @param {(problem: string | undefined) => void} onProblem receives why the browser does not store the run; undefined once it does
   */
  constructor(name, onProblem) {
    this.#name = name;
    this.#onProblem = onProblem;
  }

  get curve() {
    return this.#curve;
  }

  /** The curve of the losses on held-out images, which has only the steps after which they were measured. */
  get heldOut() {
    return this.#heldOut;
  }

  /** The curve of a critic's verdicts, which has only the steps against one. */
  get verdicts() {
    return this.#verdicts;
  }

  get history() {
    return this.#history;
  }

  /** The newest snapshot; undefined before the first. */
  get last() {
    return this.#history.at(this.#history.steps.length - 1);
  }

  /** Starts the record of a new run. @param {number} networks */
  start(networks) {
    this.#curve = new Curve(networks);
    this.#heldOut = new Curve(networks);
    this.#verdicts = new Curve(VERDICTS);
    this.#history = new History();
    this.#owner = newOwner();
  }

  /** @param {import('../protocol.js').Events['losses']} losses */
  addLosses({ rows, heldOut, verdicts }) {
    this.#curve.add(rows);
    if (heldOut) this.#heldOut.add(heldOut);
    if (verdicts) this.#verdicts.add(verdicts);
  }

  /** Drops everything after a step. @param {number} step */
  cut(step) {
    this.#curve.cut(step);
    this.#heldOut.cut(step);
    this.#verdicts.cut(step);
    this.#history.cut(step);
  }

  /** Takes over a stored run. @param {number} networks @param {Saved} saved */
  restore(networks, { settings, data, start, curve, span, verdicts, heldOut, history, snapshot }) {
    this.#curve = new Curve(networks, span);
    this.#curve.restore(curve);
    this.#heldOut = new Curve(networks, heldOut?.span);
    if (heldOut) this.#heldOut.restore(heldOut.curve);
    this.#verdicts = new Curve(VERDICTS, verdicts?.span);
    if (verdicts) this.#verdicts.restore(verdicts.curve);
    this.#history = new History({ snapshots: history });
    this.cut(snapshot.step);
    this.#history.add(snapshot);
    this.#run = { settings, data, start };
    this.#owner = newOwner();
  }

  /** @returns {Promise<Saved | null>} the run of an earlier visit; null without one */
  async read() {
    try {
      const found = await Promise.all(PARTS.map((part) => store.read(this.#key(part))));
      const [run, progress, history] = /** @type {[Run?, StoredProgress?, Snapshot[]?]} */ (found);
      if (!run || !progress) return null;
      return { ...run, settings: completed(run.settings), ...fromStored(progress), history: history ?? [] };
    } catch {
      // Without a database, there was no earlier visit.
      return null;
    }
  }

  /** Deletes the run from this machine. */
  async forget() {
    this.#history = new History();
    this.#run = null;
    await store.forget([...PARTS, OWNER].map((part) => this.#key(part))).catch(() => {});
    this.#onProblem(undefined);
  }

  /** Writes a new run. @param {Run} run */
  begin(run) {
    this.#run = run;
    return this.save();
  }

  /** Writes a run whose settings have changed. @param {Run} run */
  set(run) {
    this.#run = run;
    return this.#write({ run });
  }

  /** Writes the progress, unless it was written recently. */
  saveIfDue() {
    if (performance.now() > this.#lastSaved + SAVING) this.save();
  }

  /** Writes the progress. @param {boolean} [withHistory] all snapshots too, which may be large */
  async save(withHistory = false) {
    if (!this.last) return;
    this.#lastSaved = performance.now();
    const { progress, history } = this.#whole();
    const isWritten = await this.#write({ progress, ...(withHistory && { history }) });
    // If there is no room for the history, the run is stored without it.
    if (!isWritten && withHistory) await this.#write({ progress, history: [] });
  }

  /** All entries of the run. */
  #whole() {
    const curves = [this.#curve, this.#heldOut, this.#verdicts];
    const [curve, heldOut, verdicts] = curves.map(({ rows, span }) => ({ curve: rows, span }));
    const progress = toStored({ snapshot: this.last, ...curve, heldOut, verdicts });
    return { run: this.#run, progress, history: this.#history.snapshots };
  }

  /**
   * @param {{run?: unknown, progress?: unknown, history?: unknown}} parts
   * @returns {Promise<boolean>} true if they were written
   */
  async #write(parts) {
    const keyed = (/** @type {object} */ entries) =>
      Object.fromEntries(Object.entries(entries).map(([part, value]) => [this.#key(part), value]));
    const whole = { ...this.#whole(), ...parts };
    try {
      await store.write({ key: this.#key(OWNER), owner: this.#owner }, keyed(parts), () => keyed(whole));
      this.#onProblem(undefined);
      return true;
    } catch (error) {
      // Training needs no database.
      this.#onProblem(reasonOf(error));
      return false;
    }
  }

  /** @param {string} part */
  #key(part) {
    return this.#name ? `${this.#name} ${part}` : part;
  }
}

/** @param {Progress} progress @returns {StoredProgress} */
function toStored({ snapshot, ...curves }) {
  return { moment: snapshot, ...curves };
}

/** @param {StoredProgress} stored @returns {Progress} */
function fromStored({ moment, ...curves }) {
  return { snapshot: moment, ...curves };
}

/** A new id for each run and each page. */
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
