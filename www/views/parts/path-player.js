/** Duration of a path at speed 1. */
const PATH_SECONDS = 3;

/** Pause at each end of the path. */
const REST_SECONDS = 0.6;

/** Longest step of the animation. A longer gap means that the tab was hidden. */
const LONGEST_STEP_SECONDS = 0.1;

/** Animates t along a path, frame by frame, while it plays and may run. */
export class PathPlayer {
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
  #onMove;

  /** @param {(t: number) => void} onMove */
  constructor(onMove) {
    this.#onMove = onMove;
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
    const t = this.#next(this.t + (this.#direction * seconds * this.speed) / PATH_SECONDS);
    if (t !== this.t) this.#onMove(t);
  };

  /** @param {number} t may lie beyond an end */
  #next(t) {
    if (this.loop === 'restart') {
      this.#direction = 1;
      // Pauses at the end, then starts over.
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
