/** Milliseconds between two pings; the messenger gives up on a worker that does not answer. */
const PING = 5_000;

/** Pings a worker while it takes steps by itself: if it closed or hung, no pending command would notice. */
export class Watchdog {
  #runs;
  #ping;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => boolean} runs true while the worker takes steps
   * @param {() => Promise<unknown>} ping
   */
  constructor(runs, ping) {
    this.#runs = runs;
    this.#ping = ping;
  }

  /** Starts to ping, for as long as the worker takes steps. */
  watch() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.#runs()) clearInterval(this.#timer);
      // The messenger reports the failure of the worker.
      else this.#ping().catch(() => {});
    }, PING);
  }
}
