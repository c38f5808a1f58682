/**
 * A worker that helps with another worker's run: it has replicas of the networks and takes its share of each step. worker.js makes one on
 * request; it reports nothing, since the leading worker has the same results.
 */

import { Group, GroupEnded, makeTrainer } from './group.js';
import { Pacer } from './pacer.js';

/**
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../../pkg/training/latent_lab.js').Trainer} Trainer
 */

/** Rank of the leading worker. */
const LEADER = 0;

export class Helper {
  #bindings;
  /** @type {Trainer[]} */
  #trainers = [];
  #group;
  #pacer = new Pacer();
  /** @type {Promise<unknown>} resolves when the last message of the leader has been handled */
  #queue = Promise.resolve();

  /**
   * @param {Bindings} bindings
   * @param {number} rank
   * @param {(MessagePort | null)[]} ports to the worker of each rank
   * @param {(error: unknown) => void} onError gets errors that nobody waits for
   */
  constructor(bindings, rank, ports, onError) {
    this.#bindings = bindings;
    this.#group = new Group(rank, ports, (message) => {
      if (message.kind === 'end') return this.end();
      this.#queue = this.#queue.then(() => this.#obey(message)).catch(onError);
    });
  }

  /** Frees the replicas. A step in progress is not taken. */
  end() {
    this.#group.end();
    this.#queue = this.#queue.then(() => {
      for (const trainer of this.#trainers) trainer.free();
      this.#trainers = [];
    });
  }

  /** @param {import('./group.js').Message} message */
  async #obey(message) {
    if (message.kind === 'create') {
      const { config, states, step } = message;
      for (const [network, state] of states.entries()) {
        this.#trainers[network] = await makeTrainer(this.#bindings, config, network);
        await this.#trainers[network].restore(state, step);
      }
      this.#group.send(LEADER, { kind: 'ready' });
    } else if (message.kind === 'step') {
      const trainer = this.#trainers[message.network];
      try {
        await this.#group.step(
          async (call) => call(trainer),
          message.turn,
          message.options,
          () => this.#pacer.breatheIfDue(),
        );
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) throw error;
        // The leader has met the same error, or has ended the group.
        if (!(error instanceof GroupEnded)) return;
        trainer.giveUpStep();
      }
    }
  }
}
