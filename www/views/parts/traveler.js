/** A crossing at speed 1. */
const CROSSING_SECONDS = 3;

/** A rest at each end, so that the eye can take it in. */
const REST_SECONDS = 0.6;

/** A frame that comes later than this was not late, the tab was away. */
const LONGEST_STEP_SECONDS = 0.1;

/** Moves t along the way, frame by frame, while it plays and may run. */
export class Traveler {
  t = 0;
  speed = 1;
  /** @type {'bounce' | 'restart'} */
  loop = 'bounce';
  #isPlaying = false;
  #mayRun = false;
  #direction = 1;
  #rest = 0;
  #last = 0;
  #request = 0;
  #onArrive;

  /** @param {(t: number) => void} onArrive */
  constructor(onArrive) {
    this.#onArrive = onArrive;
  }

  get isPlaying() {
    return this.#isPlaying;
  }

  set isPlaying(isPlaying) {
    this.#isPlaying = isPlaying;
    this.#schedule();
  }

  /** @param {boolean} mayRun false off the screen */
  set mayRun(mayRun) {
    this.#mayRun = mayRun;
    this.#schedule();
  }

  #schedule() {
    cancelAnimationFrame(this.#request);
    this.#last = 0;
    if (this.#isPlaying && this.#mayRun) this.#request = requestAnimationFrame(this.#tick);
  }

  /** @param {number} now in milliseconds */
  #tick = (now) => {
    this.#request = requestAnimationFrame(this.#tick);
    const seconds = this.#last === 0 ? 0 : Math.min(LONGEST_STEP_SECONDS, (now - this.#last) / 1000);
    this.#last = now;
    this.#rest -= seconds;
    if (this.#rest > 0) return;
    const t = this.#next(this.t + (this.#direction * seconds * this.speed) / CROSSING_SECONDS);
    if (t !== this.t) this.#onArrive(t);
  };

  /** @param {number} t may lie beyond an end */
  #next(t) {
    if (this.loop === 'restart') {
      this.#direction = 1;
      // Resting at the end first, then from the start.
      if (this.t >= 1) return this.#restAt(0);
    }
    if (t >= 1) {
      if (this.loop === 'bounce') this.#direction = -1;
      return this.#restAt(1);
    }
    if (t <= 0 && this.#direction < 0) {
      this.#direction = 1;
      return this.#restAt(0);
    }
    return t;
  }

  /** @param {number} t */
  #restAt(t) {
    this.#rest = REST_SECONDS;
    return t;
  }
}
