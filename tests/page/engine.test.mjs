// The queue in front of the worker, with a fake worker.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const MODEL = 'http://127.0.0.1/models/digits.safetensors';

/** @type {FakeWorker[]} */
let workers = [];
/** @type {string[]} */
let fetched = [];
/** The action at which a fake worker stops answering, and the one that it never finishes although it answers pings. */
let silent;
let late;
/** The fake worker's answer to an action, or 'crash'. */
let play = (_action, _args) => undefined;

class FakeWorker extends EventTarget {
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

globalThis.Worker = FakeWorker;
globalThis.location = { origin: 'null' };
WebAssembly.validate = () => true;

const { Engine } = await import('../../www/engine/engine.js');
const { Failure } = await import('../../www/failure.js');
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

test('a waiting request is replaced only by a newer one in the same slot', async () => {
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

test('a geodesic is computed once for the same ends, and again for another model at the same address', async () => {
  const engine = new Engine();
  const ask = (to) => engine.geodesic(MODEL, { from: Float32Array.of(0, 1), to: Float32Array.of(...to), frames: 9 });
  const computed = () => workers[0].actions.filter((action) => action === 'geodesic').length;
  assert.equal(await ask([1, 0]), 'geodesic');
  assert.equal(await ask([1, 0]), 'geodesic');
  assert.equal(computed(), 1);
  await ask([0, 2]);
  assert.equal(computed(), 2);
  // A result that is computed while the model is replaced belongs to the old model.
  const old = ask([3, 3]);
  await Promise.resolve();
  engine.forget(MODEL);
  await old;
  await ask([3, 3]);
  await ask([1, 0]);
  assert.equal(computed(), 5);
});

test('after a crash a new worker gets the model without another fetch, and the request is retried', async () => {
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

test('a request that crashes twice fails, and the requests behind it are answered', async () => {
  const engine = new Engine();
  play = (action) => (action === 'grid' ? 'crash' : action);
  const bad = engine.grid({ columns: 1, rows: 1, extent: 1 });
  const good = engine.draws({ seed: 1, stream: 0, count: 1 });
  await assert.rejects(bad, { kind: 'crash' });
  assert.equal(await good, 'draws');
});

test('a file that could not be fetched is fetched again by the next request', async () => {
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

test('requests of a removed figure are not computed', async () => {
  const engine = new Engine();
  const aborter = new AbortController();
  const first = engine.draws({ seed: 1, stream: 0, count: 1 });
  const second = engine.grid({ columns: 1, rows: 1, extent: 1 }, { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(second, { name: 'AbortError' });
  await first;
  assert.deepEqual(workers[0].actions, ['start', 'draws']);
});

/** Adds a fake worker other than the CPU's, which gets the requests that `takes` accepts and answers them with `run`. */
function addRoute(engine, takes, run) {
  const asked = [];
  const remove = engine.router.add({
    takes,
    async run({ action, args, model, file }) {
      asked.push([action, args.latents?.length ?? args.verb, model, await file?.text()]);
      return run();
    },
  });
  return { asked, remove };
}

function fail() {
  throw new Failure('crash', 'lost');
}

test('another worker gets the requests that its route takes, and the CPU all others', async () => {
  const engine = new Engine();
  const { asked, remove } = addRoute(
    engine,
    ({ options }) => options.device === 'webgpu',
    () => 'GPU',
  );
  const decode = (device) => engine.decode(MODEL, new Float32Array(16), { device });
  assert.equal(await decode('webgpu'), 'GPU');
  assert.deepEqual(asked, [['decode', 16, MODEL, 'weights']]);
  assert.equal(workers.length, 0);
  assert.equal(await decode('auto'), 'decode');
  remove();
  assert.equal(await decode('webgpu'), 'decode');
  assert.deepEqual(workers[0].actions, ['start', 'load', 'decode', 'decode']);
  assert.equal(asked.length, 1);
});

test('the CPU runs a request at which another worker failed, unless the request is a test of that worker', async () => {
  const engine = new Engine();
  const { asked, remove } = addRoute(engine, () => true, fail);
  const took = [];
  const options = { device: 'webgpu', done: (action, _, device) => took.push([action, device]) };
  assert.equal(await engine.decode(MODEL, new Float32Array(16), options), 'decode');
  assert.equal(asked.length, 1);
  assert.deepEqual(took, [['decode', 'CPU']]);
  await assert.rejects(engine.decode(MODEL, new Float32Array(16), { onlyGpu: true }), { kind: 'crash' });
  remove();
  await assert.rejects(engine.decode(MODEL, new Float32Array(16), { onlyGpu: true }), { kind: 'worker' });
  assert.deepEqual(workers[0].actions, ['start', 'load', 'decode']);
});

test('the CPU creates a training run that another worker could not, and gets no other commands of that worker’s runs', async () => {
  const engine = new Engine();
  const { asked } = addRoute(engine, ({ action }) => action === 'train', fail);
  assert.equal(await engine.train({ verb: 'create', run: 1, args: {} }), 'train');
  await assert.rejects(engine.train({ verb: 'end', run: 1 }), { kind: 'crash' });
  assert.equal(await engine.train({ verb: 'end', run: 1 }, undefined, 'cpu'), 'train');
  assert.deepEqual(
    asked.map(([, verb]) => verb),
    ['create', 'end'],
  );
  assert.deepEqual(workers[0].actions, ['start', 'train', 'train']);
});

test('a request fails if no worker can be created, and the next request tries again', async () => {
  const engine = new Engine();
  globalThis.Worker = class {
    constructor() {
      throw new Error('refused');
    }
  };
  await assert.rejects(engine.draws({ seed: 1, stream: 0, count: 1 }), { kind: 'worker' });
  globalThis.Worker = FakeWorker;
  assert.equal(await engine.draws({ seed: 1, stream: 0, count: 1 }), 'draws');
});

test('stopping an idle worker ends its training run with an event, and a returning figure gets a new worker', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const engine = new Engine();
  const lost = [];
  engine.listen((event) => lost.push(event.lost.message));
  engine.acquire();
  await engine.load(MODEL);
  engine.release();
  mock.timers.tick(60_000);
  assert.deepEqual(lost, ['it is no longer needed']);
  assert.ok(workers[0].terminated);
  engine.acquire();
  assert.equal(await engine.decode(MODEL, new Float32Array(16)), 'decode');
  assert.deepEqual(workers[1].actions, ['start', 'load', 'decode']);
  assert.deepEqual(lost.length, 1);
});

/** Advances the clock by a number of pings, with time to answer each. */
async function asked(timers, times) {
  for (let i = 0; i < times; i++) {
    timers.tick(PING);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a worker that has closed itself is replaced, and the request is retried', async ({ mock }) => {
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

test('a worker that answers pings is not replaced, however long its work takes', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  const engine = new Engine();
  late = 'draws';
  engine.draws({ seed: 1, stream: 0, count: 1 }).catch(() => {});
  await asked(mock.timers, 20 * MOST_UNANSWERED);
  assert.equal(workers.length, 1);
  assert.ok(!workers[0].terminated);
});

test('a worker without a pending call gets no ping', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] });
  const engine = new Engine();
  await engine.draws({ seed: 1, stream: 0, count: 1 });
  workers[0].isSilent = true;
  await asked(mock.timers, 3 * MOST_UNANSWERED);
  assert.ok(!workers[0].terminated);
});

test('a model that was forgotten is loaded and self-tested on the GPU again', async () => {
  const adapter = { features: new Set(['timestamp-query']), requestDevice: async () => ({ destroy() {} }) };
  const gpu = { requestAdapter: async () => adapter };
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  const { pageEngine } = await import('../../www/engine/engine.js');
  const { hasPassed, runSelfTest } = await import('../../www/engine/webgpu/self-test.js');
  await import('../../www/engine/webgpu/route.js');
  play = () => new Float32Array(1);
  await runSelfTest(MODEL);
  assert.ok(hasPassed(MODEL));
  const onGpu = workers.find(({ actions }) => actions.includes('values') && !actions.includes('draws'));
  const loads = () => onGpu.actions.filter((action) => action === 'load').length;
  assert.equal(loads(), 1);
  pageEngine.forget(MODEL);
  assert.ok(!hasPassed(MODEL));
  await pageEngine.values(MODEL, new Float32Array(16), { onlyGpu: true });
  assert.equal(loads(), 2);
});
