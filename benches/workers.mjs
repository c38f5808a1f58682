/**
 * Several workers against one: training steps and large decodes in Chromium, and the parts of a shared step that do not get shorter with
 * more workers, from which the speed-up of a machine with more processors is predicted.
 *
 *     node benches/workers.mjs ADDRESS [ROUNDS]
 *
 * ADDRESS is where the site is served, as `cargo xtask demo` prints it. In each round one worker and two are timed in turn.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { emptyPage, launch } from './chromium.mjs';
import { best, median } from './statistics.mjs';

/** @typedef {{preset: string, work: string, one: number[], two: number[]}} Row milliseconds with one worker and with two, by round */
/** @typedef {{workers: number, share: number, exchange: number, step: number, gain: number}} Prediction milliseconds a step */

export const BATCH = 64;
const DECODED = 400;

/** Two presets of the core: `digits` and `cats`. */
export const presets = [
  { name: 'digits', config: configOf({ channels: 1, height: 28, width: 28 }, [32, 64, 128], 16, 'bernoulli') },
  { name: 'cats', config: configOf({ channels: 3, height: 64, width: 64 }, [32, 64, 128, 256], 256, 'gaussian') },
];

/**
 * @param {import('../www/engine/types.js').ImageShape} image
 * @param {number[]} filters of layers that each halve the side
 * @param {number} latent
 * @param {'bernoulli' | 'gaussian'} likelihood
 * @returns {import('../www/engine/types.js').ModelConfig}
 */
function configOf(image, filters, latent, likelihood) {
  const layers = filters.map((each) => ({ filters: each, kernel: 3, stride: 2 }));
  return { image, layers, latent, kind: 'variational', likelihood };
}

/**
 * @param {{address: string, rounds: number}} options where the site is served
 * @returns {Promise<Row[]>}
 */
export async function timeWorkers({ address, rounds }) {
  const browser = await launch();
  try {
    const page = await emptyPage(browser, address);
    /** @type {Row[]} */
    const rows = [];
    for (const { name, config } of presets) {
      /** @type {Row} */
      const train = { preset: name, work: `training step ${BATCH}`, one: [], two: [] };
      /** @type {Row} */
      const decode = { preset: name, work: `decode ${DECODED}`, one: [], two: [] };
      for (let round = 0; round < rounds; round++) {
        for (const [workers, key] of /** @type {const} */ ([
          [1, 'one'],
          [2, 'two'],
        ])) {
          train[key].push(await page.evaluate(timeSteps, { config, workers, batch: BATCH }));
          decode[key].push(
            await page.evaluate(timeDecode, { model: `${address}models/${name}.safetensors`, workers, count: DECODED }),
          );
        }
      }
      rows.push(train, decode);
    }
    return rows;
  } finally {
    await browser.close();
  }
}

/**
 * In the page: milliseconds of a training step of the page's engine.
 * @param {{config: import('../www/engine/types.js').ModelConfig, workers: number, batch: number}} task
 */
async function timeSteps({ config, workers, batch }) {
  // @ts-ignore: an address of the site
  const { Engine } = await import('/engine/engine.js');
  const engine = new Engine();
  engine.acquire();
  const { channels, height, width } = config.image;
  const pixels = Uint8Array.from(
    { length: 4 * batch * channels * height * width },
    (_, i) => (i * 37 + (i >> 9) * 11) & 255,
  );
  const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
  const run = { configs: [config], seed: 1, batch, augment, pixels, copies: 1 };
  /** @type {{at: number, step: number}[]} */
  const seen = [];
  engine.listen((/** @type {any} */ event) => {
    if (event.type !== 'losses') return;
    const { rows } = event.detail;
    seen.push({ at: performance.now(), step: rows[rows.length - 3] });
  });
  const settings = { beta: 1, learningRate: 0.001, pace: 1, threads: workers };
  await engine.train({ verb: 'create', run: 1, args: { config: run, settings, isWatched: false } });
  await engine.train({ verb: 'run', run: 1 });
  // The first reports are of one worker, and of a module that the browser still compiles.
  const settled = performance.now() + 4_000;
  const end = settled + 6_000;
  while (performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  const counted = seen.filter(({ at }) => at >= settled);
  const is = engine.pool.workers;
  await engine.train({ verb: 'end', run: 1 });
  engine.pool.stop();
  engine.release();
  if (is !== workers) throw new Error(`${is} workers in place of ${workers}`);
  const steps = counted.slice(1).map(({ at, step }, i) => (at - counted[i].at) / (step - counted[i].step));
  return [...steps].sort((a, b) => a - b)[steps.length >> 1];
}

/**
 * In the page: milliseconds of a large decode of the page's engine, the median of several.
 * @param {{model: string, workers: number, count: number}} task
 */
async function timeDecode({ model, workers, count }) {
  // @ts-ignore: an address of the site
  const { Engine } = await import('/engine/engine.js');
  const engine = new Engine();
  engine.acquire();
  engine.pool.wanted = workers;
  const { config } = await engine.load(model);
  const latents = Float32Array.from({ length: count * config.latent }, (_, i) => Math.sin(i));
  for (let i = 0; i < 3; i++) {
    await engine.decode(model, latents);
    await engine.pool.ready;
  }
  const times = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    await engine.decode(model, latents);
    times.push(performance.now() - start);
  }
  engine.pool.stop();
  engine.release();
  return [...times].sort((a, b) => a - b)[times.length >> 1];
}

