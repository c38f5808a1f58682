/**
 * The worker: a table of actions over the wasm modules, which no other file imports. Code for training and media is fetched with the
 * first request for it.
 * In: {id, action, args}, or {ping}. Out: {id, value} or {id, failure}; {hello} at the start; {pong}; {event} of a training run;
 * {crash} after a trap in the module.
 */

/**
 * @typedef {import('../assets.js').ModuleAddresses} ModuleAddresses
 *
 * @typedef {import('../pkg/cpu/latent_lab.js').Model} Model
 * @typedef {typeof import('../pkg/cpu/latent_lab.js')} Module the same for every engine
 * @typedef {import('../training/protocol.js').Bindings} Training
 * @typedef {typeof import('../pkg/media/latent_lab.js')} Media
 */

/** @type {Module} set by the first action, `start` */
let module;

/**
 * Addresses of files that are fetched later. Set by `start`, since this script knows no addresses.
 * @type {{training: import('../assets.js').TrainingAddresses, media: ModuleAddresses}}
 */
let addresses;

/** @type {Map<string, Model>} by address */
const models = new Map();

/** Their files, by address. @type {Map<string, Blob | Uint8Array>} */
const files = new Map();

/** Models that are prepared for geodesics, by address. @type {Map<string, import('../pkg/training/latent_lab.js').Geodesics>} */
const geodesics = new Map();

/** @type {import('../training/worker/session.js').Session | undefined} training runs, once their code is here */
let session;

/** @type {import('../training/worker/helper.js').Helper | undefined} the share of another worker's run */
let helper;

/** Each action gets the arguments that the engine sends with its name. */
const actions = {
  /** @param {{networks: ModuleAddresses} & typeof addresses} args */
  async start({ networks, ...others }) {
    addresses = others;
    module = await loadModule(networks);
  },

  /** @param {{model: string, file: Blob | Uint8Array}} args */
  load: ({ model, file }) =>
    readFile(async () => {
      const { card, config, components } = await keep(model, file);
      return { card, config, components };
    }),

  /** @param {{file: Blob | Uint8Array}} args */
  inspect: ({ file }) =>
    readFile(async () => {
      const model = await module.Model.load(await bytesOf(file));
      const { card, config, components } = model;
      model.free();
      return { card, config, components };
    }),

  /** @param {{file: Blob | Uint8Array}} args */
  latents: ({ file }) =>
    readFile(async () => {
      const { latent, mean, labels } = module.parseLatents(await bytesOf(file));
      return { latent, mean, labels: labels.length > 0 ? labels : null };
    }),

  /** @param {{model: string, rgba: Uint8ClampedArray}} args */
  async encode({ model, rgba }) {
    const loaded = find(model);
    const { mean, logVar } = await loaded.encode(
      loaded.pixelsFromRgba(new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength)),
    );
    return { mean, logVar };
  },

  /** @param {{model: string, latents: Float32Array}} args */
  decode: async ({ model, latents }) => (await find(model).decodeImages(latents)).data,

  /** @param {{model: string, latents: Float32Array}} args */
  values: ({ model, latents }) => find(model).decode(latents),

  /** @param {{model: string, latent: Float32Array}} args */
  maps: ({ model, latent }) => find(model).decoderMaps(latent),

  /** @param {{path: string, from: Float32Array, to: Float32Array, frames: number}} args */
  interpolate: ({ path, from, to, frames }) => module.interpolate(path, from, to, frames),

  /** @param {{model: string, from: Float32Array, to: Float32Array, frames: number}} args */
  async geodesic({ model, from, to, frames }) {
    const { Geodesics } = await loadTrainer();
    const file = /** @type {Blob | Uint8Array} */ (files.get(model));
    const prepared = geodesics.get(model) ?? new Geodesics(await bytesOf(file));
    geodesics.set(model, prepared);
    return prepared.path(from, to, frames);
  },

  /** @param {{seed: number, stream: number, count: number}} args */
  draws: ({ seed, stream, count }) => module.normalDraws(seed, stream, count),

  /**
   * @param {{model: string, prior: 'gaussian' | 'mixture', seed: number, stream: number, count: number, temperature: number}} args
   */
  fittedDraws: ({ model, prior, seed, stream, count, temperature }) =>
    find(model).priorDraws(prior, seed, stream, count, temperature),

  /** @param {{model: string}} args */
  prior: ({ model }) => find(model).priorParts,

  /** @param {{columns: number, rows: number, extent: number}} args */
  grid: ({ columns, rows, extent }) => module.latentGrid(columns, rows, extent),

  /** @param {import('../training/protocol.js').Command} command */
  async train(command) {
    const { bindings, Session } = await loadTraining();
    session ??= new Session(bindings, emit);
    return session.perform(command);
  },

  /** @param {{rank: number, ports: (MessagePort | null)[]}} args to the other workers of a group, by rank */
  async help({ rank, ports }) {
    const { bindings, Helper } = await loadTraining();
    helper?.end();
    helper = new Helper(bindings, rank, ports, crash);
  },

  /**
   * @param {{picture: Uint8Array, height: number, width: number, augment: import('../training/protocol.js').Augmentation, count:
   * number}} args
   */
  async augment({ picture, height, width, augment, count }) {
    const { augmentPicture } = await loadMedia();
    const image = { channels: picture.length / (height * width), height, width };
    const pictures = new Uint8Array(count * picture.length);
    for (let i = 0; i < count; i++) {
      pictures.set(augmentPicture(picture, image, augment, i), i * picture.length);
    }
    return pictures;
  },

  /** @param {{rgba: Uint8ClampedArray, image: import('./types.js').ImageShape}} args */
  async bytes({ rgba, image }) {
    const { bytesFromRgba } = await loadMedia();
    return bytesFromRgba(new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength), image);
  },

  /** @param {{frames: Uint8Array} & import('../pkg/media/latent_lab.js').AnimationOptions} args */
  async animate({ frames, ...options }) {
    const { animate } = await loadMedia();
    return animate(frames, options);
  },
};

