/**
 * The leading side of a group: gives helpers their replicas and tells them which step to take. The session makes one when the page sends
 * ports to helpers, and ends it when the run rests or changes.
 */

import { Group, GroupEnded } from './group.js';

/**
 * @typedef {import('../protocol.js').ExactSnapshot} ExactSnapshot
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../../pkg/training/latent_lab.js').StepOptions} StepOptions
 */

/**
 * Longest wait for the others' shares: this many milliseconds, plus this many times the duration of the own share. A browser may end a
 * worker without notice.
 */
const PATIENCE = 5_000;
const SLOWER = 10;

/** Milliseconds within which helpers must make their replicas. */
const CREATION = 10_000;

export class Leader {
  #group;
  #pacer;
  #turn = 0;
  #waiting;
  /** @type {(error?: Error) => void} */
  #settle = () => {};
  #onStalled;
  /** True once the helpers have been released. */
  hasEnded = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #creation;
  /** Resolves when all helpers have their replicas; rejects with `GroupEnded`. */
  ready;

  /**
   * @param {MessagePort[]} ports to the helpers
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   * @param {() => void} onStalled called when a helper does not answer; the group has then ended
   */
  constructor(ports, pacer, onStalled) {
    this.#onStalled = onStalled;
    this.#pacer = pacer;
    this.#waiting = ports.length;
    this.ready = /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        this.#settle = (error) => (error ? reject(error) : resolve());
      })
    );
    // A group may end before anyone waits for it.
    this.ready.catch(() => {});
    this.#group = new Group(0, [null, ...ports], (message) => {
      if (message.kind !== 'ready' || --this.#waiting > 0) return;
      clearTimeout(this.#creation);
      this.#settle();
    });
  }

  /** True once all helpers have their replicas. */
  get isReady() {
    return this.#waiting === 0;
  }

  /** Workers in the group, this one included. */
  get workers() {
    return this.#group.workers;
  }

  /**
   * Gives the helpers their replicas. Each gets a copy of the images.
   * @param {RunConfig} config
   * @param {ExactSnapshot} snapshot
   */
  create(config, { step, states }) {
    this.#group.tell({ kind: 'create', config, states, step });
    // A helper may be gone by now, and the run is waiting.
    this.#creation = setTimeout(() => this.#stall(), CREATION);
  }

  /**
   * Takes a step of one network.
   * @param {number} network
   * @param {StepOptions} options
   * @param {import('./group.js').UseTrainer} use
   * @throws {GroupEnded}
   */
  async step(network, options, use) {
    const turn = ++this.#turn;
    this.#group.tell({ kind: 'step', turn, network, options });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const onShare = (/** @type {number} */ milliseconds) => {
      timer = setTimeout(() => this.#stall(), PATIENCE + SLOWER * milliseconds);
    };
    try {
      return await this.#group.step(use, turn, options, () => this.#pacer.breatheIfDue(), onShare);
    } finally {
      clearTimeout(timer);
    }
  }

  #stall() {
    this.end();
    this.#onStalled();
  }

  /** Releases the helpers. A step in progress fails with `GroupEnded`. */
  end() {
    this.hasEnded = true;
    clearTimeout(this.#creation);
    this.#group.tell({ kind: 'end' });
    this.#group.end();
    this.#settle(new GroupEnded());
  }
}