/** Milliseconds between two workers for a message with a transferred buffer, as measured by `timeMessage`. */
async function timeMessage() {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    return await page.evaluate(async () => {
      const script = URL.createObjectURL(new Blob(['onmessage = ({ data }) => postMessage(data, [data])']));
      const worker = new Worker(script);
      // One clock for all, since a page's clock is coarse.
      const count = 1_000;
      const start = performance.now();
      let buffer = new ArrayBuffer(150_000);
      for (let i = 0; i < count; i++) {
        worker.postMessage(buffer, [buffer]);
        buffer = await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
      }
      return (performance.now() - start) / count / 2;
    });
  } finally {
    await browser.close();
  }
}

/**
 * The step of `digits` on machines with more processors, from the times of its parts in one worker: each takes its share, cuts its slices,
 * adds up its own, takes the others' and makes Adam's step; in between two messages go round.
 * @param {number} message milliseconds
 * @returns {Promise<Prediction[]>}
 */
async function predict(message) {
  const folder = new URL('../pkg/training/', import.meta.url);
  const glue = await import(fileURLToPath(new URL('latent_lab.js', folder)));
  await glue.default({ module_or_path: await readFile(new URL('latent_lab_bg.wasm', folder)) });
  const { config } = presets[0];
  const { channels, height, width } = config.image;
  const pixels = Uint8Array.from({ length: 4 * BATCH * channels * height * width }, (_, i) => (i * 37) & 255);
  const options = { batch: BATCH, beta: 1, learningRate: 0.001 };
  /** @type {Prediction[]} */
  const found = [];
  for (const workers of [1, 2, 4, 8]) {
    const trainers = [];
    for (let rank = 0; rank < workers; rank++) {
      const trainer = await glue.Trainer.create(config, { seed: 1, batch: BATCH });
      trainer.setImages(pixels);
      trainers.push(trainer);
    }
    const shares = [];
    const exchanges = [];
    for (let step = 0; step < 40; step++) {
      const { share, exchange } = sharedStep(trainers, options);
      shares.push(share);
      exchanges.push(exchange);
    }
    const [share, exchange] = [shares, exchanges].map(median);
    const whole = share + exchange + (workers > 1 ? 2 * message : 0);
    found.push({ workers, share, exchange, step: whole, gain: (found[0]?.step ?? whole) / whole });
    for (const trainer of trainers) trainer.free();
  }
  return found;
}

/**
 * A shared step of all trainers, one after the other.
 * @param {any[]} trainers
 * @param {object} options
 * @returns {{share: number, exchange: number}} milliseconds of the slowest share, and of the last worker's part of the exchange
 */
function sharedStep(trainers, options) {
  const workers = trainers.length;
  const timed = (/** @type {() => any} */ work) => {
    const start = performance.now();
    const value = work();
    return { value, took: performance.now() - start };
  };
  let share = 0;
  for (const [rank, trainer] of trainers.entries()) {
    const { took } = timed(() => {
      while (!trainer.sharePart(options, rank, workers));
    });
    share = Math.max(share, took);
  }
  const losses = trainers.flatMap((trainer, rank) => [...trainer.shareLosses(rank, workers)]);
  const last = workers - 1;
  let exchange = 0;
  const all = (/** @type {(trainer: any, rank: number) => any} */ work) =>
    trainers.map((trainer, rank) => {
      const { value, took } = timed(() => work(trainer, rank));
      if (rank === last) exchange += took;
      return value;
    });
  for (let round = 0; round < trainers[0].exchangeRounds(workers); round++) {
    const cuts = all((trainer, rank) =>
      trainers.map((_, peer) => (peer === rank ? null : trainer.shareSlice(rank, workers, peer, round))),
    );
    const sums = all((trainer, rank) => {
      const slices = cuts.flatMap((cut, peer) => (peer === rank ? [] : [cut[rank]]));
      return trainer.addSlices(rank, workers, round, slices);
    });
    all((trainer, rank) => sums.forEach((sum, peer) => peer !== rank && trainer.takeSum(workers, peer, round, sum)));
  }
  const ends = all((trainer) => trainer.finishShared(new Float64Array(losses)));
  assert.equal(new Set(ends.map(({ total }) => total)).size, 1);
  return { share, exchange };
}

/** @param {Row[]} rows @param {Prediction[]} predictions @param {number} message */
export function printWorkers(rows, predictions, message) {
  console.log('| | | one worker, best / median | two workers, best / median | ratio, best / median |');
  console.log('| --- | --- | --: | --: | --: |');
  for (const { preset, work, one, two } of rows) {
    const ratios = [best, median].map((of) => (of(one) / of(two)).toFixed(2)).join(' / ');
    const times = [one, two].map((each) => `${best(each).toFixed(1)} / ${median(each).toFixed(1)} ms`).join(' | ');
    console.log(`| ${preset} | ${work} | ${times} | ${ratios} |`);
  }
  console.log(`\nA message between two workers takes ${message.toFixed(2)} ms.\n`);
  console.log('| workers | share | exchange | step, predicted | gain |');
  console.log('| --: | --: | --: | --: | --: |');
  for (const { workers, share, exchange, step, gain } of predictions) {
    const times = [share, exchange, step].map((each) => `${each.toFixed(2)} ms`).join(' | ');
    console.log(`| ${workers} | ${times} | ${gain.toFixed(2)} |`);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , address, rounds = '3'] = argv;
  const message = await timeMessage();
  const predictions = await predict(message);
  printWorkers(await timeWorkers({ address, rounds: Number(rounds) }), predictions, message);
}