const loadMedia = once(() => /** @type {Promise<Media>} */ (loadModule(addresses.media)));

const loadTraining = once(async () => {
  /** @type {[Training, typeof import('../training/worker/training.js')]} */
  const [bindings, code] = await Promise.all([loadTrainer(), late(() => importScript(addresses.training.script))]);
  return { bindings, ...code };
});

/** The module that trains, which has all exports of the one that draws. */
const loadTrainer = once(() => {
  const { module: trainer } = addresses.training;
  return /** @type {Promise<Training>} */ (late(async () => (trainer ? loadModule(trainer) : module)));
});

/**
 * @template T
 * @param {() => Promise<T>} load
 */
async function late(load) {
  try {
    return await load();
  } catch (error) {
    throw moduleFailure(new Error(`the code that trains could not be loaded (${messageOf(error)})`));
  }
}

/**
 * Loads something when it is first needed. After a failure, the next call tries again.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
function once(load) {
  /** @type {Promise<T> | undefined} */
  let loaded;
  return () => {
    if (!loaded) {
      loaded = load();
      loaded.catch(() => (loaded = undefined));
    }
    return loaded;
  };
}

/**
 * Loads a wasm module.
 * @template {Module | Training | Media} M its exports
 * @param {ModuleAddresses} addresses
 * @returns {Promise<M>}
 */
async function loadModule({ glue, binary }) {
  // Glue and binary load in parallel. A failure is reported where the response is awaited.
  const response = fetch(binary);
  response.catch(() => {});
  try {
    const exports = /** @type {M} */ (await importScript(glue));
    await exports.default({ module_or_path: response });
    return exports;
  } catch (error) {
    throw moduleFailure(new Error(messageOf(error)));
  }
}

/** Number of failed fetches of each script. @type {Map<string, number>} */
const failures = new Map();

/**
 * Imports a script. Chromium never retries a script that it could not fetch, unless its address changes.
 * @param {string} address
 */
async function importScript(address) {
  const failed = failures.get(address) ?? 0;
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ failed === 0 ? address : `${address}#${failed}`);
  } catch (error) {
    failures.set(address, failed + 1);
    throw error;
  }
}

/** @param {Error} error */
function moduleFailure(error) {
  return Object.assign(error, { kind: 'module' });
}

/**
 * @param {import('../training/protocol.js').TrainingEvent} event
 * @param {ArrayBuffer[]} [transfer]
 */
function emit(event, transfer = []) {
  self.postMessage({ event }, { transfer });
}

/**
 * @param {string} address
 * @param {Blob | Uint8Array} file
 */
async function keep(address, file) {
  const model = await module.Model.load(await bytesOf(file));
  models.set(address, model);
  files.set(address, file);
  geodesics.get(address)?.free();
  geodesics.delete(address);
  return model;
}

/** @param {string} address */
function find(address) {
  const model = models.get(address);
  if (!model) throw new Error(`no model from ${address} has been loaded`);
  return model;
}

/**
 * Does work on a file. A failure gets the kind `file`, unless the module has trapped.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function readFile(work) {
  try {
    return await work();
  } catch (error) {
    throw fatal(error) ? error : Object.assign(new Error(messageOf(error)), { kind: 'file' });
  }
}

/** @param {Blob | Uint8Array} file */
async function bytesOf(file) {
  return file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * True for a trap, which leaves the module in an undefined state.
 * @param {unknown} error
 */
function fatal(error) {
  return error instanceof WebAssembly.RuntimeError;
}

/** @param {unknown} error */
function crash(error) {
  // The browser's message about a trap is only "unreachable".
  const reason = fatal(error) ? new Error(`its code stopped: ${messageOf(error)}`) : error;
  self.postMessage({ crash: messageOf(reason) });
}

self.addEventListener('message', async ({ data: { id, action, args, ping } }) => {
  if (ping) return self.postMessage({ pong: true });
  try {
    if (action !== 'train') session?.disturbed();
    const act = /** @type {(args: unknown) => unknown} */ (actions[/** @type {keyof typeof actions} */ (action)]);
    const value = await act(args);
    const buffer = ArrayBuffer.isView(value) ? value.buffer : undefined;
    self.postMessage({ id, value }, { transfer: buffer instanceof ArrayBuffer ? [buffer] : [] });
  } catch (error) {
    if (fatal(error)) return crash(error);
    const kind = error instanceof Error && 'kind' in error ? error.kind : 'request';
    self.postMessage({ id, failure: { kind, message: messageOf(error) } });
  }
});

// No `catch` receives a trap inside a future of the module.
self.addEventListener('error', (event) => {
  event.preventDefault();
  crash(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crash(event.reason);
});

self.postMessage({ hello: true });
