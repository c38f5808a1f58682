/**
 * Whose turn it is: the worker has room for one training run, and several figures of a page may have one each.
 */

/**
 * @typedef {object} Runner
 * @property {() => Promise<void>} rest another runner needs the worker
 * @property {() => Promise<void>} resume its run goes back to the worker
 */

let holder = /** @type {Runner | null} */ (null);

/** Orders go one behind the other, so that none reaches the run of another. */
let line = /** @type {Promise<unknown>} */ (Promise.resolve());

/** @param {Runner} runner */
export function hasTurn(runner) {
  return holder === runner;
}

/**
 * Gives an order when the run that the worker has is the runner's. Where it is another's, that one rests first.
 * @template T
 * @param {Runner} runner
 * @param {boolean} resumes whether the order is for the run that the runner had
 * @param {() => Promise<T>} order
 * @returns {Promise<T>} its answer; the next order is given before it is there
 */
export function inTurn(runner, resumes, order) {
  const sent = line.then(async () => {
    if (!hasTurn(runner)) {
      await holder?.rest();
      holder = runner;
      if (resumes) await runner.resume();
    }
    // Wrapped, or the line would wait for the answer.
    return { answer: order() };
  });
  line = sent.catch(() => {});
  return sent.then(({ answer }) => answer);
}
