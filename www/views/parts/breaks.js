/** Longest task, in milliseconds, that leaves time in a frame for the reader's input. */
const LONGEST = 6;

/** Time without a move of the reader's, in milliseconds, after which long work continues. */
const REST = 250;

/** Cuts long work of a figure into tasks, between which the browser handles input and paints, and pauses it while the reader drags. */
export class Breaks {
  #now;
  #sleep;
  #start;
  #moved = -Infinity;
  #chosen = -Infinity;

  /**
   * @param {() => number} [now] the time in milliseconds
   * @param {(milliseconds: number) => Promise<unknown>} [sleep]
   */
  constructor(now = () => performance.now(), sleep = wait) {
    this.#now = now;
    this.#sleep = sleep;
    this.#start = now();
  }

  /** The reader drags something. */
  moved() {
    this.#moved = this.#now();
  }

  /** The reader chose something with a control that can be clicked or dragged: two choices without a rest between them count as a drag. */
  chosen() {
    const now = this.#now();
    if (now - this.#chosen < REST) this.#moved = now;
    this.#chosen = now;
  }

  /** To be awaited between steps of the work: waits only if the current task has become long, or while the reader drags. */
  pause = async () => {
    const rest = () => this.#moved + REST - this.#now();
    if (rest() <= 0 && this.#now() - this.#start < LONGEST) return;
    do await this.#sleep(Math.max(0, rest()));
    while (rest() > 0);
    this.#start = this.#now();
  };
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
