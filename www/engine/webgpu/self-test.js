import { pageEngine } from '../engine.js';
import { Failure } from '../../failure.js';
import { pageGpu } from './gpu.js';

/**
 * What the GPU has to show before it gets a figure's work: that its pictures are right, and that it is quicker. Both
 * devices decode the same latents, through the page's queue, so that nothing overlaps with the figures.
 *
 * @typedef {{cpu: number, gpu: number}} Times milliseconds of one decode, the quickest of a few
 * @typedef {Times & {difference: number, pictures: number}} SelfTest the largest difference of a pixel, 0 to 1
 */

/** Golden latents: the draws of this seed are the same everywhere. */
const GOLDEN = { seed: 2013, stream: 0 };
const PICTURES = 16;

/** Pixels may differ by this much: a quarter of a step of 255. More is not rounding. */
export const TOLERANCE = 1e-3;

/** Decodes that are timed, after one that is not: it compiles the kernels. */
const ROUNDS = 4;

/** Batches that are timed for one model; a figure that decodes ever different ones stays on the CPU for the rest. */
const RACES = 6;

/**
 * Self-tests by model, of the device that is open now.
 * @type {{device: number, tests: Map<string, Promise<SelfTest>>, passed: Set<string>}}
 */
let trust = { device: -1, tests: new Map(), passed: new Set() };

/** Races by model, number of latents and adapter; null while one is run. @type {Map<string, Times | null>} */
const races = new Map();

function current() {
  if (trust.device !== pageGpu.device) trust = { device: pageGpu.device, tests: new Map(), passed: new Set() };
  return trust;
}

/**
 * Whether the GPU is open and has shown that it computes this model rightly.
 * @param {string} model its address
 */
export function isTrusted(model) {
  return pageGpu.ready && current().passed.has(model);
}

/**
 * Opens the GPU if it may be tried, and lets it pass the self-test.
 * @param {string} model its address
 * @returns {Promise<SelfTest | null>} null when the GPU cannot be used; it says why
 */
export async function earnTrust(model) {
  if (!(await pageGpu.open())) return null;
  const { tests, passed } = current();
  let test = tests.get(model);
  if (!test) {
    test = selfTest(model);
    tests.set(model, test);
    test.then(
      () => {
        passed.add(model);
        pageGpu.changed();
      },
      () => tests.delete(model),
    );
  }
  return test.catch(() => null);
}

/**
 * Whether the GPU is the faster one for these latents. The first time it does not know: then it finds out.
 * @param {string} model its address
 * @param {Float32Array} latents [n, latent]: a figure's own batch
 */
export function isFaster(model, latents) {
  const key = `${model} ${latents.length} ${pageGpu.adapter}`;
  const times = races.get(key);
  if (times) return times.gpu < times.cpu;
  const started = [...races.keys()].filter((other) => other.startsWith(`${model} `)).length;
  if (times === undefined && started < RACES) {
    races.set(key, null);
    race(model, latents.slice()).then(
      (result) => races.set(key, result),
      () => races.delete(key),
    );
  }
  return false;
}

/**
 * @param {string} model
 * @returns {Promise<SelfTest>}
 * @throws {unknown} when the GPU failed; also when it was wrong, after which it is out of use
 */
async function selfTest(model) {
  const { config } = await pageEngine.load(model);
  const latents = await pageEngine.draws({ ...GOLDEN, count: PICTURES * config.latent });
  const right = await pageEngine.values(model, latents);
  const seen = await pageEngine.values(model, latents, { elsewhere: onlyGpu });
  const difference = right.reduce((most, value, i) => Math.max(most, Math.abs(value - seen[i])), 0);
  // Not `>`: a difference that is no number is none to be trusted.
  if (!(difference <= TOLERANCE)) {
    const error = new Failure('request', `its pictures are wrong, a pixel by ${difference.toPrecision(2)}`);
    pageGpu.fail(error, true);
    throw error;
  }
  return { difference, pictures: PICTURES, ...(await race(model, latents)) };
}

/**
 * @param {string} model
 * @param {Float32Array} latents [n, latent]
 * @returns {Promise<Times>}
 */
async function race(model, latents) {
  const best = { cpu: Infinity, gpu: Infinity };
  // Timed where the work is done: a request may have waited in the queue before.
  /** @type {import('../engine.js').Options} */
  const cpu = { done: (_, took) => (best.cpu = Math.min(best.cpu, took)) };
  /** @type {import('../engine.js').Options} */
  const gpu = {
    async elsewhere(...job) {
      const start = performance.now();
      const value = await onlyGpu(...job);
      best.gpu = Math.min(best.gpu, performance.now() - start);
      return value;
    },
  };
  await pageEngine.decode(model, latents);
  await pageEngine.decode(model, latents, { elsewhere: onlyGpu });
  for (let round = 0; round < ROUNDS; round++) {
    await pageEngine.decode(model, latents, cpu);
    await pageEngine.decode(model, latents, gpu);
  }
  return best;
}

/** @type {import('../engine.js').Elsewhere} */
function onlyGpu(action, args, model, file) {
  return pageGpu.run(action, args, model, file);
}
