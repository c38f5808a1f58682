import { superseded } from '../failure.js';

/**
 * @typedef {object} Waiting
 * @property {string | undefined} slot a new job replaces a waiting one of the same slot
 * @property {(value: unknown) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/**
 * Runs jobs one at a time, in order of arrival. A waiting job can be replaced or withdrawn.
 * @template {Waiting} J
 */
export class Queue {
  /** @type {J[]} */
  #waiting = [];
  #isBusy = false;
  #work;
  #mayRetry;

  /**
   * @param {(job: J) => Promise<unknown>} work
   * @param {(job: J, error: unknown) => boolean} mayRetry true if a failed job is tried again, before all others
   */
  constructor(work, mayRetry) {
    this.#work = work;
    this.#mayRetry = mayRetry;
  }

  /** @param {J} job */
  add(job) {
    const replaced = job.slot === undefined ? -1 : this.#waiting.findIndex(({ slot }) => slot === job.slot);
    if (replaced >= 0) this.#waiting.splice(replaced, 1)[0].reject(superseded());
    this.#waiting.push(job);
    this.#start();
  }

  /** Rejects all waiting jobs. @param {unknown} error */
  rejectAll(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async #start() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      try {
        job.resolve(await this.#work(job));
      } catch (error) {
        if (this.#mayRetry(job, error)) this.#waiting.unshift(job);
        else job.reject(error);
      }
    }
    this.#isBusy = false;
  }
}
