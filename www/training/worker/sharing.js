/**
 * Shares the steps of a session's run with helpers: leads their group, tells the page when a run can use them, and compares the times of
 * steps. The session has one. It takes no step itself.
 */

import { mostWorkers } from '../shards.js';
import { Leader } from './leader.js';

/** Shared steps after which the page is told how long they take. */
const COMPARED = 12;

export class Sharing {
  #pacer;
  #emit;
  /** @type {import('./network.js').Network[]} networks that share their steps */
  #networks = [];
  /** @type {Leader | null} leader of the workers that share the steps, or are about to */
  leader = null;
  /** Durations of steps, in milliseconds, alone and shared. */
  #times = { alone: new StepTime(), shared: new StepTime() };

  /**
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   * @param {(event: import('../protocol.js').SessionEvent) => void} emit
   */
  constructor(pacer, emit) {
    this.#pacer = pacer;
    this.#emit = emit;
  }

  /**
   * Tells the page that a run takes steps, which can be shared.
   * @param {number} batch
   * @param {number} [threads] that the run asks for
   */
  tell(batch, threads = 0) {
    this.#emit({ type: 'running', detail: { most: mostWorkers(batch), threads } });
  }

  /** Takes the steps alone again, and tells the page that its helpers are free. */
  rest() {
    this.disband();
    this.#emit({ type: 'resting', detail: null });
  }

  /** Forgets the run. */
  reset() {
    this.disband();
    this.#times = { alone: new StepTime(), shared: new StepTime() };
  }

  /**
   * A leader of helpers in place of the previous one; null if there are none.
   * @param {MessagePort[]} ports to the helpers
   */
  lead(ports) {
    this.disband();
    if (ports.length === 0) return null;
    const leader = new Leader(ports, this.#pacer, () => {
      if (leader === this.leader) this.disband();
      this.#emit({ type: 'stalled', detail: null });
    });
    return (this.leader = leader);
  }

  /**
   * Gives the helpers their replicas; the networks share their steps then.
   * @param {Leader} leader
   * @param {import('./network.js').Network[]} networks
   * @param {import('../protocol.js').RunConfig} config
   * @param {import('../protocol.js').ExactSnapshot} snapshot
   */
  async begin(leader, networks, config, snapshot) {
    leader.create(config, snapshot);
    await leader.ready;
    this.#times.shared = new StepTime();
    this.#networks = networks;
    for (const [index, network] of networks.entries()) network.share(leader, index);
  }

  /** Releases the helpers. A step that waits for one of them is taken alone. */
  disband() {
    this.leader?.end();
    this.leader = null;
    for (const network of this.#networks) network.share(null, 0);
    this.#networks = [];
  }

  /**
   * Compares shared steps with others, and tells the page once both durations are known.
   * @param {Leader | null} leader at the start of the step
   * @param {number} milliseconds
   */
  addTime(leader, milliseconds) {
    if (leader !== this.leader || (leader && !leader.isReady)) return;
    const { alone, shared } = this.#times;
    if (!leader) return alone.add(milliseconds);
    shared.add(milliseconds);
    if (shared.count !== COMPARED) return;
    const detail = { workers: leader.workers, alone: alone.milliseconds, shared: shared.milliseconds };
    this.#emit({ type: 'shared', detail });
  }
}

/** The time that a step takes: the shortest, since other work on the machine only makes it longer. */
class StepTime {
  count = 0;
  milliseconds = Infinity;

  /** @param {number} milliseconds of one step */
  add(milliseconds) {
    this.count += 1;
    // The first steps are slower: the browser still compiles the module.
    if (this.count > 2) this.milliseconds = Math.min(this.milliseconds, milliseconds);
  }
}
