// WebGPU in the page, on Chromium's software adapter: it computes where it is asked for, and of itself where it is the faster one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { workerWithDevice } from './support/ambush.mjs';
import { add, ARTICLE, eventually } from './support/browser.mjs';
import { draws, gpuVisits, line, reason, says } from './support/webgpu.mjs';

const host = gpuVisits();

test('asked for, it draws the same pictures, and the line under the figure says so', async () => {
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
  assert.deepEqual(host.seen.complaints, []);
});

test('nothing of it is fetched before the first picture, nor where the CPU is asked for', async () => {
  const figure = await host.morph('cpu');
  await says(figure, /^CPU/);
  assert.ok(host.seen.requests.some((request) => request.endsWith('/element/device.js')));
  assert.ok(!host.seen.requests.some((request) => request.includes('/pkg/webgpu/')));
  assert.deepEqual(host.seen.complaints, []);
});

test('by default a figure does not fetch it for a software adapter', async () => {
  const figure = await host.morph('auto');
  await says(figure, /^CPU · .* ms/);
  assert.ok(!host.seen.requests.some((request) => request.includes('/pkg/webgpu/')));
});

test('by default a figure uses the faster device, after both were timed', async () => {
  const figure = await host.morph('auto', {
    before: () => Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false }),
    // A processor that is slower than any GPU.
    worker: [
      () => {
        const late = (event) => {
          if (event.data.action !== 'decode' || self.devices.length > 0 || event.late) return;
          event.stopImmediatePropagation();
          const again = Object.assign(new MessageEvent('message', { data: event.data }), { late: true });
          setTimeout(() => self.dispatchEvent(again), 1000);
        };
        self.addEventListener('message', late);
      },
    ],
  });
  await says(figure, /^WebGPU · .* ms/);
  await draws(figure, 4);
});

test('all figures share one device', async () => {
  const figure = await host.morph('webgpu');
  await says(figure, /^WebGPU/);
  await add(host.seen.page, { ...ARTICLE.map, engine: 'webgpu' });
  const map = await host.seen.figure('map').ready();
  await eventually(async () => {
    await map.set('x', String(Math.random()));
    assert.match(await line(map), /^WebGPU/);
  });
  assert.equal(await (await workerWithDevice(host.seen.page)).evaluate(() => self.devices.length), 1);
});
