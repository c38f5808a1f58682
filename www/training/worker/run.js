/**
 * A run's networks in the worker, with the step they are at: created, restored from snapshots, freed. The session owns one and makes the
 * networks take steps. It must not send events.
 */

import { isOn } from '../critic.js';
import { makeTrainer } from './group.js';
import { Network } from './network.js';
import { restoreAll, snapshotOf } from './snapshots.js';
import { Viewers } from './viewers.js';

/**
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../protocol.js').Snapshot} Snapshot
 */

export class Run {
  #bindings;
  #pacer;
  #viewers;
  /** @type {number | undefined} */
  id;
  /** @type {RunConfig | null} null without a run */
  config = null;
  /** @type {import('./held-out.js').Networks} */
  networks = [];
  /** Steps taken. */
  step = 0;
  /** @type {number[]} steps at which a critic was added, removed and so on */
  criticSteps = [];

  /**
   * @param {import('../protocol.js').Bindings} bindings
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   */
  constructor(bindings, pacer) {
    this.#bindings = bindings;
    this.#pacer = pacer;
    this.#viewers = new Viewers(bindings);
  }

  /** @returns {RunConfig} @throws {Error} without a run */
  need() {
    if (!this.config) throw new Error('there is no training run');
    return this.config;
  }

  get hasCritic() {
    return isOn({ steps: this.criticSteps });
  }

  /**
   * Makes the networks of a new run.
   * @param {RunConfig} config
   * @param {(done: number) => void} onProgress called before each network is made
   */
  async create(config, onProgress) {
    for (const done of config.configs.keys()) {
      onProgress(done);
      this.networks.push(new Network(await makeTrainer(this.#bindings, config, done)));
    }
    this.config = config;
  }

  async clear() {
    this.id = undefined;
    for (const network of this.networks) await network.free();
    this.networks = [];
    await this.#viewers.clear();
    this.config = null;
    this.step = 0;
    this.criticSteps = [];
  }

  /** Goes back to a snapshot. @param {Snapshot} snapshot */
  async restore(snapshot) {
    await restoreAll(this.#bindings, this.need(), this.networks, snapshot, this.#pacer);
    this.step = snapshot.step;
    this.criticSteps = criticStepsOf(snapshot);
  }

  /** @returns {Promise<import('../protocol.js').ExactSnapshot>} of the current step */
  async snapshot() {
    this.need();
    return snapshotOf(this.networks, { step: this.step, criticSteps: this.criticSteps }, this.#pacer);
  }

  /**
   * The networks at an earlier snapshot, until the next call for another one; without a snapshot, the current ones.
   * @param {Snapshot} [snapshot]
   */
  async at(snapshot) {
    const config = this.need();
    const { networks, step, criticSteps } = this;
    if (!snapshot) return { networks, step, criticSteps };
    const earlier = await this.#viewers.of(snapshot, config, this.#pacer);
    return { networks: earlier, step: snapshot.step, criticSteps: criticStepsOf(snapshot) };
  }
}

/** @param {Snapshot} snapshot */
function criticStepsOf({ critic }) {
  return critic?.steps ?? [];
}
