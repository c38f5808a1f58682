/**
 * The lock of the training worker, which has room for one run while several figures of a page may have one each. Each figure's
 * connection takes it around its commands. It does not know what a command does.
 */

import { superseded } from '../../failure.js';

/**
 * @typedef {object} LockHolder
 * @property {boolean} isBusy its run takes steps, or is about to
 * @property {() => Promise<void>} suspend stops its run for another holder
 * @property {() => Promise<void>} resume brings its run back into the worker
 *
 * @typedef {object} LockOptions
 * @property {boolean} resumes true for a command to the holder's run, which may have to return to the worker first
 * @property {boolean} takes true for a command that takes the worker from a run that takes steps
 */

let holder = /** @type {LockHolder | null} */ (null);

/** Resolves when the last command has been given. Commands are given one after the other, so that none reaches another figure's run. */
let queue = /** @type {Promise<unknown>} */ (Promise.resolve());

/** @param {LockHolder} candidate */
export function holdsLock(candidate) {
  return holder === candidate;
}

/** Ends the hold, after which the worker has no run of this holder. @param {LockHolder} candidate */
export function releaseLock(candidate) {
  if (holder === candidate) holder = null;
}

/**
 * Gives a command while the worker has the candidate's run. Another figure's run is suspended first.
 * @template T
 * @param {LockHolder} candidate
 * @param {LockOptions} options
 * @param {() => Promise<T>} command
 * @returns {Promise<T>} its result; the next command does not wait for it
 */
export function withLock(candidate, { resumes, takes }, command) {
  const sent = queue.then(async () => {
    if (!holdsLock(candidate)) {
      if (!takes && holder?.isBusy) throw superseded();
      await holder?.suspend();
      holder = candidate;
      try {
        if (resumes) await candidate.resume();
      } catch (error) {
        releaseLock(candidate);
        throw error;
      }
    }
    // Wrapped in an object, since a bare promise would make the queue wait for the result.
    return { result: command() };
  });
  queue = sent.catch(() => {});
  return sent.then(({ result }) => result);
}
