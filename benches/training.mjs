/**
 * Training as the page does it: the loop's overhead over the bare step, how soon it learns, its memory, and how soon other figures are
 * answered.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { emptyPage, launch, startWorker } from './chromium.mjs';
import { timePoliteness } from './polite.mjs';
import { best } from './statistics.mjs';

/**
 * @typedef {object} Training
 * @property {{bare: number, whole: number, ratio: number, rounds: {bare: number, whole: number}[]}} loop milliseconds a step
 * @property {{data: string, count: number, best: number, curve: {seconds: number, step: number, nats: number}[]}} heldOut
 * @property {{early: number, late: number, growth: number}} memory bytes
 * @property {import('./polite.mjs').Politeness[]} polite
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
export const plane = { ...digits, latent: 2 };
/** Settings of the figure for a few seconds and few pictures: small changes of each keep the network from learning them by heart. */
export const RECIPE = { batch: 16, learningRate: 0.004, augment: { flip: false, rotate: 5, shift: 0.04, zoom: 0.04 } };

/**
 * @param {{address: string, rounds: number}} options where the site is served
 * @returns {Promise<Training>}
 */
export async function timeTraining({ address, rounds }) {
  const browser = await launch();
  try {
    const page = await emptyPage(browser, address);
    const ask = await startWorker(page, 'training-worker.js');
    await ask('start', {
      folder: `${address}pkg/training-relaxed/`,
      session: `${address}training/worker/session.js`,
      pixels: `${address}pixels.js`,
    });
    const { pixels, heldOut, data } = mnist() ?? (await decoded(page, address));
    const found = [];
    for (let round = 0; round < rounds; round++) {
      found.push(await ask('loop', { config: digits, pixels, batch: 64, milliseconds: 2_000 }));
    }
    const loop = {
      bare: best(found.map(({ bare }) => bare)),
      whole: best(found.map(({ whole }) => whole)),
      ratio: best(found.map(({ whole }) => whole)) / best(found.map(({ bare }) => bare)),
      rounds: found,
    };
    const curve = await ask('learn', { ...{ config: plane, pixels, heldOut, ...RECIPE }, seconds: SECONDS });
    assert.ok(curve.length > 3, 'a run of half a minute has snapshots');
    const small = { config: plane, pixels: pixels.slice(0, 500 * SIZE), batch: 16 };
    const memory = await ask('memory', { ...small, early: 200, late: 2_000 });
    return {
      loop,
      heldOut: { data, count: HELD_OUT, best: best(curve.map((/** @type {any} */ { nats }) => nats)), curve },
      memory: { ...memory, growth: memory.late / memory.early - 1 },
      polite: await timePoliteness(browser, address),
    };
  } finally {
    await browser.close();
  }
}

/** The published digits where they are, in `$LATENT_LAB_DATA/mnist`. */
export function mnist() {
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
    const [{ drawPictures }, { pageEngine }] = await Promise.all([
      import(`${address}training/input/sources.js`),
      import(`${address}engine/engine.js`),
    ]);
    return [...(await drawPictures(pageEngine, 'digits')).pixels];
  }, address);
  const picture = (/** @type {number} */ n) => all.slice(n * SIZE, (n + 1) * SIZE);
  const numbers = Array.from({ length: all.length / SIZE }, (_, n) => n);
  return {
    pixels: numbers.filter((n) => n % 5 !== 0).flatMap(picture),
    heldOut: numbers
      .filter((n) => n % 5 === 0)
      .slice(0, HELD_OUT)
      .flatMap(picture),
    data: 'digits decoded by the page (MNIST is not here)',
  };
}
