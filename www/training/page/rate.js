/** Milliseconds over which the rate is averaged. */
const SPAN = 4_000;

/** Counts the steps of the last seconds. */
export class Rate {
  /** @type {[time: number, step: number][]} */
  #ticks = [];

  restart() {
    this.#ticks = [];
  }

  /** @param {number} step number of steps taken so far */
  tick(step) {
    const now = performance.now();
    this.#ticks.push([now, step]);
    while (this.#ticks.length > 2 && this.#ticks[0][0] < now - SPAN) this.#ticks.shift();
  }

  /** @returns {{steps: number, seconds: number}} zeros before the first tick */
  get now() {
    const [first, last] = [this.#ticks[0], this.#ticks[this.#ticks.length - 1]];
    return last ? { steps: last[1] - first[1], seconds: (last[0] - first[0]) / 1000 } : { steps: 0, seconds: 0 };
  }
}
