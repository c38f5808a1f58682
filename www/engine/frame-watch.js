/** Detects that the page feels slow, from the time between its frames. The pool has one while its workers compute. */

/** A frame this many milliseconds after the previous one is late. */
const LATE = 100;

/** Number of late frames among the last ones that makes a page slow. */
const WINDOW = 40;
const MOST_LATE = 8;

/** A longer gap does not count as slow: the page was hidden, or its machine slept. */
const ASLEEP = 3_000;

export class FrameWatch {
  #onSlow;
  #isWatching = false;
  #last = 0;
  /** @type {boolean[]} */
  #late = [];

  /** @param {() => void} onSlow */
  constructor(onSlow) {
    this.#onSlow = onSlow;
  }

  start() {
    this.#late = [];
    this.#last = 0;
    if (this.#isWatching) return;
    this.#isWatching = true;
    requestAnimationFrame(this.#frame);
  }

  stop() {
    this.#isWatching = false;
  }

  #frame = (/** @type {number} */ now) => {
    if (!this.#isWatching) return;
    requestAnimationFrame(this.#frame);
    const gap = now - this.#last;
    if (this.#last > 0 && gap < ASLEEP) {
      this.#late.push(gap > LATE);
      if (this.#late.length > WINDOW) this.#late.shift();
    }
    this.#last = now;
    if (this.#late.filter(Boolean).length < MOST_LATE) return;
    this.#late = [];
    this.#onSlow();
  };
}
