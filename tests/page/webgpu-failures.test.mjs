// After any failure of WebGPU the CPU draws the same picture, nothing is logged, and the reader can read the reason.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { workerWithDevice } from './support/ambush.mjs';
import { eventually } from './support/browser.mjs';
import { hurry, skippable } from './support/clock.mjs';
import { assertQuiet, draws, gpuVisits, line, reason, says } from './support/webgpu.mjs';

const host = gpuVisits();

/** Combines two scripts into one for a visit. */
const both = (first, second) => `(${first})(); (${second})();`;

describe('the CPU draws, and the figure says why,', () => {
  /** @type {Record<string, {why: RegExp, before?: string | (() => void), worker?: (() => void)[], gone?: string}>} */
  const cases = {
    'without navigator.gpu': {
      before: () => delete Navigator.prototype.gpu,
      why: /this browser has no WebGPU/,
    },
    'without an adapter': {
      before: () => (GPU.prototype.requestAdapter = async () => null),
      why: /no graphics processor/,
    },
    'when the request for an adapter fails': {
      before: () => (GPU.prototype.requestAdapter = () => Promise.reject(new Error('no'))),
      why: /no graphics processor/,
    },
    'when the request for an adapter is never answered': {
      before: both(hurry, () => (GPU.prototype.requestAdapter = () => new Promise(() => {}))),
      why: /did not answer/,
    },
    'when the request for a device is never answered': {
      before: both(hurry, () => (GPUAdapter.prototype.requestDevice = () => new Promise(() => {}))),
      why: /did not answer/,
    },
    'without a required feature': {
      before: () => (GPUSupportedFeatures.prototype.has = () => false),
      why: /timestamp-query/,
    },
    'when the device is refused': {
      worker: [() => (GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('refused')))],
      why: /no GPU can be used/,
    },
    'when its glue is missing': { gone: 'webgpu/latent_lab.js', why: /could not be loaded/ },
    'when its binary is missing': { gone: 'webgpu/latent_lab_bg.wasm', why: /could not be loaded/ },
    'when a shader does not compile': {
      worker: [() => (self.spoiled = 'shader')],
      why: /not used: its code stopped: \w/,
    },
    'when the results are NaN': { worker: [() => (self.spoiled = NaN)], why: /finite/ },
    'when the results are wrong': { worker: [() => (self.spoiled = 0.25)], why: /its pictures are wrong/ },
    'when the device is lost immediately': { worker: [() => (self.spoiled = 'lost')], why: /: .*device/ },
  };
  for (const [what, { why, gone, ...options }] of Object.entries(cases)) {
    test(what, async () => {
      if (gone) {
        host.server.break(gone, () => ({
          status: 404,
          headers: { 'content-type': 'text/html' },
          body: '<h1>404</h1>',
        }));
      }
      const figure = await host.morph('webgpu', options);
      await says(figure, /^CPU · WebGPU is not used · .* ms/);
      await draws(figure, 6);
      const read = await reason(figure);
      let stop = 0;
      // Another reason may be shown first, for example while the self-test of one figure ends that of another. The last one stays.
      await eventually(async () => {
        await figure.set('t', String((stop = (stop + 1) % 10) / 10));
        assert.match(await read(), why);
      });
      assertQuiet(host.seen);
    });
  }
});

test('after each loss of its device the CPU draws the requested picture, and later a new device takes over', async () => {
  const figure = await host.morph('webgpu', { before: skippable });
  const { page } = host.seen;
  await says(figure, /^WebGPU/);
  const losses = [
    async (worker) => worker.evaluate(() => self.devices.forEach((device) => device.destroy())),
    async (worker) => worker.evaluate(() => (self.spoiled = 'lost')),
    // The device is lost while another tab is in front.
    async (worker) => {
      const other = await page.browserContext().newPage();
      await other.goto('about:blank');
      await other.bringToFront();
      await worker.evaluate(() => self.devices.forEach((device) => device.destroy()));
      await page.bringToFront();
    },
  ];
  for (const lose of losses) {
    await lose(await workerWithDevice(page));
    await draws(figure, 10);
    await eventually(async () => assert.match(await line(figure), /^CPU · WebGPU is not used/));
    assertQuiet(host.seen);
    await page.evaluate(() => globalThis.skip(5_000));
    await says(figure, /^WebGPU/);
    await draws(figure, 9);
    assertQuiet(host.seen);
  }
});
