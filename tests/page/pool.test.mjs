// The pool of workers of a page: large requests are split; small ones are not, nor any if there is only one worker.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress } from './support/browser.mjs';
import { press, small, stepOf, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Runs in the page: decodes to values and to RGBA, and encodes, with the given number of workers. */
async function requests({ wanted, count }) {
  const { Engine } = await import('/engine/engine.js');
  const started = [];
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...args) {
      super(...args);
      started.push(this);
    }
  };
  const model = new URL('/models/digits.safetensors', location.href).href;
  const engine = new Engine();
  engine.acquire();
  engine.pool.wanted = wanted;
  try {
    const { config } = await engine.load(model);
    const latents = Float32Array.from({ length: count * config.latent }, (_, i) => Math.sin(i));
    const ask = async () => {
      const rgba = await engine.decode(model, latents);
      const values = await engine.values(model, latents);
      const { mean, logVar } = await engine.encode(model, rgba);
      return [rgba, values, mean, logVar].map((part) => [...part]);
    };
    const first = await ask();
    // Helpers are started by the first large request and take part in later ones.
    await engine.pool.ready;
    const work = started.map(() => 0);
    started.forEach((worker, i) =>
      worker.addEventListener('message', ({ data }) => void (work[i] += Number(data.id !== undefined))),
    );
    const second = await ask();
    // The engine has received the last answer, which may not have been counted yet.
    await new Promise((resolve) => setTimeout(resolve));
    return { first, second, work };
  } finally {
    globalThis.Worker = Original;
    engine.pool.stop();
    engine.release();
  }
}

const inPage = async (task) => {
  const seen = await visit({ from: new URL('icon.svg', address).href });
  return seen.page.evaluate(requests, task);
};

test('the workers of the pool share large requests, and the results equal those of one worker', async () => {
  const alone = await inPage({ wanted: 1, count: 100 });
  assert.equal(alone.work.length, 1);
  const shared = await inPage({ wanted: 3, count: 100 });
  assert.equal(shared.work.length, 3);
  assert.ok(
    shared.work.every((answers) => answers >= 3),
    `every worker computed a part of each request: ${shared.work}`,
  );
  for (const results of [alone.second, shared.first, shared.second]) {
    results.forEach((part, i) => assert.deepEqual(part, alone.first[i]));
  }
});

test('a few pictures stay on one worker', async () => {
  const { work } = await inPage({ wanted: 3, count: 8 });
  assert.equal(work.length, 1);
});

/** Runs in the page: a run whose first helper is terminated without a message before it has its replica. */
async function loseFirstHelper() {
  const { Engine } = await import('/engine/engine.js');
  const Original = globalThis.Worker;
  let made = 0;
  globalThis.Worker = class extends Original {
    constructor(...args) {
      super(...args);
      this.isDoomed = ++made === 2;
    }
    postMessage(data, transfer) {
      super.postMessage(data, transfer);
      if (!this.isDoomed || data.action !== 'help') return;
      // This call is answered, but no later one.
      this.terminate();
      setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: { id: data.id } })));
    }
  };
  const engine = new Engine();
  engine.acquire();
  const image = { channels: 1, height: 12, width: 12 };
  const layers = [4, 8].map((filters) => ({ filters, kernel: 3, stride: 2 }));
  const configs = [{ image, layers, latent: 2, kind: 'variational', likelihood: 'bernoulli' }];
  const pixels = Uint8Array.from({ length: 32 * 144 }, (_, i) => (i * 37) & 255);
  const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
  const config = { configs, seed: 1, batch: 16, augment, pixels, copies: 1 };
  let step = 0;
  engine.listen(({ type, detail }) => {
    if (type === 'losses') step = detail.rows.at(-3);
  });
  const settings = { beta: 1, learningRate: 0.01, pace: 0.2, threads: 2 };
  await engine.train({ verb: 'create', run: 1, args: { config, settings, isWatched: false } });
  await engine.train({ verb: 'run', run: 1 });
  const start = Date.now();
  const goesOn = () => made >= 3 && engine.pool.workers === 2;
  while (!goesOn() && Date.now() < start + 60_000) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = step;
  while (step < before + 5 && Date.now() < start + 80_000) await new Promise((resolve) => setTimeout(resolve, 20));
  await engine.train({ verb: 'halt', run: 1 });
  globalThis.Worker = Original;
  engine.pool.stop();
  engine.release();
  return { made, steps: step - before };
}

test('a helper that is lost before it has its replica does not hold up the run', async () => {
  const seen = await visit({ from: new URL('icon.svg', address).href });
  const { made, steps } = await seen.page.evaluate(loseFirstHelper);
  assert.equal(made, 3, 'the lost helper was replaced');
  assert.ok(steps >= 5);
});

test('the status line of a run names its workers', async () => {
  const seen = await visit({ from: figureAddress('train', { threads: 2 }) });
  const figure = await seen.figure('train').ready();
  await small(figure);
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'device'), /CPU · 2 workers/));
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before + 3));
  await press(figure, 'play');
  await eventually(async () => assert.doesNotMatch(await text(figure, 'device'), /workers/));
});
