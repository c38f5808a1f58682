/**
 * The memory of each further worker that shares the steps of a run: how much larger the page's process is in Chromium on Linux, with one
 * worker, two and three, after garbage is collected.
 *
 *     node benches/worker-memory.mjs ADDRESS
 *
 * ADDRESS is where the site is served, as `cargo xtask demo` prints it.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { emptyPage, launch } from './chromium.mjs';
import { median } from './statistics.mjs';
import { BATCH, presets } from './workers.mjs';

const MOST_WORKERS = 3;
const SAMPLES = 10;
const MB = 1_000_000;

/** What a worker may add, in MB: eight times the weights as 32-bit floats, and the module with its thread. */
const bar = (/** @type {number} */ weights) => (8 * 4 * weights) / MB + 24;

/**
 * MB of a page whose run is shared by so many workers.
 * @param {string} address
 * @param {import('../www/engine/types.js').ModelConfig} config
 * @param {number} workers
 */
async function memoryOf(address, config, workers) {
  const browser = await launch('--js-flags=--expose-gc');
  try {
    const page = await emptyPage(browser, address);
    const weights = await page.evaluate(train, { config, workers, batch: BATCH });
    const samples = [];
    for (let i = 0; i < SAMPLES; i++) {
      await pause(400);
      await page.evaluate(collect);
      for (const worker of page.workers()) await worker.evaluate(collect);
      samples.push(await pageMemory(browser));
    }
    return { weights, memory: median(samples) };
  } finally {
    await browser.close();
  }
}

/** In the page or a worker: collects garbage, which would otherwise be most of what differs. */
function collect() {
  /** @type {any} */ (globalThis).gc();
}

/**
 * In the page: starts a run and answers once all its workers share the steps.
 * @param {{config: import('../www/engine/types.js').ModelConfig, workers: number, batch: number}} task
 * @returns {Promise<number>} weights of the network
 */
async function train({ config, workers, batch }) {
  // @ts-ignore: an address of the site
  const { Engine } = await import('/engine/engine.js');
  const engine = new Engine();
  engine.acquire();
  const { channels, height, width } = config.image;
  const pixels = Uint8Array.from(
    { length: batch * channels * height * width },
    (_, i) => (i * 37 + (i >> 9) * 11) & 255,
  );
  const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
  const run = { configs: [config], seed: 1, batch, augment, pixels, copies: 1 };
  let steps = 0;
  engine.listen((/** @type {any} */ event) => {
    if (event.type === 'losses' && engine.pool.workers === workers) steps += 1;
  });
  const settings = { beta: 1, learningRate: 0.001, pace: 1, threads: workers };
  await engine.train({ verb: 'create', run: 1, args: { config: run, settings, isWatched: false } });
  await engine.train({ verb: 'run', run: 1 });
  while (steps < 8) await new Promise((resolve) => setTimeout(resolve, 50));
  const { states } = await engine.train({ verb: 'snapshot', run: 1 });
  return states[0].length / 3;
}

/**
 * MB that the processes of pages have for themselves, and their part of what they share.
 * @param {import('puppeteer-core').Browser} browser
 */
async function pageMemory(browser) {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  assert.ok(pages.length > 0, 'there is a page');
  const sizes = pages.map(async ({ id }) => {
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    return (Number(/^Pss: +(\d+) kB/m.exec(text)?.[1]) * 1024) / MB;
  });
  return (await Promise.all(sizes)).reduce((a, b) => a + b);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , address] = argv;
  console.log('| network | weights | with one worker | each further one | bar |');
  console.log('| --- | --: | --: | --: | --: |');
  for (const { name, config } of presets) {
    const found = [];
    for (let workers = 1; workers <= MOST_WORKERS; workers++) found.push(await memoryOf(address, config, workers));
    const { weights, memory } = found[0];
    const further = (found[MOST_WORKERS - 1].memory - memory) / (MOST_WORKERS - 1);
    const sizes = [memory, further, bar(weights)].map((each) => `${each.toFixed(0)} MB`).join(' | ');
    console.log(`| ${name} | ${weights} | ${sizes} |`);
  }
}
