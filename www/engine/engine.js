import { moduleAddresses } from '../assets.js';
import { Failure } from '../failure.js';
import { Messenger } from './messenger.js';
import { Queue } from './queue.js';
import { pickBuild } from './support.js';

/**
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 *
 * @typedef {{channels: number, height: number, width: number}} ImageShape
 * @typedef {object} ModelConfig
 * @property {ImageShape} image
 * @property {number} latent
 * @property {'variational' | 'autoencoder'} kind
 * @property {'bernoulli' | 'gaussian'} likelihood
 * @property {{filters: number, kernel: number, stride: number}[]} layers
 *
 * @typedef {{config: ModelConfig, card: object}} ModelInfo
 *
 * @typedef {object} StoredLatents
 * @property {number} latent
 * @property {Float32Array} mean [n, latent]
 * @property {Uint8Array | null} labels [n], 0 to 9; null where nobody knows what the pictures show
 * @property {'pictures' | 'draws'} [own] codes of the visitor's pictures, or random ones; else they are of test digits
 *
 * @typedef {object} Options
 * @property {string} [slot] a waiting request of the same slot is replaced: the latest wins
 * @property {AbortSignal} [signal]
 * @property {boolean} [once] not tried again when the worker is lost: what it would need has gone with it
 * @property {Elsewhere} [elsewhere] gets a model's work first; what it leaves undone is done here
 * @property {(action: string, milliseconds: number) => void} [done] hears how long a model's work took here
 *
 * @callback Elsewhere another device
 * @param {string} action
 * @param {Record<string, unknown>} args
 * @param {string} model
 * @param {Blob} file
 * @returns {Promise<unknown>} undefined where it cannot, or will not
 *
 * @typedef {object} Job
 * @property {string} action
 * @property {Record<string, unknown>} args
 * @property {string | undefined} model
 * @property {Options} options
 * @property {string | undefined} slot
 * @property {number} crashes
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** The worker is kept this long after the last figure has gone, in case one comes back. */
const IDLE_MILLISECONDS = 5_000;

/**
 * The computation behind verbs. Requests stand in one queue and the worker sees one at a time, so that a waiting
 * request can still be replaced or withdrawn; commands to a training run have a queue of their own. A worker that is lost is replaced by a
 * new one, which gets the models
 * again from the files kept here; the request that was in its hands is tried once more.
 */
