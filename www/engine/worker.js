/**
 * The worker: a table of actions over the wasm module, which no other file imports.
 * In: {id, action, args}, or {ping}. Out: {id, value} or {id, failure}; {hello} at the start; {pong}; {event} of a training run;
 * {crash} after a trap in the module.
 */

/**
 * @typedef {import('../assets.js').ModuleAddresses} ModuleAddresses
 *
 * @typedef {import('../pkg/cpu/latent_lab.js').Model} Model
 * @typedef {typeof import('../pkg/cpu/latent_lab.js')} Module the same for every engine
 * @typedef {typeof import('../pkg/media/latent_lab.js')} Media
 */

/** @type {Module} set by the first action, `start` */
let module;

/** @type {Promise<Media> | undefined} */
let media;

/** @type {ModuleAddresses} of `media`; set by `start`, since this script knows no addresses */
let mediaAddresses;

/** @type {Map<string, Model>} by address */
const models = new Map();

/** @type {Promise<import('../training/worker/session.js').Session> | undefined} fetched with the first command to a training run */
let session;

/** @type {import('../training/worker/helper.js').Helper | undefined} the share of another worker's run */
let helper;

/** @type {Record<string, (args: any) => unknown>} */
const actions = {
  /** @param {{networks: ModuleAddresses, media: ModuleAddresses}} args */
  async start({ networks: { glue, binary }, media }) {
    mediaAddresses = media;
    // Glue and binary load in parallel. A failure is reported where the response is awaited.
    const response = fetch(binary);
    response.catch(() => {});
    try {
      module = await import(/* webpackIgnore: true */ /* @vite-ignore */ glue);
      await module.default({ module_or_path: response });
    } catch (error) {
      throw Object.assign(new Error(messageOf(error)), { kind: 'module' });
    }
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
  geodesic: ({ model, from, to, frames }) => find(model).geodesic(from, to, frames),

  /** @param {{seed: number, stream: number, count: number}} args */
  draws: ({ seed, stream, count }) => module.normalDraws(seed, stream, count),

  /**
   * @param {{model: string, prior: 'gaussian' | 'mixture', seed: number, stream: number, count: number, temperature: number}} args
   */
  fittedDraws: ({ model, prior, seed, stream, count, temperature }) =>
    find(model).priorDraws(prior, seed, stream, count, temperature),

  /** @param {{columns: number, rows: number, extent: number}} args */
  grid: ({ columns, rows, extent }) => module.latentGrid(columns, rows, extent),

  /** @param {import('../training/protocol.js').Command} command */
  async train(command) {
    session ??= import('../training/worker/session.js').then(({ Session }) => new Session(module, emit));
    session.catch(() => (session = undefined));
    return (await session).perform(command);
  },

  /** @param {{rank: number, ports: (MessagePort | null)[]}} args to the other workers of a group, by rank */
  async help({ rank, ports }) {
    const { Helper } = await import('../training/worker/helper.js');
    helper?.end();
    helper = new Helper(module, rank, ports, crash);
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

  /** @param {{rgba: Uint8ClampedArray, image: import('./engine.js').ImageShape}} args */
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

/** Loads the media module once. After a failure, the next request tries again. */
function loadMedia() {
  media ??= (async () => {
    const { glue, binary } = mediaAddresses;
    /** @type {Media} */
    const loaded = await import(/* webpackIgnore: true */ /* @vite-ignore */ glue);
    await loaded.default({ module_or_path: binary });
    return loaded;
  })();
  media.catch(() => (media = undefined));
  return media;
}

/** @param {import('../training/protocol.js').TrainingEvent} event */
function emit(event) {
  self.postMessage({ event });
}

/**
 * @param {string} address
 * @param {Blob | Uint8Array} file
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
  self.postMessage({ crash: messageOf(error) });
}

self.addEventListener('message', async ({ data: { id, action, args, ping } }) => {
  if (ping) return self.postMessage({ pong: true });
  try {
    if (session && action !== 'train') (await session).disturbed();
    const value = await actions[action](args);
    const buffer = ArrayBuffer.isView(value) ? value.buffer : undefined;
    self.postMessage({ id, value }, { transfer: buffer instanceof ArrayBuffer ? [buffer] : [] });
  } catch (error) {
    if (fatal(error)) return crash(error);
    const kind = error instanceof Error && 'kind' in error ? error.kind : 'request';
    self.postMessage({ id, failure: { kind, message: messageOf(error) } });
  }
});

// A trap inside a future of the module reaches no `catch`.
self.addEventListener('error', (event) => {
  event.preventDefault();
  crash(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crash(event.reason);
});

self.postMessage({ hello: true });
