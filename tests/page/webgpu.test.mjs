// WebGPU in the page, on Chromium's software adapter: it is used on request, or by default if it is faster.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { workerWithDevice } from './support/ambush.mjs';
import { add, ARTICLE, eventually } from './support/browser.mjs';
import { draws, gpuVisits, line, reason, says } from './support/webgpu.mjs';

const host = gpuVisits();

test('on request, WebGPU draws the same pictures, on one device for all figures, and the line under each says so', async () => {
  const figure = await host.morph('webgpu');
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
  await add(host.seen.page, { ...ARTICLE.map, engine: 'webgpu' });
  const map = await host.seen.figure('map').ready();
  await eventually(async () => {
    await map.set('x', String(Math.random()));
    assert.match(await line(map), /^WebGPU/);
  });
  const worker = await workerWithDevice(host.seen.page);
  assert.equal(await worker.evaluate(() => self.devices.length), 1, 'figures share a device');
  assert.deepEqual(host.seen.complaints, []);
});

/** Requests for the WebGPU module. The server knows them all; the browser reports those of its workers only by luck. */
const moduleRequests = () => host.server.requests.filter((path) => path.startsWith('/pkg/webgpu/'));

test('the WebGPU module is fetched after the first picture, not before', async () => {
  const model = '/models/digits.safetensors';
  let release;
  const isReleased = new Promise((resolve) => (release = resolve));
  host.server.break(model, async (answer) => {
    await isReleased;
    return answer;
  });
  const figure = await host.open('webgpu');
  await eventually(() => assert.ok(host.server.requests.includes(model)));
  // Long enough for a module that is fetched without the model.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert.deepEqual(moduleRequests(), []);
  assert.equal(await figure.status(), 'loading');
  release();
  await figure.ready();
  await eventually(() => assert.notDeepEqual(moduleRequests(), []));
});

test('the WebGPU module is not fetched if the CPU is requested', async () => {
  const figure = await host.morph('cpu');
  await says(figure, /^CPU/);
  assert.ok(host.server.requests.includes('/element/device.js'));
  assert.deepEqual(moduleRequests(), []);
  assert.deepEqual(host.seen.complaints, []);
});

test('by default the WebGPU module is not fetched for a software adapter', async () => {
  const figure = await host.morph('auto');
  await says(figure, /^CPU · .* ms/);
  // The adapter was probed, which is when the module would be fetched.
  await figure.click('device');
  const device = await figure.part('device');
  const details = () => device.evaluate((node) => node.parentElement.textContent);
  await eventually(async () => assert.match(await details(), /software that runs on the processor/));
  assert.deepEqual(moduleRequests(), []);
});

test('by default a figure uses the faster device, once both are timed', async () => {
  const figure = await host.morph('auto', {
    before: () => {
      Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
      // A processor slower than any GPU: the page's clock advances by a minute with each of its decodes.
      const now = performance.now.bind(performance);
      let passed = 0;
      performance.now = () => now() + passed;
      const { postMessage } = Worker.prototype;
      let processor;
      Worker.prototype.postMessage = function (message, ...rest) {
        processor ??= this;
        if (this === processor && message.action === 'decode') passed += 60_000;
        postMessage.call(this, message, ...rest);
      };
    },
  });
  await says(figure, /^WebGPU · .* ms/);
  await draws(figure, 4);
});
