/** Training as the page does it: what the loop adds to the bare step, how soon it learns, its memory, and who waits for it. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { emptyPage, launch, startWorker } from './chromium.mjs';
import { best, median } from './statistics.mjs';

/**
 * @typedef {object} Training
 * @property {{bare: number, whole: number, ratio: number, rounds: {bare: number, whole: number}[]}} loop milliseconds a step
 * @property {{data: string, count: number, best: number, curve: {seconds: number, step: number, nats: number}[]}} heldOut
 * @property {{early: number, late: number, growth: number}} memory bytes
 * @property {{most: number, worst: number, step: number, steps: number}} wait milliseconds: of nine in ten decodes, of all, of a step;
 *   how many steps nine in ten decodes took at most, beyond their own time
 */

const PICTURES = 2_000;
const HELD_OUT = 500;
const SECONDS = 30;
const SIZE = 28 * 28;

/** Preset `digits`, and the same with a code of two numbers. */
const digits = {
  image: { channels: 1, height: 28, width: 28 },
  layers: [32, 64, 128].map((filters) => ({ filters, kernel: 3, stride: 2 })),
  latent: 16,
  kind: 'variational',
  likelihood: 'bernoulli',
};
const plane = { ...digits, latent: 2 };
const NO_AUGMENT = { flip: false, rotate: 0, shift: 0, zoom: 0 };

/**
 * @param {{address: string, rounds: number}} options where the site is served
 * @returns {Promise<Training>}
 */
export async function timeTraining({ address, rounds }) {
  const browser = await launch();
  try {
    const page = await emptyPage(browser, address);
    const ask = await startWorker(page, 'training-worker.js');
    await ask('start', { folder: `${address}pkg/cpu-relaxed/`, session: `${address}training/session.js` });
    const { pixels, heldOut, data } = mnist() ?? (await decoded(page, address));
    const found = [];
    for (let round = 0; round < rounds; round++) found.push(await ask('loop', { config: digits, pixels, batch: 64, milliseconds: 2_000 }));
    const loop = {
      bare: best(found.map(({ bare }) => bare)),
      whole: best(found.map(({ whole }) => whole)),
      ratio: best(found.map(({ whole }) => whole)) / best(found.map(({ bare }) => bare)),
      rounds: found,
    };
    const curve = await ask('learn', { ...{ config: plane, pixels, heldOut, batch: 32, learningRate: 0.004 }, augment: NO_AUGMENT, seconds: SECONDS });
    assert.ok(curve.length > 3, 'a run of half a minute has moments');
    const small = { config: plane, pixels: pixels.slice(0, 500 * SIZE), batch: 16 };
    const memory = await ask('memory', { ...small, early: 200, late: 2_000 });
    return {
      loop,
      heldOut: { data, count: HELD_OUT, best: best(curve.map((/** @type {any} */ { nats }) => nats)), curve },
      memory: { ...memory, growth: memory.late / memory.early - 1 },
      wait: await timeWait(browser, address),
    };
  } finally {
    await browser.close();
  }
}

/** The published digits where they are, in `$LATENT_LAB_DATA/mnist`. */
function mnist() {
  const folder = `${process.env.LATENT_LAB_DATA}/mnist`;
  const read = (/** @type {string} */ name, /** @type {number} */ count) => {
    const file = [`${folder}/${name}`, `${folder}/${name}.gz`].find(existsSync);
    if (!file) return null;
    const bytes = readFileSync(file);
    return [...(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).subarray(16, 16 + count * SIZE)];
  };
  const [pixels, heldOut] = [read('train-images-idx3-ubyte', PICTURES), read('t10k-images-idx3-ubyte', HELD_OUT)];
  if (!pixels || !heldOut) return null;
  return { pixels, heldOut, data: `the first ${PICTURES} training digits of MNIST` };
}

/**
 * The page's own digits; the held-out ones are every fifth.
 * @param {import('puppeteer-core').Page} page
 * @param {string} address
 */
async function decoded(page, address) {
  const all = await page.evaluate(async (address) => {
    const [{ ourDigits }, { pageEngine }] = await Promise.all([import(`${address}training/supplies.js`), import(`${address}engine.js`)]);
    return [...(await ourDigits(pageEngine)).pixels];
  }, address);
  const picture = (/** @type {number} */ n) => all.slice(n * SIZE, (n + 1) * SIZE);
  const numbers = Array.from({ length: all.length / SIZE }, (_, n) => n);
  return {
    pixels: numbers.filter((n) => n % 5 !== 0).flatMap(picture),
    heldOut: numbers.filter((n) => n % 5 === 0).slice(0, HELD_OUT).flatMap(picture),
    data: 'digits decoded by the page (MNIST is not here)',
  };
}

/**
 * How long a decode in another figure takes while two networks train in the page.
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 */
async function timeWait(browser, address) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${address}?engine=cpu`);
  const found = await page.evaluate(async () => {
    const { pageEngine } = await import(/** @type {any} */ ('/engine.js'));
    const { modelAddress } = await import(/** @type {any} */ ('/assets.js'));
    const { ourDigits } = await import(/** @type {any} */ ('/training/supplies.js'));
    const { configsOf, defaults, NO_AUGMENT } = await import(/** @type {any} */ ('/training/settings.js'));
    const shape = { channels: 1, height: 28, width: 28 };
    const model = modelAddress('digits');
    const { config } = await pageEngine.load(model);
    const { pixels } = await ourDigits(pageEngine);
    const decode = async () => {
      const start = performance.now();
      await pageEngine.decode(model, new Float32Array(config.latent).fill(0.3));
      return performance.now() - start;
    };
    const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const alone = [];
    for (let i = 0; i < 30; i++) alone.push(await decode());
    let [step, first] = [0, 0];
    const deaf = pageEngine.listen((/** @type {any} */ { losses }) => losses && (step = losses[losses.length - 5]));
    const plan = { configs: configsOf(defaults(), shape), seed: 1, batch: 64, augment: NO_AUGMENT, pixels, copies: 1 };
    await pageEngine.train('create', { plan, knobs: { beta: 1, learningRate: 0.001, pace: 1 } });
    await pageEngine.train('watch', { isWatched: false });
    await pageEngine.train('run');
    await pause(2_000);
    const start = performance.now();
    first = step;
    const during = [];
    for (let i = 0; i < 40; i++) {
      // At any moment of a step, and so seldom that the run does not make room for a guest.
      await pause(350 + 137 * (i % 3));
      during.push(await decode());
    }
    await pageEngine.train('halt');
    const networks = 2;
    const each = (performance.now() - start) / Math.max(1, step - first) / networks;
    await pageEngine.train('end');
    deaf();
    return { alone, during, each };
  });
  await page.close();
  const times = found.during.sort((a, b) => a - b);
  // The slowest of all is often one that the machine put aside; that none can wait longer is tested, not timed.
  const [most, worst] = [times[Math.floor(times.length * 0.9)], times[times.length - 1]];
  return { most, worst, step: found.each, steps: Math.max(0, most - median(found.alone)) / found.each };
}
