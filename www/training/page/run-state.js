/**
 * The state of a run as the page knows it: whether it takes steps, at which step it is, and why it has stopped. The training controller
 * changes it, and the figure gets it as a status. It must not send commands or write to the database.
 */

import { Rate } from './rate.js';

/**
 * @typedef {import('./record.js').Run} Run
 * @typedef {import('./types.js').Phase} Phase
 * @typedef {import('./types.js').RunStatus} RunStatus
 */

export class RunState {
  /** @type {Phase} */
  phase = 'empty';
  /** True from `run` to `pause`: the reader wants steps. */
  isWanted = false;
  /** @type {Run | null} */
  run = null;
  step = 0;
  /** Losses of the worker without a snapshot in between. */
  crashes = 0;
  /** @type {string | undefined} */
  problem;
  /** @type {string | undefined} */
  unsaved;
  rate = new Rate();

  /** True unless there is no run, or it has ended itself. */
  get canStep() {
    return this.phase === 'paused' || this.phase === 'running';
  }

  /**
   * Makes a run the current one, paused at a step.
   * @param {Run} run
   * @param {number} step
   */
  take(run, step) {
    this.isWanted = false;
    this.run = run;
    this.phase = 'paused';
    this.problem = undefined;
    this.crashes = 0;
    this.seek(step);
  }

  /** There is no run anymore. */
  drop() {
    this.phase = 'empty';
    this.run = null;
    this.step = 0;
    this.problem = undefined;
  }

  /** The run continues from a step. @param {number} step */
  seek(step) {
    this.step = step;
    this.rate.restart();
  }

  /** The run has taken steps. @param {number} step its last */
  reach(step) {
    this.step = step;
    this.rate.tick(step);
  }

  /** @param {import('./record.js').Record} record of the run @returns {RunStatus} */
  status({ curve, heldOut, verdicts, history, last }) {
    return {
      phase: this.phase,
      isWaiting: this.isWanted && this.phase === 'paused',
      step: this.step,
      curve: curve.columns,
      heldOut: heldOut.columns,
      verdicts: verdicts.columns,
      critic: last?.critic?.steps ?? [],
      snapshots: history.steps,
      rate: this.rate.now,
      problem: this.problem,
      unsaved: this.unsaved,
    };
  }
}
