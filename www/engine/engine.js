/**
 * The engine: one method for each kind of work, which the dispatcher gives to a worker, and subscriptions to events of training runs.
 * The element and the page's scripts call it; views never do. It keeps latents and paths of models, and knows no figure.
 */

import { Failure } from '../failure.js';
import { Dispatcher } from './dispatcher.js';
import { forWorker } from './engine-worker.js';

/**
 * @typedef {import('../training/protocol.js').Loss} Loss
 * @typedef {import('../training/protocol.js').TrainingEvent} TrainingEvent
 * @typedef {import('./types.js').ImageShape} ImageShape
 * @typedef {import('./types.js').ModelConfig} ModelConfig
 * @typedef {import('./types.js').ModelInfo} ModelInfo
 * @typedef {import('./types.js').Options} Options
 * @typedef {import('./types.js').Results} Results
 * @typedef {import('./types.js').StoredLatents} StoredLatents
 */

/** How long the worker is kept after the last figure has gone, in case one comes back. */
const IDLE_MILLISECONDS = 5_000;

/** Number of paths to keep: a few megabytes at most. */
const MOST_GEODESICS = 32;

export class Engine {
  #dispatcher = new Dispatcher((event) => this.announce(event));
  /** Computed paths, by model and ends. @type {Map<string, Float32Array>} */
  #geodesics = new Map();
  #users = 0;
  /** @type {Set<(event: TrainingEvent | Loss) => void>} */
  #listeners = new Set();
  /** @type {Map<string, StoredLatents>} of models made on this page */
  #stored = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** Decides which worker gets a request or a command. The GPU's routes are added after the first picture. */
  get router() {
    return this.#dispatcher.router;
  }

  /** Further workers that share the steps of the CPU's run, and large requests. */
  get pool() {
    return this.#dispatcher.pool;
  }

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
      // A training run may continue when its figure comes back.
      if (this.#dispatcher.stop()) this.announce({ lost: new Failure('worker', 'it is no longer needed') });
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
    this.#dispatcher.start().catch(() => {});
    await this.file(model);
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
    const file = await this.file(address);
    try {
      return await this.readLatents(file, options);
    } catch (error) {
      this.#dispatcher.files.forgetBroken(address, error);
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
   * As `decode`, but returns the decoder's values instead of RGBA.
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
    return this.#ask('maps', { latent }, { ...options, device: 'cpu' }, model);
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
   * The path that stays where pictures are. Computed on the CPU, and kept for the next request with the same ends; the first request
   * fetches the module that trains, which has the code.
   * @param {string} model
   * @param {{from: Float32Array, to: Float32Array, frames: number}} args
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [frames, latent], the ends included
   */
  async geodesic(model, args, options) {
    // Only paths of the current model are kept: `forget` starts a new map.
    const found = this.#geodesics;
    const name = [model, args.frames, args.from, args.to].join(' ');
    const known = found.get(name);
    if (known) return known;
    const path = await this.#ask('geodesic', args, { ...options, device: 'cpu' }, model);
    if (found.size >= MOST_GEODESICS) found.clear();
    found.set(name, path);
    return path;
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
   * Random latents from the prior that was fitted to a model's codes, or from the normal distribution with its mean and covariance.
   * @param {string} model
   * @param {{prior: 'gaussian' | 'mixture', seed: number, stream: number, count: number, temperature: number}} args `count` latents;
   *   `temperature` scales deviations from the mean of a draw's component
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} [count, latent], the same for the same seed everywhere
   */
  fittedDraws(model, args, options) {
    return this.#ask('fittedDraws', args, { ...options, device: 'cpu' }, model);
  }

  /**
   * The prior that was fitted to a model's codes; see views/parts/mixture.js.
   * @param {string} model
   * @param {Options} [options]
   * @returns {Promise<Float32Array>} weights, means and factors; empty without one
   */
  prior(model, options) {
    return this.#ask('prior', {}, { ...options, device: 'cpu' }, model);
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
   * @param {'cpu'} [device] for a command to the CPU's run, even if others go to the GPU
   * @returns {Promise<import('../training/protocol.js').Result<V>>}
   */
  train(command, slot = undefined, device = undefined) {
    const options = { once: true, slot: slot && `${command.run} ${slot}`, device };
    const answer = this.#dispatcher.command({ action: 'train', args: command, options });
    return /** @type {Promise<import('../training/protocol.js').Result<V>>} */ (answer);
  }

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
   * Registers a model made on this page: from now on it is found at `model`, as if fetched from there.
   * @param {string} model its address
   * @param {Blob} file
   * @param {string} latents address of its stored latents
   * @param {StoredLatents} stored
   */
  provide(model, file, latents, stored) {
    this.forget(model);
    this.#dispatcher.files.provide(model, file);
    this.#stored.set(latents, stored);
  }

  /**
   * @template {keyof Results} A
   * @param {A} action
   * @param {object} args
   * @param {Options} [options]
   * @param {string} [model]
   * @returns {Promise<Results[A]>}
   */
  #ask(action, args, options = {}, model = undefined) {
    const answer = this.#dispatcher.request({ action, args, model, options });
    return /** @type {Promise<Results[A]>} */ (answer);
  }

  /**
   * The bytes of a model or of stored latents, as they were fetched.
   * @param {string} address
   * @returns {Promise<Blob>}
   */
  file(address) {
    return this.#dispatcher.files.get(address);
  }

  /**
   * Drops an unusable file, so that the next request fetches it again.
   * @param {string} address
   */
  forget(address) {
    this.#geodesics = new Map();
    this.#dispatcher.forget(address);
  }
}

/** The engine that all figures of a page share. */
export const pageEngine = new Engine();
