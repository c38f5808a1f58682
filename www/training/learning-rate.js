/** The learning rate of a step, for runs whose learning rate falls. */

/** Steps in which it rises to its full value: Adam's first steps have their full size, however noisy the few gradients are. */
const RISE = 20;

/** Part of its full value at which it stays after it has fallen, so that a run that goes on still learns. */
const LEAST = 0.1;

/**
 * Falls along half a cosine (Loshchilov and Hutter 2017, without restarts), after a linear rise. It depends on the step alone, so a run
 * that was paused, reloaded or branched goes on as if it had not been.
 * @param {number} step number of steps taken before
 * @param {{learningRate: number, fall?: number}} settings the full value, and the number of steps over which it falls; 0 if it does not
 */
export function learningRateAt(step, { learningRate, fall = 0 }) {
  if (fall === 0) return learningRate;
  const rise = Math.min(RISE, fall / 10);
  if (step < rise) return (learningRate * (step + 1)) / (Math.floor(rise) + 1);
  const done = Math.min(1, (step - rise) / (fall - rise));
  return learningRate * (LEAST + ((1 - LEAST) * (1 + Math.cos(Math.PI * done))) / 2);
}
