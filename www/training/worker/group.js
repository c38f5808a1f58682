/**
 * Workers that share the steps of a run, each with a replica of its networks. The session of the run leads; helpers follow it
 * (helper.js). Each pair of workers has a port, and buffers are transferred, so that no page needs shared memory. After its share of a
 * step each worker takes part in an exchange (exchange.js). Any number of workers gives the same bits.
 *
 * @typedef {import('../protocol.js').Bindings} Bindings
 * @typedef {import('../protocol.js').RunConfig} RunConfig
 * @typedef {import('../../pkg/training/latent_lab.js').Trainer} Trainer
 * @typedef {import('../../pkg/training/latent_lab.js').StepOptions} StepOptions
 *
 * @typedef {{kind: 'slice', turn: number, round: number, losses: Float64Array, values: Float32Array}} Slice a part of a gradient that is
 *   not yet summed
 * @typedef {{kind: 'sum', turn: number, round: number, values: Float32Array}} Sum a part of the gradient of the whole batch
 * @typedef {{kind: 'create', config: RunConfig, states: Float32Array[], step: number}} Create
 * @typedef {{kind: 'step', turn: number, network: number, options: StepOptions}} Step
 * @typedef {{kind: 'ready'} | {kind: 'end'}} Signal
 * @typedef {Slice | Sum | Create | Step | Signal} Message
 *
 * @typedef {<T>(call: (trainer: Trainer) => T | Promise<T>) => Promise<T>} UseTrainer calls the trainer once it is free
 */

import { Exchange } from './exchange.js';

/** A worker of the group is lost, or the group has ended: the step must be taken without the group. */
export class GroupEnded extends Error {}

/** One worker among others that share a step. */
export class Group {
  /** Rank of this worker, and how many there are. */
  rank;
  workers;
  #ports;
  #onMessage;
  /** @type {Map<string, Slice | Sum>} received messages that are not needed yet, by kind, turn, round and rank */
  #inbox = new Map();
  /** @type {Map<string, {resolve: (message: Slice | Sum) => void, reject: (error: Error) => void}>} */
  #awaited = new Map();
  /** @type {ArrayBuffer[]} buffers from other workers, for messages to them */
  spare = [];
  #hasEnded = false;

  /**
   * @param {number} rank
   * @param {(MessagePort | null)[]} ports to the worker of each rank; null for this one
   * @param {(message: Exclude<Message, Slice | Sum>, rank: number) => void} onMessage gets the other messages
   */
  constructor(rank, ports, onMessage) {
    this.rank = rank;
    this.workers = ports.length;
    this.#ports = ports;
    this.#onMessage = onMessage;
    ports.forEach((port, from) => {
      if (port) port.onmessage = ({ data }) => this.#receive(data, from);
    });
  }

  /**
   * @param {number} rank
   * @param {Message} message
   * @param {ArrayBufferLike[]} [transfer]
   */
  send(rank, message, transfer = []) {
    this.#ports[rank]?.postMessage(message, /** @type {ArrayBuffer[]} */ (transfer));
  }

  /** @param {Message} message to all other workers */
  tell(message) {
    for (const rank of this.others) this.send(rank, message);
  }

  /**
   * Takes a step of the replicas. All workers call it with the same turn and options.
   * @param {UseTrainer} use
   * @param {number} turn
   * @param {StepOptions} options
   * @param {() => Promise<void>} breathe lets other messages in, between parts of the share
   * @param {(milliseconds: number) => void} [onShare] called when the share is computed, with the time it took
   * @returns {Promise<import('../protocol.js').Losses>}
   * @throws {GroupEnded} if another worker is lost; the trainer must then drop the step
   */
  async step(use, turn, options, breathe, onShare = () => {}) {
    const { rank, workers } = this;
    const start = performance.now();
    while (!(await use((trainer) => trainer.sharePart(options, rank, workers)))) {
      this.#check();
      await breathe();
    }
    onShare(performance.now() - start);
    const losses = await new Exchange(this, use, turn).run();
    this.#check();
    return use((trainer) => trainer.finishShared(losses));
  }

  /** Closes the ports. A step that waits for another worker fails. */
  end() {
    this.#hasEnded = true;
    for (const port of this.#ports) port?.close();
    for (const { reject } of this.#awaited.values()) reject(new GroupEnded());
    this.#awaited.clear();
    this.#inbox.clear();
  }

  #check() {
    if (this.#hasEnded) throw new GroupEnded();
  }

  /** Ranks of the other workers. */
  get others() {
    return this.#ports.flatMap((port, rank) => (port ? [rank] : []));
  }

  /**
   * The message of a kind, as soon as it arrives.
   * @template {'slice' | 'sum'} K
   * @param {K} kind
   * @param {number} turn
   * @param {number} round
   * @param {number} rank
   */
  async next(kind, turn, round, rank) {
    this.#check();
    const key = keyOf({ kind, turn, round }, rank);
    /** @type {Slice | Sum} */
    const message =
      this.#inbox.get(key) ?? (await new Promise((resolve, reject) => this.#awaited.set(key, { resolve, reject })));
    this.#inbox.delete(key);
    return /** @type {Extract<Message, {kind: K}>} */ (message);
  }

  /**
   * @param {Message} message
   * @param {number} rank
   */
  #receive(message, rank) {
    if (message.kind !== 'slice' && message.kind !== 'sum') return this.#onMessage(message, rank);
    const key = keyOf(message, rank);
    const waiting = this.#awaited.get(key);
    this.#awaited.delete(key);
    if (waiting) waiting.resolve(message);
    else this.#inbox.set(key, message);
  }
}

/**
 * @param {{kind: string, turn: number, round: number}} message
 * @param {number} rank of its sender
 */
function keyOf({ kind, turn, round }, rank) {
  return `${kind} ${turn} ${round} ${rank}`;
}

/**
 * A trainer for one network of a run.
 * @param {Bindings} bindings
 * @param {RunConfig} config
 * @param {number} network
 */
export async function makeTrainer(bindings, config, network) {
  const { configs, seed, batch, augment, start } = config;
  const trainer = await bindings.Trainer.create(configs[network], { seed, batch, twin: true }, undefined, start);
  trainer.setAugment(augment);
  trainer.setImages(repeated({ ...config, pixels: imagesOf(config, network) }));
  return trainer;
}

/**
 * The images that one network of a run sees.
 * @param {RunConfig} config
 * @param {number} network
 */
export function imagesOf({ configs: [{ image }], pixels, counts }, network) {
  return counts ? pixels.subarray(0, counts[network] * image.channels * image.height * image.width) : pixels;
}

/**
 * The images of a trainer. A few images are repeated until they fill a batch, since each copy is augmented on its own; many images need
 * no copies, because the next epoch does the same.
 * @param {RunConfig} config
 */
export function repeated({ configs: [{ image }], pixels, copies, batch }) {
  const count = pixels.length / (image.channels * image.height * image.width);
  const times = Math.min(copies, Math.ceil(batch / count));
  if (times === 1) return pixels;
  const all = new Uint8Array(pixels.length * times);
  for (let i = 0; i < times; i++) all.set(pixels, i * pixels.length);
  return all;
}
