/** A worker is asked so often whether it is alive, in milliseconds; its messenger gives up on one that does not answer. */
const PING = 5_000;

/** Asks a worker that runs by itself: one that has closed or hangs says nothing, and nobody waits for an answer. */
export class Watchdog {
  #runs;
  #ask;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => boolean} runs whether there is something to watch
   * @param {() => Promise<unknown>} ask
   */
  constructor(runs, ask) {
    this.#runs = runs;
    this.#ask = ask;
  }

  /** From now on, for as long as there is something to watch. */
  watch() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.#runs()) clearInterval(this.#timer);
      // The messenger says what is wrong with the worker.
      else this.#ask().catch(() => {});
    }, PING);
  }
}
