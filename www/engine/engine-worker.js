import { moduleAddresses, trainingAddresses } from '../assets.js';
import { Failure } from '../failure.js';
import { Messenger } from './messenger.js';

/**
 * @typedef {import('./types.js').ModelInfo} ModelInfo
 * @typedef {import('./types.js').ModelConfig} ModelConfig
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 *
 * @typedef {'CPU' | 'WebGPU'} Device
 *
 * @typedef {object} Work
 * @property {string} action one of worker.js's actions
 * @property {object} args
 * @property {string} [model] its address
 * @property {Blob} [file] of the model
 * @property {Transferable[]} [transfer]
 * @property {ModelConfig} [size] config of the model, if it is known
 * @property {import('./types.js').Options} options
 */

/**
 * A worker with the module of one device. It starts when it is first needed, gets each model once, and is replaced by a new one
 * after a loss.
 */
export class EngineWorker {
  /** @type {Messenger | null} */
  #messenger = null;
  #isStarted = false;
  /** @type {Promise<void> | null} */
  #starting = null;
  /** @type {Map<string, ModelInfo>} models that the current worker has */
  #provided = new Map();
  #device;
  #pickBuild;
  #onEvent;
  #timeout;

  /**
   * @param {object} parts
   * @param {Device} parts.device
   * @param {() => Parameters<typeof moduleAddresses>[0]} parts.pickBuild
   * @param {(event: TrainingEvent | Loss) => void} parts.onEvent gets the worker's events, and `{lost}` after a failure of the worker
   * @param {number} [parts.timeout] longest wait for an answer, in milliseconds; after that the worker counts as lost
   */
  constructor({ device, pickBuild, onEvent, timeout }) {
    this.#device = device;
    this.#pickBuild = pickBuild;
    this.#onEvent = onEvent;
    this.#timeout = timeout;
  }

  /** True if the worker has its module and is not lost. */
  get isReady() {
    return this.#isStarted && this.#messenger?.alive === true;
  }

  /**
   * Starts a worker if none is running.
   * @returns {Promise<void>}
   */
  start() {
    if (this.isReady) return Promise.resolve();
    this.#starting ??= this.#startAnew().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #startAnew() {
    const build = this.#pickBuild();
    this.#isStarted = false;
    this.#provided.clear();
    const messenger = (this.#messenger = this.#spawn());
    try {
      await this.#call('start', {
        networks: moduleAddresses(build),
        training: trainingAddresses(build),
        media: moduleAddresses('media'),
      });
    } catch (error) {
      const failure = Failure.from(error, 'worker');
      // A new worker can try a failed import again.
      messenger.stop(failure);
      throw failure;
    }
    this.#isStarted = true;
  }

  #spawn() {
    try {
      /** @type {Messenger} */
      const messenger = new Messenger((event) => {
        // A worker that was stopped on purpose is not lost.
        if (messenger === this.#messenger) this.#onEvent(event);
      });
      return messenger;
    } catch (error) {
      const failure = Failure.from(error, 'worker');
      this.#onEvent({ lost: failure });
      throw failure;
    }
  }

  /**
   * Runs one of the worker's actions, on a model if the work has one.
   * @param {Work} work
   * @returns {Promise<unknown>}
   */
  async run({ action, args, model, file, transfer, options }) {
    await this.start();
    if (model === undefined || !file) return this.#call(action, args, transfer);
    const info = await this.#provide(model, file);
    if (action === 'load') return info;
    const start = performance.now();
    const value = await this.#call(action, { ...args, model });
    options.done?.(action, performance.now() - start, this.#device);
    return value;
  }

  /**
   * @param {string} model
   * @param {Blob} file
   * @returns {Promise<ModelInfo>}
   */
  async #provide(model, file) {
    let info = this.#provided.get(model);
    if (!info) {
      info = /** @type {ModelInfo} */ (await this.#call('load', { model, file: await forWorker(file) }));
      this.#provided.set(model, info);
    }
    return info;
  }

  /**
   * @param {string} action
   * @param {object} args
   * @param {Transferable[]} [transfer]
   * @returns {Promise<unknown>}
   */
  #call(action, args, transfer) {
    const messenger = this.#messenger;
    if (!messenger) return Promise.reject(new Failure('worker', 'it is no longer needed'));
    const answer = messenger.call(action, args, transfer);
    if (this.#timeout === undefined) return answer;
    const timer = setTimeout(() => messenger.stop(new Failure('crash', 'it did not answer')), this.#timeout);
    return answer.finally(() => clearTimeout(timer));
  }

  /** @param {string} model @returns {ModelConfig | undefined} undefined if the worker does not have it yet */
  configOf(model) {
    return this.#provided.get(model)?.config;
  }

  /**
   * The file at this address has been replaced by another model.
   * @param {string} model
   */
  forget(model) {
    this.#provided.delete(model);
  }

  /** Ends the worker. Pending work fails. */
  stop() {
    const messenger = this.#messenger;
    this.#messenger = null;
    this.#isStarted = false;
    this.#provided.clear();
    messenger?.stop(new Failure('worker', 'it is no longer needed'));
  }
}

/**
 * Turns a file into bytes if a worker cannot read blobs: in WebKit, in a sandboxed document with an opaque origin.
 * @param {Blob} file
 */
export async function forWorker(file) {
  return globalThis.origin === 'null' ? new Uint8Array(await file.arrayBuffer()) : file;
}
