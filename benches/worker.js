/**
 * The side that is timed in the browser: a module worker, as on the page, with one build of the wasm module and the tiny modules of
 * the limits beside it. It is started from a blob by `chromium.mjs`, and answers one request after the other.
 */

const BATCH = 64;
const MOST_LATENTS = 400;
const SEED = 1;

/** A sample repeats its call for so many milliseconds: a browser's clock moves in steps of 0.1. */
const SAMPLE = 10;

/** Turns of a limit's loop in one sample, about 10 ms. */
const TURNS = 1_500_000;

/** @type {any} the glue of the build under test, which trains */
let glue;
/** @type {any} the glue that the page draws with */
let drawing;
/** @type {typeof import('../www/pixels.js').toValues} */
let toValues;
/** @type {Record<string, (turns: number) => number>} by form */
const loops = {};
/** @type {Record<string, {config: any, model: any, trainer: any, pixels: Float32Array, latents: Float32Array}>} */
const presets = {};

/** @type {Record<string, (args: any) => unknown>} */
const actions = {
  /**
   * @param {{folder: string, drawer?: string, pixels: string, limits: Record<string, string>, configs: Record<string, any>}} args
   *   addresses; `drawer`: of the module that only draws, where it is another one; `limits`: modules in base64
   */
  async start({ folder, drawer, pixels, limits, configs }) {
    ({ toValues } = await import(pixels));
    glue = await load(folder);
    drawing = drawer ? await load(drawer) : glue;
    for (const [form, module] of Object.entries(limits)) {
      const bytes = Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
      const { instance } = await WebAssembly.instantiate(bytes);
      loops[form] = /** @type {(turns: number) => number} */ (instance.exports.run);
    }
    for (const [name, config] of Object.entries(configs)) presets[name] = await prepare(config);
  },

  /** Pixels of 64 latents, their hash, and the losses of the first five steps. @param {{preset: string}} args */
  async check({ preset }) {
    const { config, model, trainer, latents } = presets[preset];
    const pixels = await model.decode(latents.subarray(0, BATCH * config.latent));
    const losses = [];
    for (let step = 0; step < 5; step++) {
      losses.push((await trainer.step({ batch: BATCH, beta: 1, learningRate: 1e-3 })).total);
    }
    return { pixels: [...pixels], decoded: fnv(pixels), losses };
  },

  /** Milliseconds of `turns` turns of a limit's loop. @param {{form: string, milliseconds: number}} args how long to go on */
  async limit({ form, milliseconds }) {
    const run = loops[form];
    const found = [];
    run(1000);
    const until = performance.now() + milliseconds;
    do {
      const start = performance.now();
      const end = run(TURNS);
      found.push(performance.now() - start);
      if (Math.abs(end - 1) > 0.01) throw new Error(`the sums of the limit end at ${end}`);
    } while (performance.now() < until);
    return { turns: TURNS, milliseconds: found };
  },

  /**
   * Milliseconds of one call, sample after sample, at least one.
   * @param {{preset: string, work: string, count: number, milliseconds: number}} args how long to go on
   */
  async time({ preset, work, count, milliseconds }) {
    const { config, model, trainer, pixels, latents } = presets[preset];
    const some = latents.slice(0, count * config.latent);
    const call = {
      decode: () => model.decode(some),
      encode: () => model.encode(pixels),
      train: () => trainer.step({ batch: BATCH, beta: 1, learningRate: 1e-3 }),
    }[work];
    if (!call) throw new Error(`nothing to time is called ${work}`);
    const calls = Math.max(1, Math.ceil(SAMPLE / (await mean(call, 1))));
    const found = [];
    const until = performance.now() + milliseconds;
    do {
      found.push(await mean(call, calls));
    } while (performance.now() < until);
    return found;
  },
};

/**
 * @param {() => Promise<unknown>} call
 * @param {number} calls
 */
async function mean(call, calls) {
  const start = performance.now();
  for (let n = 0; n < calls; n++) await call();
  return (performance.now() - start) / calls;
}

/** @param {string} folder address of a module */
async function load(folder) {
  const module = await import(`${folder}latent_lab.js`);
  await module.default({ module_or_path: `${folder}latent_lab_bg.wasm` });
  return module;
}

/** A model that keeps its weights and a trainer that changes its own. @param {any} config */
async function prepare(config) {
  const trainer = await glue.Trainer.create(config, { seed: SEED, batch: BATCH });
  const trained = await trainer.model();
  const model = drawing === glue ? trained : await drawing.Model.load(await trained.save('f32'));
  const bytes = pictures(config.image);
  trainer.setImages(bytes);
  const pixels = toValues(bytes);
  const latents = glue.normalDraws(SEED, 0, MOST_LATENTS * config.latent);
  return { config, model, trainer, pixels, latents };
}

/**
 * A light disc on dark ground, at another place in each picture: those of `native/main.rs`, byte for byte.
 * @param {{channels: number, height: number, width: number}} image
 */
function pictures({ channels, height, width }) {
  const bytes = new Uint8Array(BATCH * channels * height * width);
  let at = 0;
  for (let n = 0; n < BATCH; n++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const dy = Math.floor((y * 8) / height) - Math.floor(n / 8);
          const dx = Math.floor((x * 8) / width) - (n % 8);
          bytes[at++] = dy * dy + dx * dx <= 4 ? 230 : 10;
        }
      }
    }
  }
  return bytes;
}

/** FNV-1a, 32 bits, over the bits of the values, as `native/main.rs` has it. @param {Float32Array} values */
function fnv(values) {
  const hash = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x01000193),
    0x811c9dc5,
  );
  return (hash >>> 0).toString(16).padStart(8, '0');
}

self.addEventListener('message', async ({ data: { id, action, args } }) => {
  try {
    self.postMessage({ id, value: await actions[action](args) });
  } catch (error) {
    self.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});
