// Training runs on WebGPU with the figure's training controller, on Chromium's software adapter: losses are close to the CPU's, and a run
// continues after the loss of the device.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { ambush, armed, workerWithDevice } from './support/ambush.mjs';
import { eventually, openChromiumWithWebGpu, visit } from './support/browser.mjs';
import { FaultyServer } from './support/faulty-server.mjs';

/** The allowed difference between the losses of both devices, after up to a few dozen steps in which rounding errors grow. */
const SHARE = 1e-2;

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
  await seen?.close();
  assert.deepEqual(seen?.complaints, []);
});

/** Opens an empty page with a training controller on it, and starts a run. */
async function start(engine, kind = 'both', ...worker) {
  server.break('/engine/worker.js', armed(ambush, ...worker));
  seen = await visit(browser, { from: new URL('icon.svg', server.address).href });
  await seen.page.evaluate(
    async ({ engine, kind }) => {
      const { pageEngine } = await import('/engine/engine.js');
      const { TrainingController } = await import('/training/page/controller.js');
      const { TrainingPlace } = await import('/engine/webgpu/training.js');
      pageEngine.acquire();
      const run = { devices: [], steps: [], status: null, sharpness: [] };
      globalThis.run = run;
      new TrainingPlace(pageEngine, engine, (device) => run.devices.push(device));
      const controller = new TrainingController(pageEngine, (status) => {
        run.status = status;
        if (status.previews) run.sharpness = status.previews.map((each) => each.sharpness);
        if (status.step !== run.steps[run.steps.length - 1]) run.steps.push(status.step);
      });
      const pixels = Uint8Array.from(
        { length: 40 * 64 },
        (_, i) => (Math.imul(i, 2654435761) >>> 24) & (i & 8 ? 255 : 15),
      );
      const layers = [{ filters: 4, kernel: 3, stride: 2 }];
      const fixed = {
        kind,
        latent: 2,
        layers,
        likelihood: 'bernoulli',
        beta: 1,
        learningRate: 0.01,
        batch: 8,
        seed: 3,
      };
      await controller.begin({
        settings: { ...fixed, pace: 1, awake: true, augment: null, copies: 1 },
        data: { shape: { channels: 1, height: 8, width: 8 }, pixels, labels: null, name: 'made up', isInk: true },
      });
      globalThis.controller = controller;
      await controller.run();
    },
    { engine, kind },
  );
}

const run = () => seen.page.evaluate(() => globalThis.run);

/** Waits until a number of steps are taken. */
function taken(steps) {
  return eventually(async () => {
    const { status } = await run();
    assert.equal(status.phase, 'running', status.problem);
    assert.ok(status.step >= steps, `step ${status.step}`);
  });
}

/** Asserts that each step's losses are close to those of a run on the CPU. */
async function assertLossesOfTheCpu(curve) {
  await seen.close();
  await start('cpu');
  await taken(curve[0].length);
  const right = (await run()).status.curve;
  curve[0].forEach((step, at) => {
    assert.equal(right[0][at], step);
    for (let column = 1; column < curve.length; column++) {
      const [value, expected] = [curve[column][at], right[column][at]];
      const total = right[column - (column % 2 ? 0 : 1)][at];
      assert.ok(Math.abs(value - expected) <= SHARE * total, `step ${step}, column ${column}: ${value}, ${expected}`);
    }
  });
}

test('the losses are close to the CPU’s, and if the device is lost during a step, the CPU continues from the last snapshot', async () => {
  await start('webgpu');
  await taken(5);
  const before = await run();
  assert.deepEqual(before.devices, ['WebGPU']);
  await (await workerWithDevice(seen.page)).evaluate(() => (self.spoiled = 'lost'));
  await eventually(async () => assert.deepEqual((await run()).devices, ['WebGPU', 'CPU']));
  await taken(before.status.step + 20);
  const { status } = await run();
  assert.match(status.problem, /^The GPU failed \(.*\)\. The run continues from step \d+ on the CPU/);
  const last = Number(/step (\d+)/.exec(status.problem)[1]);
  assert.ok(
    before.status.snapshots.every((step) => step <= last),
    `from step ${last}`,
  );
  // There is one row for each step, whichever device took it.
  assert.deepEqual(
    status.curve[0],
    status.curve[0].map((_, at) => at + 1),
  );
  await assertLossesOfTheCpu(status.curve.map((column) => column.slice(0, 30)));
});

test('after NaN losses the CPU continues the run', async () => {
  await start('webgpu', 'autoencoder');
  await taken(3);
  await (await workerWithDevice(seen.page)).evaluate(() => (self.spoiled = NaN));
  await eventually(async () => assert.deepEqual((await run()).devices, ['WebGPU', 'CPU']));
  await taken(20);
});

test('a device whose losses are wrong never gets the run', async () => {
  await start('webgpu', 'autoencoder', () => (self.spoiled = 0.5));
  await taken(3);
  assert.deepEqual((await run()).devices, ['CPU']);
});

test('a run that gets a critic continues on the CPU with the same weights, and stays there', async () => {
  await start('webgpu', 'variational');
  await taken(5);
  assert.deepEqual((await run()).devices, ['WebGPU']);
  // Sharpness is also measured on WebGPU.
  await eventually(async () => {
    const { sharpness } = await run();
    assert.ok(sharpness.length === 1 && sharpness[0] > 0, String(sharpness));
  });
  await seen.page.evaluate(() => globalThis.controller.toggleCritic());
  await eventually(async () => assert.deepEqual((await run()).devices, ['WebGPU', 'CPU']));
  const [added] = (await run()).status.critic;
  await taken(added + 5);
  const { status } = await run();
  assert.deepEqual(
    status.curve[0],
    status.curve[0].map((_, at) => at + 1),
  );
  assert.equal(status.verdicts[0][0], added + 1);
  const [before, after] = [added - 1, added].map((at) => status.curve[1][at]);
  assert.ok(Math.abs(after - before) < 0.3 * before, `${before}, then ${after}`);
  await seen.page.evaluate(() => globalThis.controller.toggleCritic());
  await taken((await run()).status.step + 3);
  assert.deepEqual((await run()).devices, ['WebGPU', 'CPU']);
});
