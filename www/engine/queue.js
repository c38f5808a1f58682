import { superseded } from '../failure.js';

/**
 * @typedef {object} Waiting
 * @property {string | undefined} slot the latest of a slot replaces one that still waits
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/**
 * Jobs in the order in which they came, one at a time, so that one that waits can still be replaced or withdrawn.
 * @template {Waiting} J
 */
export class Queue {
  /** @type {J[]} */
  #waiting = [];
  #isBusy = false;
  #work;
  #isAgain;

  /**
   * @param {(job: J) => Promise<any>} work
   * @param {(job: J, error: unknown) => boolean} isAgain whether a job that failed is tried again, before all others
   */
  constructor(work, isAgain) {
    this.#work = work;
    this.#isAgain = isAgain;
  }

  /** @param {J} job */
  add(job) {
    const replaced = job.slot === undefined ? -1 : this.#waiting.findIndex(({ slot }) => slot === job.slot);
    if (replaced >= 0) this.#waiting.splice(replaced, 1)[0].reject(superseded());
    this.#waiting.push(job);
    this.#go();
  }

  /** Nothing that waits will be done. @param {unknown} error */
  refuse(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async #go() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      try {
        job.resolve(await this.#work(job));
      } catch (error) {
        if (this.#isAgain(job, error)) this.#waiting.unshift(job);
        else job.reject(error);
      }
    }
    this.#isBusy = false;
  }
}
