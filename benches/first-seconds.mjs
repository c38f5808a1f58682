/**
 * How soon random samples look like something: the pictures of the figure `train` in its first seconds, for several settings.
 *
 *     node benches/first-seconds.mjs [--pictures digits|FILE] [--count 2000] [--seconds 5,10,20] [--seeds 1,2] [--sheets FOLDER] PLAN...
 *
 * PLAN is a text in the form of the attribute `plan`. Pictures are the page's own digits, or those of a file written by
 * `benches/pictures.mjs`. Digits are judged by test digits of MNIST, which must be in `$LATENT_LAB_DATA/mnist`; others by those of
 * their file that were not trained on.
 *
 * It runs in Node.js: seconds are CPU time, so that a busy machine gives the same numbers.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { readRunConfig } from '../www/training/page/run-config.js';
import { Session } from '../www/training/worker/session.js';
import { configsOf, defaults, NO_AUGMENT, sizeOf } from '../www/training/page/settings.js';
import { drawPictures } from '../www/training/input/sources.js';
import { toBytes, toRgba, toValues } from '../www/pixels.js';
import { pickBuild } from '../www/engine/support.js';
import { clarityJudge, frechetJudge } from './judges.mjs';

/**
 * @typedef {{pixels: Uint8Array, shape: import('../www/engine/types.js').ImageShape}} Pictures
 *
 * @typedef {object} Judges
 * @property {(samples: Float32Array[]) => number} frechet
 * @property {((samples: Float32Array[]) => number) | null} clarity
 * @property {Float32Array[]} heldOut
 */

/** Number of judged samples, and of held-out pictures for the -ELBO. */
const SAMPLES = 500;
const HELD_OUT = 500;

/** Pictures of the test set that samples are compared with. */
const REFERENCE = 2_000;

/** Samples of a network on a sheet. */
const SHOWN = 32;

/** The seed of the judged samples: the same for all settings. */
const JUDGED = 99;

const { values: options, positionals: plans } = parseArgs({
  allowPositionals: true,
  options: {
    pictures: { type: 'string', default: 'digits' },
    count: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '5,10,20' },
    seeds: { type: 'string', default: '1' },
    sheets: { type: 'string' },
  },
});
const seconds = options.seconds.split(',').map(Number);
const seeds = options.seeds.split(',').map(Number);

/**
 * @param {string} plan
 * @param {number} seed
 */
async function measure(plan, seed) {
  const { settings, shape, wrong } = readRunConfig(plan, { settings: defaults(), shape: train.shape, preset: 'quick' });
  if (wrong.length > 0) throw new Error(`not understood: ${wrong.join('; ')}`);
  const configs = configsOf(settings, shape);
  const snapshots = await run({ ...settings, seed }, configs);
  const sheets = [];
  for (const [i, snapshot] of snapshots.entries()) {
    const judged = [];
    for (const [which, config] of configs.entries()) {
      const viewer = await glue.Trainer.create(config, { seed, batch: 1, twin: true });
      await viewer.restore(snapshot.states[which], snapshot.step);
      const model = await viewer.model();
      const samples = await decoded(model, glue.normalDraws(JUDGED, 0, SAMPLES * config.latent), config);
      sheets.push(...samples.slice(0, SHOWN));
      judged.push(config.kind === 'variational' ? await vaeRow(samples, model, config) : plainRow(samples));
      model.free();
      viewer.free();
    }
    console.log(`| ${plan || 'default'} | ${seed} | ${seconds[i]} | ${snapshot.step} | ${judged.flat().join(' | ')} |`);
  }
  const file = `${(plan || 'default').replaceAll(/[^a-z0-9.]+/g, '-')}-${seed}.png`;
  if (options.sheets) {
    await writeSheet(sheets, shape, { lines: snapshots.length * configs.length, file: `${options.sheets}/${file}` });
  }
}

/**
 * Trains as the worker does, previews and snapshots included.
 * @param {import('../www/training/page/settings.js').Settings} settings
 * @param {import('../www/engine/types.js').ModelConfig[]} configs
 * @returns {Promise<import('../www/training/protocol.js').ExactSnapshot[]>} snapshots after so many seconds
 */
