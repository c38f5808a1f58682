/**
 * Decides when a session does its work beside the steps: reports of the losses, previews, measurements on held-out images, and snapshots.
 * The longer a kind of work takes, the longer its pause afterward, so that all of it together takes at most a seventh of the time.
 */

/** Milliseconds between two reports of the losses: often enough for curves that seem to flow. */
const REPORT = 200;

/** Shortest time between two measurements on held-out images, in milliseconds. */
const HELD_OUT = 500;

/**
 * Shortest time between two snapshots, in milliseconds: `SOON` at first, so that the history of a short run has enough of them, then a
 * share of the run's age, and `SNAPSHOT` after its first minute.
 */
const SOON = 250;
const SNAPSHOT = 1_500;
const SHARE = SNAPSHOT / 60_000;

/** Pauses after each kind of work, in multiples of the time it took. */
const REST = { report: 0, preview: 16, heldOut: 16, snapshot: 40 };

/** @typedef {keyof typeof REST} Work */

export class Schedule {
  /** Time from which each kind of work is due. */
  #next = { report: 0, preview: 0, heldOut: 0, snapshot: 0 };
  /** Time at which the run was created. */
  #began = 0;

  /** A run starts: all work is due, except for the held-out images. Losses of the first steps would dominate their chart. */
  begin() {
    this.#began = performance.now();
    this.#next = { report: 0, preview: 0, heldOut: this.#began + HELD_OUT, snapshot: 0 };
  }

  /** Makes a kind of work due. @param {Work} kind */
  hurry(kind) {
    this.#next[kind] = 0;
  }

  /** Postpones the next snapshot, when there has just been one. */
  delaySnapshot() {
    this.#next.snapshot = performance.now() + this.#least('snapshot');
  }

  /**
   * Does work if it is due.
   * @param {Work} kind
   * @param {() => unknown} work
   */
  async when(kind, work) {
    const start = performance.now();
    if (start < this.#next[kind]) return;
    await work();
    const end = performance.now();
    this.#next[kind] = end + Math.max(this.#least(kind), REST[kind] * (end - start));
  }

  /** Shortest pause, in milliseconds. @param {Work} kind */
  #least(kind) {
    if (kind === 'heldOut') return HELD_OUT;
    if (kind !== 'snapshot') return REPORT;
    return Math.min(SNAPSHOT, Math.max(SOON, SHARE * (performance.now() - this.#began)));
  }
}
