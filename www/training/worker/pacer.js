/** When the next step may be taken: after a breath, in which waiting messages get in, and a rest as polite as wanted. */

/** After a request of another figure, for so long its next one is expected, in milliseconds. */
const GUEST = 300;

/** Others are let in at least this often where work can be interrupted, in milliseconds. */
const PIECE = 20;

/** Rests are at most this long: a visitor is answered within 200 ms, and a rest can be broken off by nobody. */
const LONGEST_REST = 150;

export class Pacer {
  #guestUntil = 0;
  #breathed = 0;

  disturbed() {
    this.#guestUntil = performance.now() + GUEST;
  }

  /** Comes back when the messages that wait have been handled; unlike a timer it is not slowed down. */
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

  /** In the middle of something: where it has not been done for a while. */
  async breatheIfDue() {
    if (performance.now() - this.#breathed >= PIECE) await this.breathe();
  }

  /**
   * @param {number} spent on steps, in milliseconds
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