async function run({ seed, batch, augment, copies, beta, learningRate, pace }, configs) {
  let stopped = '';
  const session = new Session(glue, (event) => {
    if (event.type === 'stopped') stopped ||= event.detail.reason;
  });
  const config = {
    configs,
    seed,
    batch,
    augment: augment ?? NO_AUGMENT,
    copies: augment ? copies : 1,
    pixels: train.pixels,
  };
  await session.create({ config, settings: { beta, learningRate, pace } });
  const snapshots = [];
  const start = spent();
  session.run();
  for (const second of seconds) {
    while (spent() < start + second && !stopped) await new Promise((resolve) => setTimeout(resolve, 5));
    if (stopped) throw new Error(stopped);
    snapshots.push(await session.snapshot());
  }
  await session.end();
  return snapshots;
}

/** Seconds of the processor. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** @param {Float32Array[]} samples */
function plainRow(samples) {
  const { frechet, clarity } = judges;
  return [frechet(samples).toFixed(1), clarity ? `${Math.round(100 * clarity(samples))} %` : '–'];
}

/**
 * @param {Float32Array[]} samples
 * @param {import('../pkg/training/latent_lab.js').Model} model
 * @param {import('../www/engine/types.js').ModelConfig} config
 */
async function vaeRow(samples, model, config) {
  return [...plainRow(samples), (await negativeElbo(model, config)).toFixed(1)];
}

/**
 * On pictures that were not trained on, with one seeded sample of the posterior each.
 * @param {import('../pkg/training/latent_lab.js').Model} model
 * @param {import('../www/engine/types.js').ModelConfig} config
 */
async function negativeElbo(model, config) {
  const size = sizeOf(config.image);
  const pixels = new Float32Array(judges.heldOut.length * size);
  judges.heldOut.forEach((picture, n) => pixels.set(picture, n * size));
  const { mean, logVar } = await model.encode(pixels);
  if (!logVar) throw new Error('a plain autoencoder has no ELBO');
  const draws = glue.normalDraws(JUDGED, 1, mean.length);
  const shown = await model.decode(Float32Array.from(mean, (value, i) => value + Math.exp(logVar[i] / 2) * draws[i]));
  let nats = 0;
  pixels.forEach((x, i) => {
    // In f32 the sigmoid can be exactly 0 or 1, whose logarithm is infinite.
    const p = Math.min(1 - 1e-7, Math.max(1e-7, shown[i]));
    nats -= x * Math.log(p) + (1 - x) * Math.log(1 - p);
  });
  mean.forEach((m, i) => (nats += 0.5 * (m * m + Math.exp(logVar[i]) - 1 - logVar[i])));
  return nats / judges.heldOut.length;
}

/**
 * @param {import('../pkg/training/latent_lab.js').Model} model
 * @param {Float32Array} latents
 * @param {import('../www/engine/types.js').ModelConfig} config
 */
async function decoded(model, latents, { image }) {
  return rows(await model.decode(latents), sizeOf(image));
}

/**
 * @param {Float32Array} all
 * @param {number} size
 */
function rows(all, size) {
  return Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size));
}

