/**
 * How long a path through pictures takes in a worker in Chromium: a model's prior is prepared once, then each path between two stored
 * latents is found. In milliseconds, best and median of several fresh workers. The bar is for the first path, with the preparation.
 *
 *     node benches/geodesics.mjs ADDRESS
 *
 * ADDRESS is where the site is served, as `cargo xtask demo` prints it.
 */

import assert from 'node:assert/strict';
import { argv } from 'node:process';

import { emptyPage, launch } from './chromium.mjs';
import { median } from './statistics.mjs';

const ROUNDS = 5;
const PATHS = 15;

/** Longest first path, in milliseconds. */
const BARS = { digits: 300, fashion: 300, 'digits-plain': 300, emoji: 1000, cats: 1000, 'cats-blurred': 1000 };

/** In a separate worker: the times of one model. @param {{address: string, model: string, paths: number}} task */
async function measure({ address, model, paths }) {
  const fetched = async (/** @type {string} */ name) =>
    new Uint8Array(await (await fetch(new URL(name, address))).arrayBuffer());
  const bindings = await import(new URL('pkg/training-relaxed/latent_lab.js', address).href);
  await bindings.default({ module_or_path: fetch(new URL('pkg/training-relaxed/latent_lab_bg.wasm', address)) });
  const file = await fetched(`models/${model}.safetensors`);
  const { latent, mean } = bindings.parseLatents(await fetched(`models/${model}.latents.safetensors`));
  const code = (/** @type {number} */ at) => mean.slice(at * latent, (at + 1) * latent);
  const begin = performance.now();
  const geodesics = new bindings.Geodesics(file);
  const prepared = performance.now() - begin;
  const times = [];
  let isWhole = true;
  for (let i = 0; i < paths; i++) {
    const start = performance.now();
    const path = geodesics.path(code(2 * i), code(2 * i + 1), 241);
    times.push(performance.now() - start);
    isWhole &&= path.length === 241 * latent && path.every(Number.isFinite) && path[0] === code(2 * i)[0];
  }
  return { prepared, times, isWhole };
}

/** In the page: runs `measure` in a worker. @param {{code: string, task: Parameters<typeof measure>[0]}} work */
function inWorker({ code, task }) {
  const script = `onmessage = async ({ data }) => postMessage(await (${code})(data))`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(task);
  });
}

/** @param {number[]} times */
function bestAndMedian(times) {
  return `${Math.min(...times).toFixed(0)} / ${median(times).toFixed(0)} ms`;
}

const [, , address] = argv;
assert.ok(address, 'node benches/geodesics.mjs ADDRESS');
const browser = await launch();
try {
  for (const [model, bar] of Object.entries(BARS)) {
    /** @type {number[][]} first and later paths */
    const [firsts, later] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await emptyPage(browser, address);
      const task = { address, model, paths: PATHS };
      const { prepared, times, isWhole } = /** @type {Awaited<ReturnType<typeof measure>>} */ (
        await page.evaluate(inWorker, { code: String(measure), task })
      );
      assert.ok(isWhole, `a path of ${model} is not whole`);
      firsts.push(prepared + times[0]);
      later.push(...times.slice(1));
      await page.close();
    }
    const [first, next] = [firsts, later].map(bestAndMedian);
    const isMet = Math.min(...firsts) <= bar;
    console.log(`${model}: first path ${first}, bar ${bar}, ${isMet ? 'met' : 'missed'}; later ones ${next}`);
  }
} finally {
  await browser.close();
}
