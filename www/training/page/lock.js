/**
 * The lock of the training worker: it has room for one run, and several figures of a page may have one each.
 */

import { superseded } from '../../failure.js';

/**
 * @typedef {object} Runner
 * @property {boolean} isBusy its run takes steps
 * @property {() => Promise<void>} rest another runner needs the worker
 * @property {() => Promise<void>} resume its run goes back to the worker
 *
 * @typedef {object} Manner
 * @property {boolean} resumes whether the command is for the run that the runner had, which may have to go back to the worker
 * @property {boolean} takes whether it takes the worker from a run that takes steps
 */

let holder = /** @type {Runner | null} */ (null);

/** Commands go one behind the other, so that none reaches the run of another. */
let line = /** @type {Promise<unknown>} */ (Promise.resolve());

/** @param {Runner} runner */
export function hasTurn(runner) {
  return holder === runner;
}

/** The worker has no run of this runner any more. @param {Runner} runner */
export function leaveTurn(runner) {
  if (holder === runner) holder = null;
}

/**
 * Gives a command when the run that the worker has is the runner's. If it is another's, that one rests first.
 * @template T
 * @param {Runner} runner
 * @param {Manner} manner
 * @param {() => Promise<T>} command
 * @returns {Promise<T>} its answer; the next command is given before it is there
 */
export function inTurn(runner, { resumes, takes }, command) {
  const sent = line.then(async () => {
    if (!hasTurn(runner)) {
      if (!takes && holder?.isBusy) throw superseded();
      await holder?.rest();
      holder = runner;
      try {
        if (resumes) await runner.resume();
      } catch (error) {
        leaveTurn(runner);
        throw error;
      }
    }
    // Wrapped, or the line would wait for the answer.
    return { answer: command() };
  });
  line = sent.catch(() => {});
  return sent.then(({ answer }) => answer);
}
