// WebGPU in the page, on Chromium's software adapter: it computes where it is asked for, and whatever goes wrong with it
// ends on the CPU with the same picture, no complaint, and a reason for the reader.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { eventually, openChromiumWithWebGpu, visit } from './support/browser.mjs';
import { ambush, armed, workerWithDevice } from './support/ambush.mjs';
import { FaultyServer } from './support/faulty-server.mjs';
import { assertShows, STORED } from './support/golden.mjs';

let browser;
let server;
let seen;
before(async () => {
  browser = await openChromiumWithWebGpu();
  server = await FaultyServer.start();
});
after(async () => {
  await browser?.close();
  server?.stop();
});
afterEach(async () => {
  server.heal();
  await seen?.close();
});

/** What the browser itself says about a request that failed; no page can keep it from that. */
const NETWORK = /^Failed to load resource: /;

/** Visits with the engine asked for, and waits for the figure's first picture, which the CPU draws. */
async function morph(engine, { before: script, worker = [] } = {}) {
  server.break('/worker.js', armed(ambush, ...worker));
  seen = await visit(browser, { from: `${server.address}?engine=${engine}`, before: script });
  const figure = await seen.figure('morph').ready();
  assertShows(await figure.picture(), STORED);
  return figure;
}

/** The line under a figure. */
const line = async (figure) => (await figure.part('device')).evaluate((node) => node.textContent);

/** Asks for other pictures until the line says what is expected. */
async function says(figure, expected) {
  let stop = 0;
  await eventually(async () => {
    await figure.set('t', String((stop = (stop + 1) % 10) / 10));
    assert.match(await line(figure), expected);
  });
}

/** Opens the line; the answer reads why WebGPU is not used. */
async function reason(figure) {
  await figure.click('device');
  return async () => (await figure.part('device')).evaluate((node) => node.parentElement.querySelector('dd').textContent);
}

/** A picture asked for now is the native decoder's, whoever drew it. */
async function draws(figure, stop) {
  await figure.set('t', String(stop / 10));
  await eventually(async () => assertShows(await figure.picture(), STORED + stop));
}

/** Nothing was rejected unseen, and the browser wrote one line at most. */
function assertQuiet() {
  const worst = seen.complaints.filter((complaint) => !NETWORK.test(complaint));
  assert.ok(worst.length <= 1, worst.join('\n'));
  assert.ok(!worst.some((complaint) => complaint.startsWith('uncaught')), worst.join('\n'));
}

test('asked for, it draws the same pictures, and the line under the figure says so', async () => {
  const figure = await morph('webgpu');
  await says(figure, /^WebGPU · .* ms/);
  await draws(figure, 7);
  assert.match(await line(figure), /^WebGPU/);
  const cleanly = await (await reason(figure))();
  assert.doesNotMatch(cleanly, /not used/);
  const test = await figure.part('device');
  await eventually(async () => {
    const words = await test.evaluate((node) => node.parentElement.querySelector('[role=status]').textContent);
    assert.match(words, /16 pictures: CPU .* ms, WebGPU .* ms; no pixel differs by more than \de[-\u2212]\d/);
  });
  assert.deepEqual(seen.complaints, []);
});

test('nothing of it is fetched before the first picture, nor where the CPU is asked for', async () => {
  const figure = await morph('cpu');
  await says(figure, /^CPU/);
  assert.ok(seen.requests.some((request) => request.endsWith('/figure-device.js')));
  assert.ok(!seen.requests.some((request) => request.includes('/pkg/webgpu/')));
  assert.deepEqual(seen.complaints, []);
});

test('of itself a figure does not fetch it for an adapter that is software', async () => {
  const figure = await morph('auto');
  await says(figure, /^CPU · .* ms/);
  assert.ok(!seen.requests.some((request) => request.includes('/pkg/webgpu/')));
});

test('of itself a figure takes the faster one, after both were timed', async () => {
  const figure = await morph('auto', {
    before: () => Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false }),
    // A processor that is slower than any GPU.
    worker: [
      () => {
        const late = (event) => {
          if (event.data.action !== 'decode' || self.devices.length > 0 || event.late) return;
          event.stopImmediatePropagation();
          const again = Object.assign(new MessageEvent('message', { data: event.data }), { late: true });
          setTimeout(() => self.dispatchEvent(again), 2000);
        };
        self.addEventListener('message', late);
      },
    ],
  });
  await says(figure, /^WebGPU · .* ms/);
  await draws(figure, 4);
});

