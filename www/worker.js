/**
 * The worker: a table of actions over the wasm module. This is the only file that imports it.
 * In: {id, action, args}. Out: {id, value} or {id, failure}; {hello} at the start; {crash} when the module is lost.
 */

import { moduleAddresses } from './assets.js';

/**
 * @typedef {object} Model
 * @property {object} card
 * @property {import('./engine.js').ModelConfig} config
 * @property {(pixels: Float32Array) => Promise<{mean: Float32Array, logVar: Float32Array | undefined}>} encode
 * @property {(latents: Float32Array) => Promise<Float32Array>} decode
 * @property {(latents: Float32Array) => Promise<Uint8ClampedArray>} decodeRgba
 * @property {(rgba: Uint8Array) => Float32Array} pixelsFromRgba
 *
 * @typedef {object} Module
 * @property {(input: {module_or_path: URL}) => Promise<unknown>} default
 * @property {{load(bytes: Uint8Array): Promise<Model>}} Model
 * @property {(path: string, from: Float32Array, to: Float32Array, frames: number) => Float32Array} interpolate
 * @property {(seed: number, stream: number, count: number) => Float32Array} normalDraws
 * @property {(columns: number, rows: number, extent: number) => Float32Array} latentGrid
 * @property {(bytes: Uint8Array) => {latent: number, mean: Float32Array, labels: Uint8Array}} parseLatents
 */

/** @type {Module} set by the first action, `start` */
let module;

/** @type {Map<string, Model>} by address */
const models = new Map();

/** @type {Record<string, (args: any) => unknown>} */
const actions = {
  /** @param {{build: import('./support.js').Build | 'webgpu'}} args */
  async start({ build }) {
    try {
      const { glue, binary } = moduleAddresses(build);
      module = await import(glue);
      await module.default({ module_or_path: binary });
    } catch (error) {
      throw Object.assign(new Error(messageOf(error)), { kind: 'module' });
    }
  },

  /** @param {{model: string, file: Blob}} args */
  async load({ model, file }) {
    try {
      const { card, config } = await keep(model, file);
      return { card, config };
    } catch (error) {
      throw fatal(error) ? error : Object.assign(new Error(messageOf(error)), { kind: 'file' });
    }
  },

  /** @param {{file: Blob}} args */
  async latents({ file }) {
    try {
      const { latent, mean, labels } = module.parseLatents(await bytesOf(file));
      return { latent, mean, labels };
    } catch (error) {
      throw fatal(error) ? error : Object.assign(new Error(messageOf(error)), { kind: 'file' });
    }
  },

  /** @param {{model: string, rgba: Uint8ClampedArray}} args */
  async encode({ model, rgba }) {
    const loaded = find(model);
    const { mean, logVar } = await loaded.encode(
      loaded.pixelsFromRgba(new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength)),
    );
    return { mean, logVar };
  },

  /** @param {{model: string, latents: Float32Array}} args */
  decode: ({ model, latents }) => find(model).decodeRgba(latents),

  /** @param {{model: string, latents: Float32Array}} args */
  values: ({ model, latents }) => find(model).decode(latents),

  /** @param {{path: string, from: Float32Array, to: Float32Array, frames: number}} args */
  interpolate: ({ path, from, to, frames }) => module.interpolate(path, from, to, frames),

  /** @param {{seed: number, stream: number, count: number}} args */
  draws: ({ seed, stream, count }) => module.normalDraws(seed, stream, count),

  /** @param {{columns: number, rows: number, extent: number}} args */
  grid: ({ columns, rows, extent }) => module.latentGrid(columns, rows, extent),
};

/**
 * @param {string} address
 * @param {Blob} file
 */
async function keep(address, file) {
  const model = await module.Model.load(await bytesOf(file));
  models.set(address, model);
  return model;
}

/** @param {string} address */
function find(address) {
  const model = models.get(address);
  if (!model) throw new Error(`no model from ${address} has been loaded`);
  return model;
}

/** @param {Blob} file */
async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A trap leaves the module in a state that nothing may rely on.
 * @param {unknown} error
 */
function fatal(error) {
  return error instanceof WebAssembly.RuntimeError;
}

/** @param {unknown} error */
function crash(error) {
  self.postMessage({ crash: messageOf(error) });
}

self.addEventListener('message', async ({ data: { id, action, args } }) => {
  try {
    const value = await actions[action](args);
    const buffer = ArrayBuffer.isView(value) ? value.buffer : undefined;
    self.postMessage({ id, value }, { transfer: buffer instanceof ArrayBuffer ? [buffer] : [] });
  } catch (error) {
    if (fatal(error)) return crash(error);
    const kind = error instanceof Error && 'kind' in error ? error.kind : 'request';
    self.postMessage({ id, failure: { kind, message: messageOf(error) } });
  }
});

// A trap inside a future of the module reaches nobody's `catch`.
self.addEventListener('error', (event) => {
  event.preventDefault();
  crash(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crash(event.reason);
});

self.postMessage({ hello: true });
