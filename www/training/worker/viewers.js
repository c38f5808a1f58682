import { Network } from './network.js';
import { restoreAll } from './snapshots.js';

/** Networks of an earlier snapshot, beside the current ones: used for drawing and saving, and never trained. */
export class Viewers {
  #bindings;
  /** @type {(Network | import('./critic.js').CriticNetwork)[]} */
  #networks = [];

  /** @param {import('../protocol.js').Bindings} bindings */
  constructor(bindings) {
    this.#bindings = bindings;
  }

  /**
   * @param {import('../protocol.js').Snapshot} snapshot
   * @param {import('../protocol.js').RunConfig} config of its run
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   */
  async of(snapshot, config, pacer) {
    const { configs, seed } = config;
    for (const [i, each] of configs.entries()) {
      this.#networks[i] ??= new Network(await this.#bindings.Trainer.create(each, { seed, batch: 1, twin: true }));
    }
    await restoreAll(this.#bindings, config, this.#networks, snapshot, pacer);
    return this.#networks;
  }

  /** The run is gone. */
  async clear() {
    for (const network of this.#networks) await network.free();
    this.#networks = [];
  }
}
