/** Decides when a session takes its next step: it lets waiting messages in, and pauses as the pace demands. */

/** Milliseconds after a request of another figure in which its next one is expected. */
const GUEST = 300;

/** Milliseconds of uninterrupted work after which waiting messages are let in. */
const PIECE = 20;

/** Longest pause, in milliseconds: it cannot be interrupted, and the reader must get an answer within 200 ms. */
const LONGEST_REST = 150;

export class Pacer {
  #guestUntil = 0;
  #breathed = 0;

  /** Slows the run down for a while, after a request of another figure. */
  disturbed() {
    this.#guestUntil = performance.now() + GUEST;
  }

  /** Resolves when the waiting messages have been handled. Unlike a timer it is not throttled. */
  breathe() {
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        this.#breathed = performance.now();
        resolve();
      };
      port2.postMessage(null);
    });
  }

  /** Lets waiting messages in, unless it has just done so. */
  async breatheIfDue() {
    if (performance.now() - this.#breathed >= PIECE) await this.breathe();
  }

  /**
   * @param {number} spent milliseconds that steps took
   * @param {number} pace share of the time that steps may take, above 0 and up to 1
   */
  async rest(spent, pace) {
    const isGuest = performance.now() < this.#guestUntil;
    const share = isGuest ? Math.min(pace, 0.5) : pace;
    const rest = Math.min(LONGEST_REST, spent * (1 / share - 1));
    if (rest < 1) return;
    await new Promise((resolve) => setTimeout(resolve, rest));
  }
}
