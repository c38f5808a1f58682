/**
 * Requests measurements of a run's networks while they train, and of principal components once. Measuring takes at most a tenth of the
 * time, and the last step is always measured.
 */

/**
 * @typedef {import('../../../training/protocol.js').Appraisal} Appraisal
 * @typedef {import('../../../training/page/requests.js').Request} Request
 * @typedef {import('../../../training/page/types.js').RunStatus} RunStatus
 *
 * @typedef {object} Measured
 * @property {{step: number, networks: Appraisal[]}[]} curve all measurements, by steps
 * @property {Appraisal[]} networks at the last measured step; empty before the first
 * @property {Appraisal[]} components empty before they are fitted
 * @property {number} step the last measured step
 * @property {boolean} isDone the run has taken its steps, and everything is measured
 */

/** Pause after a measurement, in multiples of the time it took, and at least this many milliseconds. */
const REST = 9;
const SHORTEST = 500;

/** Number of snapshots of an earlier visit to measure, for the curve. */
const EARLIER = 12;

export class Measurements {
  #request;
  #onChange;
  /** @type {Measured} */
  #measured = empty();
  #isMeasuring = false;
  #next = 0;
  /** The newest status. @type {{status: RunStatus, until: number} | null} */
  #newest = null;
  /** Number of the run; results of an earlier run are stale. */
  #run = 0;

  /**
   * @param {Request} request
   * @param {(measured: Measured) => void} onChange
   */
  constructor(request, onChange) {
    this.#request = request;
    this.#onChange = onChange;
  }

  /** Starts the measurements of a run. @param {boolean} isEarlier true for a run of an earlier visit, whose curve is measured again */
  async begin(isEarlier) {
    const run = ++this.#run;
    this.#measured = empty();
    this.#isMeasuring = isEarlier;
    if (isEarlier) await this.#measureSnapshots(run);
    if (run !== this.#run) return;
    this.#isMeasuring = false;
    this.#measureIfDue();
    await this.#request('components');
  }

  end() {
    this.#run += 1;
    this.#newest = null;
  }

  /**
   * @param {RunStatus} status
   * @param {number} until the last step of the run
   */
  follow(status, until) {
    const before = this.#newest?.status.phase;
    this.#newest = { status, until };
    if (status.components) this.#change({ components: status.components });
    // Another run, or the loss of the worker, may have ended the fit.
    else if (status.phase === 'running' && before === 'paused' && !this.#hasComponents) this.#request('components');
    this.#measureIfDue();
  }

  get #hasComponents() {
    return this.#measured.components.length > 0;
  }

  async #measureIfDue() {
    if (!this.#newest || this.#isMeasuring) return;
    const { phase, step } = this.#newest.status;
    const isNew = this.#measured.networks.length === 0 || step !== this.#measured.step;
    if (!isNew) return this.#change({});
    if (phase === 'running' && performance.now() < this.#next) return;
    const run = this.#run;
    const start = performance.now();
    this.#isMeasuring = true;
    const { value } = await this.#request('appraise');
    if (run !== this.#run) return;
    this.#isMeasuring = false;
    this.#next = performance.now() + Math.max(SHORTEST, REST * (performance.now() - start));
    if (!value) return;
    this.#add(value);
    this.#measureIfDue();
  }

  /** @param {number} run */
  async #measureSnapshots(run) {
    const { snapshots } = this.#newest?.status ?? { snapshots: [] };
    const gap = Math.max(1, snapshots.length / EARLIER);
    for (let at = 0; at < snapshots.length - 1; at += gap) {
      const { value } = await this.#request('appraise', { index: Math.floor(at) });
      if (run !== this.#run) return;
      if (value) this.#add(value);
    }
  }

  /** @param {{step: number, networks: Appraisal[]}} value */
  #add(value) {
    const curve = [...this.#measured.curve.filter(({ step }) => step < value.step), value];
    this.#change({ curve, networks: value.networks, step: value.step });
  }

  /** @param {Partial<Measured>} changed */
  #change(changed) {
    const measured = { ...this.#measured, ...changed };
    const { status, until } = this.#newest ?? { status: null, until: Infinity };
    measured.isDone = measured.step >= until && status?.phase !== 'running' && measured.components.length > 0;
    const isSame = Object.keys(changed).length === 0 && measured.isDone === this.#measured.isDone;
    this.#measured = measured;
    if (!isSame) this.#onChange(measured);
  }
}

/** @returns {Measured} */
function empty() {
  return { curve: [], networks: [], components: [], step: 0, isDone: false };
}
