// The queue in front of the worker, with a worker that the test plays itself.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const MODEL = 'http://127.0.0.1/models/digits.safetensors';

/** @type {PlayedWorker[]} */
let workers = [];
/** @type {string[]} */
let fetched = [];
/** The action that closes a played worker, and the one that takes it for ever while it still answers. */
let silent;
let late;
/** The played worker's answer to an action, or 'crash'. */
let play = (_action, _args) => undefined;

class PlayedWorker extends EventTarget {
  actions = [];
  terminated = false;

  constructor() {
    super();
    workers.push(this);
    queueMicrotask(() => this.#say({ hello: true }));
  }

  postMessage({ id, action, args, ping }) {
    if (ping) {
      if (!this.isSilent) queueMicrotask(() => this.#say({ pong: true }));
      return;
    }
    this.actions.push(action);
    queueMicrotask(() => {
      if (this.terminated) return;
      if (action === silent) this.isSilent = true;
      if (action === silent || action === late) return;
      const value = action === 'load' ? { config: {}, card: {} } : play(action, args);
      this.#say(value === 'crash' ? { crash: 'unreachable' } : { id, value });
    });
  }

  terminate() {
    this.terminated = true;
  }

  #say(data) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

globalThis.Worker = PlayedWorker;
globalThis.location = { origin: 'null' };
WebAssembly.validate = () => true;

const { Engine } = await import('../../www/engine/engine.js');
const { MOST_UNANSWERED, PING } = await import('../../www/engine/messenger.js');

beforeEach(() => {
  workers = [];
  fetched = [];
  [silent, late] = [undefined, undefined];
  play = (action) => action;
  globalThis.fetch = async (address) => {
    fetched.push(address);
    return new Response('weights');
  };
});

test('a waiting request is replaced by a newer one of its slot, and only by that', async () => {
  const engine = new Engine();
  const ask = (seed, slot) => engine.draws({ seed, stream: 0, count: 1 }, { slot });
  play = (_, args) => args?.seed;
  const answers = [ask(1, 'a'), ask(2, 'a'), ask(3, 'b'), ask(4, 'a')];
  const settled = await Promise.allSettled(answers);
  assert.deepEqual(
    settled.map(({ value, reason }) => value ?? reason.name),
    [1, 'AbortError', 3, 4],
  );
});

test('after a crash a new worker gets the model from the file that was kept, and the request is tried again', async () => {
  const engine = new Engine();
  await engine.load(MODEL);
  let crashes = 1;
  play = (action) => (action === 'decode' && crashes-- > 0 ? 'crash' : action);
  assert.equal(await engine.decode(MODEL, new Float32Array(16)), 'decode');
  assert.equal(workers.length, 2);
  assert.ok(workers[0].terminated);
  assert.deepEqual(workers[1].actions, ['start', 'load', 'decode']);
  assert.deepEqual(fetched, [MODEL]);
});

test('a request that crashes twice fails, and the ones behind it are answered', async () => {
  const engine = new Engine();
  play = (action) => (action === 'grid' ? 'crash' : action);
  const bad = engine.grid({ columns: 1, rows: 1, extent: 1 });
  const good = engine.draws({ seed: 1, stream: 0, count: 1 });
  await assert.rejects(bad, { kind: 'crash' });
  assert.equal(await good, 'draws');
});

test('a file that did not come is asked for again by the next try', async () => {
  const engine = new Engine();
  globalThis.fetch = async () => new Response('', { status: 404 });
  await assert.rejects(engine.load(MODEL), { kind: 'missing' });
  globalThis.fetch = async () => {
    throw new TypeError('Failed to fetch');
  };
  await assert.rejects(engine.load(MODEL), { kind: 'unreachable' });
  globalThis.fetch = async () => new Response('weights');
  assert.deepEqual(await engine.load(MODEL), { config: {}, card: {} });
});

test('two figures share one fetch and one copy of a model', async () => {
  const engine = new Engine();
  await Promise.all([engine.load(MODEL), engine.load(MODEL)]);
  assert.deepEqual(fetched, [MODEL]);
  assert.deepEqual(workers[0].actions, ['start', 'load']);
});

test('what a figure asked for before it left is not computed', async () => {
  const engine = new Engine();
  const aborter = new AbortController();
  const first = engine.draws({ seed: 1, stream: 0, count: 1 });
  const second = engine.grid({ columns: 1, rows: 1, extent: 1 }, { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(second, { name: 'AbortError' });
  await first;
  assert.deepEqual(workers[0].actions, ['start', 'draws']);
});

test('another device gets the work of a model first, and what it leaves undone is done here', async () => {
  const engine = new Engine();
  const asked = [];
  let theirs = 'elsewhere';
  const took = [];
  const options = {
    elsewhere: async (action, args, model, file) => {
      asked.push([action, args.latents.length, model, await file.text()]);
      return theirs;
    },
    done: (action) => took.push(action),
  };
  assert.equal(await engine.decode(MODEL, new Float32Array(16), options), 'elsewhere');
  assert.deepEqual(asked, [['decode', 16, MODEL, 'weights']]);
  assert.equal(workers.length, 0);
  theirs = undefined;
  assert.equal(await engine.decode(MODEL, new Float32Array(16), options), 'decode');
  assert.deepEqual(workers[0].actions, ['start', 'load', 'decode']);
  assert.deepEqual(took, ['decode']);
});

/** Lets the clock run for a number of pings, with time to answer after each. */
async function asked(timers, times) {
  for (let i = 0; i < times; i++) {
    timers.tick(PING);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a worker that has closed itself is replaced, and the request is tried again', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  const engine = new Engine();
  silent = 'draws';
  const answer = engine.draws({ seed: 1, stream: 0, count: 1 });
  await asked(mock.timers, MOST_UNANSWERED);
  assert.equal(workers.length, 1);
  silent = undefined;
  await asked(mock.timers, 2);
  assert.equal(await answer, 'draws');
  assert.equal(workers.length, 2);
  assert.ok(workers[0].terminated);
});

test('a worker that answers is waited for, however long its work takes', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  const engine = new Engine();
  late = 'draws';
  engine.draws({ seed: 1, stream: 0, count: 1 }).catch(() => {});
  await asked(mock.timers, 20 * MOST_UNANSWERED);
  assert.equal(workers.length, 1);
  assert.ok(!workers[0].terminated);
});

test('a worker that owes nothing is not asked', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  const engine = new Engine();
  await engine.draws({ seed: 1, stream: 0, count: 1 });
  workers[0].isSilent = true;
  await asked(mock.timers, 3 * MOST_UNANSWERED);
  assert.ok(!workers[0].terminated);
});
