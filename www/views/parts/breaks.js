/** Longest part of a task, in milliseconds, that leaves a frame time for what the reader does meanwhile. */
const LONGEST = 6;

/** Time without a move of the reader's, in milliseconds, after which long work goes on. */
const REST = 250;

/** Cuts long work of a figure into tasks, between which the browser handles input and paints, and lets it rest while the reader drags. */
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

  /** The reader chose something with a control that is clicked or dragged: two choices without a rest between them are a drag. */
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