/** @returns {Promise<{train: Pictures, judges: Judges}>} */
async function digits() {
  const { pixels, shape } = await drawPictures(/** @type {any} */ (engine), 'digits');
  const [pictures, labels] = await Promise.all(['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map(mnist));
  // The page's digits come from the first 500 test digits, so these are others.
  const test = rows(toValues(pictures.subarray(16)), sizeOf(shape)).slice(5_000);
  const reference = test.slice(0, REFERENCE);
  const others = test.slice(REFERENCE, REFERENCE + HELD_OUT);
  const judges = {
    frechet: frechetJudge(reference),
    clarity: clarityJudge(reference, labels.subarray(8 + 5_000), others),
    heldOut: others,
  };
  return { train: { pixels, shape }, judges };
}

/** @param {string} name */
async function mnist(name) {
  return gunzipSync(await readFile(`${process.env.LATENT_LAB_DATA}/mnist/${name}.gz`));
}

/**
 * The first `count` pictures of a file are trained on, all others judge.
 * @param {string} file
 * @param {number} count
 * @returns {Promise<{train: Pictures, judges: Judges}>}
 */
async function fromFile(file, count) {
  const bytes = await readFile(file);
  const [channels, height, width] = bytes;
  const shape = { channels, height, width };
  const size = sizeOf(shape);
  const others = rows(toValues(bytes.subarray(3 + count * size)), size);
  const judges = {
    frechet: frechetJudge(others.slice(0, REFERENCE)),
    clarity: null,
    heldOut: others.slice(0, HELD_OUT),
  };
  return { train: { pixels: new Uint8Array(bytes.subarray(3, 3 + count * size)), shape }, judges };
}

/** The part of the page's engine that decodes the page's own pictures. */
const engine = {
  /** @param {string} address */
  async load(address) {
    const model = await glue.Model.load(await readFile(new URL(address)));
    this.model = model;
    return { config: model.config, card: model.card };
  },
  /** @type {import('../pkg/training/latent_lab.js').Model | null} */
  model: null,
  /** @param {string} address */
  latents: async (address) => glue.parseLatents(await readFile(new URL(address))),
  /** @param {{path: string, from: Float32Array, to: Float32Array, frames: number}} way */
  interpolate: async ({ path, from, to, frames }) => glue.interpolate(path, from, to, frames),
  /** @param {string} _ @param {Float32Array} latents */
  async decode(_, latents) {
    if (!this.model) throw new Error('no model is loaded');
    return toRgba(toBytes(await this.model.decode(latents)), this.model.config.image);
  },
};

/**
 * @template {'training' | 'training-relaxed' | 'media'} N
 * @param {N} name of a build
 * @returns {Promise<N extends 'media' ? typeof import('../pkg/media/latent_lab.js') : typeof import('../pkg/training/latent_lab.js')>}
 */
async function wasm(name) {
  const folder = new URL(`../pkg/${name}/`, import.meta.url);
  const module = await import(new URL('latent_lab.js', folder).href);
  await module.default({ module_or_path: await readFile(new URL('latent_lab_bg.wasm', folder)) });
  return module;
}

/**
 * Writes samples as a sheet: one row for each snapshot and network.
 * @param {Float32Array[]} samples
 * @param {import('../www/engine/types.js').ImageShape} shape
 * @param {{lines: number, file: string}} sheet
 */
async function writeSheet(samples, { channels, height, width }, { lines, file }) {
  const columns = samples.length / lines;
  const [wide, high] = [columns * width, lines * height];
  const rgba = new Uint8Array(wide * high * 4);
  samples.forEach((sample, n) => {
    const image = toRgba(toBytes(sample), { channels, height, width });
    for (let row = 0; row < height; row++) {
      const at = (Math.floor(n / columns) * height + row) * wide + (n % columns) * width;
      rgba.set(image.subarray(4 * row * width, 4 * (row + 1) * width), 4 * at);
    }
  });
  await writeFile(file, media.animate(rgba, { format: 'strip', width: wide, height: high, scale: 1, rate: 10 }));
}

// Node.js has no ImageData, which the module returns for decoded images.
Object.assign(globalThis, {
  ImageData: class {
    /** @param {Uint8ClampedArray} data @param {number} width @param {number} height */
    constructor(data, width, height) {
      Object.assign(this, { data, width, height });
    }
  },
});
const glue = await wasm(pickBuild() === 'cpu' ? 'training' : 'training-relaxed');
const media = await wasm('media');
const { train, judges } =
  options.pictures === 'digits' ? await digits() : await fromFile(options.pictures, Number(options.count));

console.log('| plan | seed | second | step | VAE: Fréchet | clear | -ELBO | plain: Fréchet | clear |');
console.log('| --- | --: | --: | --: | --: | --: | --: | --: | --: |');
for (const plan of plans.length > 0 ? plans : ['']) {
  for (const seed of seeds) await measure(plan, seed);
}
