/**
 * The critic of a run, as in its snapshots. A run may get a critic at any step and lose it again; training against it and the states of
 * both sides are in the worker (worker/critic.js).
 *
 * @typedef {object} Critic
 * @property {number[]} steps at which a critic was added, removed, added again and so on; the run has one if their number is odd
 * @property {(Float32Array | Uint16Array)[]} [states] weights and moments of the network and of the critic, [3, parameters] each, which
 *   may be in half precision; missing if the critic has just been added
 * @property {Float32Array} [rest] of its state
 */

/** Most training pictures of a step against a critic, as in `Sharpener` of the bindings. */
export const MOST_PICTURES = 16;

/**
 * True if there is a critic.
 * @param {{steps: number[]} | undefined} critic
 */
export function isOn(critic) {
  return critic !== undefined && critic.steps.length % 2 === 1;
}

/**
 * The snapshot from which a run continues with a new critic if it has none, or without its critic. The network stays as it is.
 * @template {import('./protocol.js').Snapshot} S
 * @param {S} snapshot
 * @returns {S}
 */
export function toggleCritic(snapshot) {
  const { step, critic } = snapshot;
  const steps = critic?.steps ?? [];
  // A critic that was added and removed without a step in between leaves no trace.
  return { ...snapshot, critic: { steps: steps.at(-1) === step ? steps.slice(0, -1) : [...steps, step] } };
}

/**
 * How many times a run has seen all its pictures. Steps against a critic take fewer at a time.
 * @param {{step: number, critic: number[]}} run its step, and those at which a critic was added, removed and so on
 * @param {{pictures: number, batch: number}} sizes
 * @returns {{epoch: number, steps: number}} also the steps that an epoch takes now
 */
export function epochOf({ step, critic }, { pictures, batch }) {
  const against = critic.reduce((sum, change, i) => sum + (i % 2 === 0 ? step - change : change - step), 0);
  const plain = Math.ceil(pictures / batch);
  const slow = Math.ceil(pictures / Math.min(batch, MOST_PICTURES));
  return { epoch: (step - against) / plain + against / slow, steps: isOn({ steps: critic }) ? slow : plain };
}

/**
 * All states in a snapshot that can be in half precision.
 * @param {import('./protocol.js').Snapshot} snapshot
 */
export function statesOf({ states, critic }) {
  return [...states, ...(critic?.states ?? [])];
}