export class Engine {
  /** @type {Messenger | null} */
  #messenger = null;
  /** @type {Map<string, ModelInfo>} models that the present worker has */
  #provided = new Map();
  /** @type {Map<string, Promise<Blob>>} */
  #files = new Map();
  /** @type {Queue<Job>} */
  #requests = new Queue(
    (job) => this.#work(job),
    (job, error) => this.#isAgain(job, error),
  );
  /** @type {Queue<Job>} commands to a training run */
  #commands = new Queue(
    (job) => this.#work(job),
    (job, error) => this.#isAgain(job, error),
  );
  /** @type {Promise<Messenger> | null} */
  #starting = null;
  #users = 0;
  /** @type {Set<(event: TrainingEvent | Loss) => void>} */
  #listeners = new Set();
  /** @type {Map<string, Blob>} models that were made on this page, by address */
  #made = new Map();
  /** @type {Map<string, StoredLatents>} of models that were made on this page */
  #stored = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** A figure starts to use the engine. */
  acquire() {
    clearTimeout(this.#idle);
    this.#users += 1;
  }

  /** A figure has gone; after the last one the worker and the models go too. */
  release() {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#idle = setTimeout(() => {
      this.#discard(new Failure('worker', 'it is not needed any more'));
      this.#files.clear();
    }, IDLE_MILLISECONDS);
  }

  /**
   * Fetches a model once for the whole page and makes it ready.
   * @param {string} model its address
   * @param {Options} [options]
   * @returns {Promise<ModelInfo>}
   */
  async load(model, options) {
    // The worker starts while the file is on its way; whoever needs it hears why it did not.
    this.#start().catch(() => {});
    await this.#file(model);
    return this.#ask('load', {}, options, model);
  }

  /**
   * Reads and checks a model file, without making it ready.
   * @param {Blob} file
   * @param {Options} [options]
   * @returns {Promise<ModelInfo>}
   */
  async inspect(file, options) {
    return this.#ask('inspect', { file: await forWorker(file) }, options);
  }

  /**
   * Reads and checks a file of stored latents.
   * @param {Blob} file
   * @param {Options} [options]
   * @returns {Promise<StoredLatents>}
   */
  async readLatents(file, options) {
    return this.#ask('latents', { file: await forWorker(file) }, options);
  }

  /**
   * Fetches and checks a file of stored latents.
   * @param {string} address
   * @param {Options} [options]
   * @returns {Promise<StoredLatents>}
   */
  async latents(address, options) {
    const made = this.#stored.get(address);
    if (made) return made;
    const file = await this.#file(address);
    try {
      return await this.readLatents(file, options);
    } catch (error) {
      this.#forgetBroken(address, error);
      throw error;
    }
  }

  /**
   * @param {string} model
   * @param {Uint8ClampedArray} rgba pictures of the model's size, stacked
   * @param {Options} [options]
   * @returns {Promise<{mean: Float32Array, logVar: Float32Array | undefined}>}
   */
  encode(model, rgba, options) {
    return this.#ask('encode', { rgba }, options, model);
  }

  /**
   * @param {string} model
   * @param {Float32Array} latents [n, latent]
   * @param {Options} [options]
   * @returns {Promise<Uint8ClampedArray>} n pictures as RGBA, stacked
   */
  decode(model, latents, options) {
    return this.#ask('decode', { latents }, options, model);
  }

  /**
   * As `decode`, but the numbers themselves.
   * @param {string} model
   * @param {Float32Array} latents [n, latent]
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [n, channels, height, width], 0 to 1
   */
  values(model, latents, options) {
    return this.#ask('values', { latents }, options, model);
  }

  /**
   * What each layer of the decoder makes of one latent, in the order of the data: after leaky ReLU, of the last layer the
   * logits. Always done on the CPU, whose engine keeps what lies between its layers.
   * @param {string} model
   * @param {Float32Array} latent [latent]
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} layer after layer, each [channels, height, width]
   */
  maps(model, latent, options) {
    return this.#ask('maps', { latent }, { ...options, elsewhere: undefined }, model);
  }

  /**
   * @param {{path: 'lerp' | 'slerp', from: Float32Array, to: Float32Array, frames: number}} args
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [frames, latent], the ends included
   */
  interpolate(args, options) {
    return this.#ask('interpolate', args, options);
  }

  /**
   * @param {{seed: number, stream: number, count: number}} args
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} standard normal draws, the same for the same seed everywhere
   */
  draws(args, options) {
    return this.#ask('draws', args, options);
  }

  /**
   * @param {{columns: number, rows: number, extent: number}} args
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [rows * columns, 2], top row first
   */
  grid(args, options) {
    return this.#ask('grid', args, options);
  }

  /**
   * Gives a command to a training run; see training/protocol.js.
   * @template {import('../training/protocol.js').Verb} V
   * @param {import('../training/protocol.js').CommandOf<V>} command
   * @param {string} [slot] the latest command of a run and slot replaces one that still waits
   * @returns {Promise<import('../training/protocol.js').Result<V>>}
   */
  train(command, slot = undefined) {
    const options = { once: true, slot: slot && `${command.run} ${slot}` };
    /** @type {import('./webgpu/training.js').Here} */
    const here = (command) => this.#ask('train', { ...command }, options);
    return this.trainer ? this.trainer(command, here) : here(command);
  }

  /**
   * Receives commands to training runs in place of the worker, which it reaches by `here`.
   * @type {import('./webgpu/training.js').Trainer | null}
   */
  trainer = null;

  /** @param {TrainingEvent | Loss} event of a training run, as if the worker had sent it */
  announce(event) {
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * One picture, changed at random `count` times.
   * @param {{picture: Uint8Array, height: number, width: number, augment: import('../training/protocol.js').Augmentation, count:
   *   number}} args
   * @param {Options} [options]
   * @returns {Promise<Uint8Array>} [count, channels, height, width]
   */
  augment(args, options) {
    return this.#ask('augment', args, options);
  }

  /**
   * @param {{rgba: Uint8ClampedArray, image: ImageShape}} args pictures of the image's size, stacked
   * @param {Options} [options]
   * @returns {Promise<Uint8Array>} [n, channels, height, width]
   */
  bytes(args, options) {
    return this.#ask('bytes', args, options);
  }

  /**
   * Pictures one after the other as a file.
   * @param {{format: 'gif' | 'apng' | 'strip', frames: Uint8Array, width: number, height: number, scale: number, rate: number}} args
   *   RGBA, stacked; each pixel becomes a square of `scale` by `scale`; `rate` is in frames a second
   * @param {Options} [options]
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  animate(args, options) {
    return this.#ask('animate', args, options);
  }

  /**
   * Listens to the events of training runs, and to `{lost}` when the worker is gone.
   * @param {(event: TrainingEvent | Loss) => void} listener
   * @returns {() => void} ends it
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A model that was made on this page: from now on it is at `model`, as if it had been fetched from there.
   * @param {string} model its address
   * @param {Blob} file
   * @param {string} latents address of its stored latents
   * @param {StoredLatents} stored
   */
  provide(model, file, latents, stored) {
    this.forget(model);
    this.#made.set(model, file);
    this.#stored.set(latents, stored);
  }

  /**
   * @param {string} action
   * @param {Record<string, unknown>} args
   * @param {Options} [options]
   * @param {string} [model]
   * @returns {Promise<any>}
   */
  #ask(action, args, options = {}, model = undefined) {
    return new Promise((resolve, reject) => {
      const job = { action, args, model, options, slot: options.slot, crashes: 0, resolve, reject };
      // A run's commands may take long, and are carried out while it lets others in: nobody waits behind them.
      (action === 'train' ? this.#commands : this.#requests).add(job);
    });
  }

  /** @param {Job} job */
  async #work(job) {
    const { signal } = job.options;
    signal?.throwIfAborted();
    const value = await this.#run(job);
    signal?.throwIfAborted();
    return value;
  }

  /**
   * What was in the hands of a worker that is lost is tried once more.
   * @param {Job} job
   * @param {unknown} error
   */
  #isAgain(job, error) {
    return error instanceof Failure && error.kind === 'crash' && !job.options.once && job.crashes++ === 0;
  }

  /** @param {Job} job */
  async #run(job) {
    const { model, action, args, options } = job;
    if (model !== undefined) {
      const value = await options.elsewhere?.(action, args, model, await this.#file(model));
      if (value !== undefined) return value;
    }
    const messenger = await this.#start();
    if (model === undefined) return messenger.call(action, args);
    if (!this.#provided.has(model)) {
      const file = await this.#file(model);
      try {
        this.#provided.set(model, await messenger.call('load', { model, file: await forWorker(file) }));
      } catch (error) {
        this.#forgetBroken(model, error);
        throw error;
      }
    }
    if (action === 'load') return this.#provided.get(model);
    const start = performance.now();
    const value = await messenger.call(action, { ...args, model });
    options.done?.(action, performance.now() - start);
    return value;
  }

  /** The worker, ready; a new one where there is none or the last one was lost. */
  #start() {
    if (this.#messenger?.alive) return Promise.resolve(this.#messenger);
    this.#starting ??= this.#startAnew().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #startAnew() {
    const build = pickBuild();
    const messenger = new Messenger((event) => this.announce(event));
    this.#provided.clear();
    try {
      await messenger.call('start', { networks: moduleAddresses(build), media: moduleAddresses('media') });
    } catch (error) {
      // Nothing else in the queue would fare better, and a fresh worker forgets a failed import.
      const failure = Failure.from(error, 'worker');
      messenger.stop(failure);
      for (const queue of [this.#requests, this.#commands]) queue.refuse(failure);
      throw failure;
    }
    this.#messenger = messenger;
    return messenger;
  }

  /** @param {Failure} reason */
  #discard(reason) {
    this.#messenger?.stop(reason);
    this.#messenger = null;
    this.#provided.clear();
  }

  /**
   * The bytes of a model or of stored latents, as they were fetched.
   * @param {string} address
   * @returns {Promise<Blob>}
   */
  file(address) {
    return this.#file(address);
  }

  /**
   * A file, fetched once; a failure is forgotten, so that trying again asks the server again.
   * @param {string} address
   */
  #file(address) {
    const made = this.#made.get(address);
    if (made) return Promise.resolve(made);
    let file = this.#files.get(address);
    if (!file) {
      file = fetchFile(address);
      this.#files.set(address, file);
      file.catch(() => this.#files.delete(address));
    }
    return file;
  }

  /**
   * A file that turned out to be of no use: who asks for it again gets it from the server.
   * @param {string} address
   */
  forget(address) {
    this.#files.delete(address);
    this.#provided.delete(address);
  }

  /**
   * What arrived broken may arrive whole when the reader tries again.
   * @param {string} address
   * @param {unknown} error
   */
  #forgetBroken(address, error) {
    if (error instanceof Failure && error.kind === 'file') this.#files.delete(address);
  }
}

/** @param {string} address */
async function fetchFile(address) {
  let response;
  try {
    response = await fetch(address);
    if (response.ok) return await response.blob();
  } catch (error) {
    throw new Failure('unreachable', `${address}: ${error instanceof Error ? error.message : error}`);
  }
  throw new Failure('missing', `${address} (status ${response.status})`);
}

/** The engine that all figures of a page share. */
export const pageEngine = new Engine();

/**
 * A file, as a worker can read it: the blobs of a document without an origin, in a sandbox, are nobody else's in WebKit.
 * @param {Blob} file
 */
async function forWorker(file) {
  return globalThis.origin === 'null' ? new Uint8Array(await file.arrayBuffer()) : file;
}
