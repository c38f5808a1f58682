/**
 * Snapshots of a run's networks: taken, restored, and transferred to the page. The run in the
 * worker and the networks of earlier snapshots use them; the page keeps them. No step is taken
 * here.
 */

import { isOn } from '../critic.js';
import { exact } from '../halves.js';
import { CriticNetwork } from './critic.js';
import { Network } from './network.js';

/**
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 */

/**
 * Restores networks from a snapshot: the first one with a critic if the snapshot has one.
 * @param {Bindings} bindings
 * @param {RunConfig} config
 * @param {(Network | CriticNetwork)[]} networks changed in place
 * @param {Snapshot} snapshot
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 */
export async function restoreAll(bindings, config, networks, { step, states, critic }, pacer) {
  const [first] = networks;
  if (isOn(critic) && first instanceof Network) networks[0] = new CriticNetwork(bindings, config, first);
  if (!isOn(critic) && first instanceof CriticNetwork) networks[0] = first.leave();
  for (const [i, network] of networks.entries()) {
    await network.restore(exact(states[i]), step, critic);
    await pacer.breatheIfDue();
  }
}

/**
 * The training state of networks, and of the first one's critic, if any.
 * @param {(Network | CriticNetwork)[]} networks
 * @param {{step: number, criticSteps: number[]}} run its step, and the steps at which a critic was added, removed and so on
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @returns {Promise<ExactSnapshot>}
 */
export async function snapshotOf(networks, { step, criticSteps: steps }, pacer) {
  const states = [];
  for (const network of networks) {
    states.push(await network.state());
    await pacer.breatheIfDue();
  }
  const [first] = networks;
  const critic = first instanceof CriticNetwork ? { steps, ...first.critic() } : { steps };
  return { step, states, ...(steps.length > 0 && { critic }) };
}

/**
 * The buffers of a snapshot, each once.
 * @param {ExactSnapshot} snapshot
 */
export function buffersOf({ states, critic }) {
  const arrays = [...states, ...(critic?.states ?? []), critic?.rest];
  const buffers = arrays.flatMap((array) => (array ? [/** @type {ArrayBuffer} */ (array.buffer)] : []));
  return [...new Set(buffers)];
}