test('all figures share one device', async () => {
  const figure = await morph('webgpu');
  await says(figure, /^WebGPU/);
  const map = await seen.figure('map').ready();
  await eventually(async () => {
    await map.set('x', String(Math.random()));
    assert.match(await line(map), /^WebGPU/);
  });
  assert.equal(await (await workerWithDevice(seen.page)).evaluate(() => self.devices.length), 1);
});

describe('the CPU draws and the reader is told why', () => {
  /** @type {Record<string, {why: RegExp, before?: () => void, worker?: (() => void)[], gone?: string, within?: number}>} */
  const cases = {
    'without navigator.gpu': {
      before: () => delete Navigator.prototype.gpu,
      why: /this browser has none/,
    },
    'without an adapter': {
      before: () => (GPU.prototype.requestAdapter = async () => null),
      why: /no graphics processor/,
    },
    'when asking for an adapter fails': {
      before: () => (GPU.prototype.requestAdapter = () => Promise.reject(new Error('no'))),
      why: /no graphics processor/,
    },
    'when an adapter never comes': {
      before: () => (GPU.prototype.requestAdapter = () => new Promise(() => {})),
      why: /did not answer/,
      within: 20_000,
    },
    'when a device never comes': {
      before: () => (GPUAdapter.prototype.requestDevice = () => new Promise(() => {})),
      why: /did not answer/,
      within: 20_000,
    },
    'without a feature that is needed': {
      before: () => (GPUSupportedFeatures.prototype.has = () => false),
      why: /timestamp-query/,
    },
    'when the device is refused': {
      worker: [() => (GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('refused')))],
      why: /no GPU can be used/,
    },
    'when its glue is not there': { gone: 'webgpu/latent_lab.js', why: /could not be loaded/ },
    'when its module is not there': { gone: 'webgpu/latent_lab_bg.wasm', why: /could not be loaded/ },
    'when a shader is refused': { worker: [() => (self.spoiled = 'shader')], why: /./ },
    'when the results are no numbers': { worker: [() => (self.spoiled = NaN)], why: /finite/ },
    'when the results are wrong': { worker: [() => (self.spoiled = 0.25)], why: /its pictures are wrong/ },
    'when the device is lost at once': { worker: [() => (self.spoiled = 'lost')], why: /./ },
  };
  for (const [what, { why, gone, within = Infinity, ...options }] of Object.entries(cases)) {
    test(what, async () => {
      if (gone) server.break(gone, () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' }));
      const figure = await morph('webgpu', options);
      const start = performance.now();
      await says(figure, /^CPU · WebGPU is not used · .* ms/);
      assert.ok(performance.now() - start < within, 'the reader is told soon');
      await draws(figure, 6);
      const read = await reason(figure);
      let stop = 0;
      // Another reason may come first, as when one figure's test ends another's; the lasting one stays.
      await eventually(async () => {
        await figure.set('t', String((stop = (stop + 1) % 10) / 10));
        assert.match(await read(), why);
      });
      assertQuiet();
    });
  }
});

describe('a device that is lost', () => {
  /** How it is lost, in the worker. */
  const ways = {
    'while idle': () => self.devices.forEach((device) => device.destroy()),
    'in a decode': () => (self.spoiled = 'lost'),
  };
  for (const [when, lose] of Object.entries(ways)) {
    test(`${when}: the CPU draws the picture that was asked for, and later a new device goes on`, async () => {
      const figure = await morph('webgpu');
      await says(figure, /^WebGPU/);
      await (await workerWithDevice(seen.page)).evaluate(lose);
      await draws(figure, 10);
      await eventually(async () => assert.match(await line(figure), /^CPU · WebGPU is not used/));
      assertQuiet();
      await says(figure, /^WebGPU/);
      await draws(figure, 9);
      assertQuiet();
    });
  }
});

test('a page that was in the background goes on where it was', async () => {
  const figure = await morph('webgpu');
  await says(figure, /^WebGPU/);
  const other = await seen.page.browserContext().newPage();
  await other.goto('about:blank');
  await other.bringToFront();
  await (await workerWithDevice(seen.page)).evaluate(() => self.devices.forEach((device) => device.destroy()));
  await seen.page.bringToFront();
  await draws(figure, 10);
  await says(figure, /^WebGPU/);
  assertQuiet();
});
