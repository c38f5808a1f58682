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
 * @property {Uint8Array | null} labels [n], 0 to 9; null if the pictures have none
 * @property {'pictures' | 'draws'} [own] latents of the visitor's pictures, or random draws; undefined for shipped test images
 *
 * @typedef {object} Options
 * @property {string} [slot] a new request replaces a waiting one of the same slot
 * @property {AbortSignal} [signal]
 * @property {boolean} [once] not tried again after a crash, for requests that need state of the lost worker
 * @property {Elsewhere} [elsewhere] gets a model's work first; what it declines is computed here
 * @property {(action: string, milliseconds: number) => void} [done] gets the time that a model's work took here
 *
 * @callback Elsewhere another device
 * @param {string} action
 * @param {Record<string, unknown>} args
 * @param {string} model
 * @param {Blob} file
 * @returns {Promise<unknown>} undefined if it declines
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
 * The worker behind one method for each kind of work. Requests wait in one queue and the worker sees one at a time, so that a
 * waiting request can still be replaced or withdrawn; commands to a training run have a queue of their own. A lost worker is
 * replaced by a new one, which gets the models again from the files kept here; the request that it was working on is tried once more.
 */
export class Engine {
  /** @type {Messenger | null} */
  #messenger = null;
  /** @type {Map<string, ModelInfo>} models that the current worker has */
  #provided = new Map();
  /** @type {Map<string, Promise<Blob>>} */
  #files = new Map();
  /** @type {Queue<Job>} */
  #requests = new Queue(
    (job) => this.#work(job),
    (job, error) => this.#mayRetry(job, error),
  );
  /** @type {Queue<Job>} commands to a training run */
  #commands = new Queue(
    (job) => this.#work(job),
    (job, error) => this.#mayRetry(job, error),
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

  /** A figure has gone; after the last one the worker and the models are dropped. */
  release() {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#idle = setTimeout(() => {
      this.#discard(new Failure('worker', 'it is no longer needed'));
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
    // The worker starts while the file loads. A failure is reported to the request that needs the worker.
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
   * As `decode`, but with the decoder's values in place of RGBA.
   * @param {string} model
   * @param {Float32Array} latents [n, latent]
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [n, channels, height, width], 0 to 1
   */
  values(model, latents, options) {
    return this.#ask('values', { latents }, options, model);
  }

  /**
   * The feature maps of each decoder layer for one latent: after leaky ReLU, and logits for the last layer. Always computed on
   * the CPU, whose engine keeps the values between its layers.
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
   * Sends a command to a training run; see training/protocol.js.
   * @template {import('../training/protocol.js').Verb} V
   * @param {import('../training/protocol.js').CommandOf<V>} command
   * @param {string} [slot] a new command replaces a waiting one of the same run and slot
   * @returns {Promise<import('../training/protocol.js').Result<V>>}
   */
  train(command, slot = undefined) {
    const options = { once: true, slot: slot && `${command.run} ${slot}` };
    /** @type {import('./webgpu/training.js').SendToCpu} */
    const sendToCpu = (command) => this.#ask('train', { ...command }, options);
    return this.trainer ? this.trainer(command, sendToCpu) : sendToCpu(command);
  }

  /**
   * Gets commands to training runs first, if it is set; `sendToCpu` sends one on to this engine's worker.
   * @type {import('./webgpu/training.js').Trainer | null}
   */
  trainer = null;

  /** @param {TrainingEvent | Loss} event of a training run, passed to listeners as if the worker had sent it */
  announce(event) {
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * `count` augmented copies of one picture.
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
   * Encodes frames as a file.
   * @param {{format: 'gif' | 'apng' | 'strip', frames: Uint8Array, width: number, height: number, scale: number, rate: number}} args
   *   RGBA, stacked; each pixel becomes a square of `scale` by `scale`; `rate` is in frames a second
   * @param {Options} [options]
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  animate(args, options) {
    return this.#ask('animate', args, options);
  }

  /**
   * Subscribes to the worker's events, and to `{lost}` after a failure of the worker.
   * @param {(event: TrainingEvent | Loss) => void} listener
   * @returns {() => void} removes the listener
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Registers a model that was made on this page: from now on it is found at `model`, as if it had been fetched from there.
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
      // A command may take long, and the run lets other work in between: no request waits behind it.
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
   * True for the job that a crashed worker was working on, once.
   * @param {Job} job
   * @param {unknown} error
   */
  #mayRetry(job, error) {
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

  /** The running worker; a new one if there is none or the last one was lost. */
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
      // All waiting jobs would fail in the same way. A new worker can try a failed import again.
      const failure = Failure.from(error, 'worker');
      messenger.stop(failure);
      for (const queue of [this.#requests, this.#commands]) queue.rejectAll(failure);
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
   * Fetches a file once. After a failure, the next call asks the server again.
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
   * Drops a file that cannot be used, so that the next request fetches it again.
   * @param {string} address
   */
  forget(address) {
    this.#files.delete(address);
    this.#provided.delete(address);
  }

  /**
   * Drops a file that could not be read: it may have been damaged on its way.
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
 * Turns a file into bytes where a worker cannot read blobs: in WebKit, in a sandboxed document with an opaque origin.
 * @param {Blob} file
 */
async function forWorker(file) {
  return globalThis.origin === 'null' ? new Uint8Array(await file.arrayBuffer()) : file;
}
