/**
 * Self-test and benchmark of the GPU: a figure's work goes there only if the GPU computes the same images as the CPU, and with
 * `engine="auto"` only if it is faster. Both devices decode the same latents, through the page's queue, so that this does not
 * overlap with the figures' work.
 *
 * @typedef {{cpu: number, gpu: number}} Times milliseconds of one decode, the shortest of several
 * @typedef {Times & {difference: number, pictures: number}} SelfTest with the largest difference of a pixel, 0 to 1
 */

import { pageEngine } from '../engine.js';
import { Failure } from '../../failure.js';
import { pageGpu } from './gpu.js';

/** Golden latents: the draws of this seed are the same everywhere. */
const GOLDEN = { seed: 2013, stream: 0 };
const PICTURES = 16;

/** Largest difference of a pixel that rounding explains: a quarter of a step of 255. */
export const TOLERANCE = 1e-3;

/** Timed decodes, after one that is not timed because it compiles the kernels. */
const ROUNDS = 4;

/** Batch sizes that are timed for one model. Batches of further sizes stay on the CPU. */
const MOST_BENCHMARKS = 6;

/**
 * Self-tests of the open device, by model.
 * @type {{device: number, tests: Map<string, Promise<SelfTest>>, passed: Set<string>}}
 */
let results = { device: -1, tests: new Map(), passed: new Set() };

/** Benchmarks by model, number of latents and adapter; null while one is running. @type {Map<string, Times | null>} */
const benchmarks = new Map();

/** Results of the open device. Those of an earlier device are dropped. */
function currentResults() {
  if (results.device !== pageGpu.device) results = { device: pageGpu.device, tests: new Map(), passed: new Set() };
  return results;
}

/**
 * True if the GPU is open and has passed the self-test for this model.
 * @param {string} model its address
 */
export function hasPassed(model) {
  return pageGpu.isReady && currentResults().passed.has(model);
}

/**
 * Opens the GPU if it may be tried, and runs the self-test once for each model and device.
 * @param {string} model its address
 * @returns {Promise<SelfTest | null>} null if the GPU cannot be used; `pageGpu.reason` says why
 */
export async function runSelfTest(model) {
  if (!(await pageGpu.open())) return null;
  const { tests, passed } = currentResults();
  let test = tests.get(model);
  if (!test) {
    test = selfTest(model);
    tests.set(model, test);
    test.then(
      () => {
        // Unless the model was forgotten meanwhile.
        if (tests.get(model) === test) passed.add(model);
        pageGpu.changed();
      },
      () => tests.get(model) === test && tests.delete(model),
    );
  }
  return test.catch(() => null);
}

/**
 * Drops all results of a model: the file at this address has been replaced by another model.
 * @param {string} model
 */
export function forgetSelfTest(model) {
  results.tests.delete(model);
  results.passed.delete(model);
  for (const key of benchmarks.keys()) if (key.startsWith(`${model} `)) benchmarks.delete(key);
}

/**
 * True if the GPU is known to be faster for a batch of this size. The first call starts the benchmark and returns false.
 * @param {string} model its address
 * @param {Float32Array} latents [n, latent]: a figure's own batch
 */
export function isFaster(model, latents) {
  const key = `${model} ${latents.length} ${pageGpu.adapter}`;
  const times = benchmarks.get(key);
  if (times) return times.gpu < times.cpu;
  const started = [...benchmarks.keys()].filter((other) => other.startsWith(`${model} `)).length;
  if (times === undefined && started < MOST_BENCHMARKS) {
    benchmarks.set(key, null);
    benchmark(model, latents.slice()).then(
      (result) => benchmarks.set(key, result),
      () => benchmarks.delete(key),
    );
  }
  return false;
}

/**
 * @param {string} model
 * @returns {Promise<SelfTest>}
 * @throws {unknown} if the GPU failed, or if its images were wrong; then it is no longer used
 */
async function selfTest(model) {
  const { config } = await pageEngine.load(model);
  const latents = await pageEngine.draws({ ...GOLDEN, count: PICTURES * config.latent });
  const expected = await pageEngine.values(model, latents);
  const computed = await pageEngine.values(model, latents, { onlyGpu: true });
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - computed[i])), 0);
  // Not `>`: with a NaN difference the test has failed.
  if (!(difference <= TOLERANCE)) {
    const error = new Failure('request', `its pictures are wrong: one pixel is off by ${difference.toPrecision(2)}`);
    pageGpu.fail(error, true);
    throw error;
  }
  return { difference, pictures: PICTURES, ...(await benchmark(model, latents)) };
}

/**
 * @param {string} model
 * @param {Float32Array} latents [n, latent]
 * @returns {Promise<Times>}
 */
async function benchmark(model, latents) {
  const best = { cpu: Infinity, gpu: Infinity };
  // Measured in the worker, since a request may wait in the queue.
  /** @type {import('../types.js').Options['done']} */
  const done = (_, took, device) => {
    const key = device === 'CPU' ? 'cpu' : 'gpu';
    best[key] = Math.min(best[key], took);
  };
  await pageEngine.decode(model, latents);
  await pageEngine.decode(model, latents, { onlyGpu: true });
  for (let round = 0; round < ROUNDS; round++) {
    await pageEngine.decode(model, latents, { done });
    await pageEngine.decode(model, latents, { done, onlyGpu: true });
  }
  return best;
}
