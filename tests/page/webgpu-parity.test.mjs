// Parity of the WebGPU module and the CPU's, on Chromium's software adapter: two implementations without common arithmetic.

/* global apart, astray, both, labs, load, parameters -- set in the page by the functions below that are sent there */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { address, openChromiumWithWebGpu, PATIENCE } from './support/browser.mjs';

/**
 * f32 has a relative rounding error of 6e-8, in sums of up to a few thousand terms and over a dozen layers. A GPU may round exponentials
 * and divisions by a few units more (WGSL allows 3 + 2 |x| for exp). Relative to the largest value compared.
 */
const FORWARD = 1e-4;

/** The same tolerance for a loss, a sum of thousands of such values. */
const LOSS = 1e-5;

/**
 * Adam divides by the magnitude of the gradient, so a weight whose gradient is only rounding error can move in either direction. There are
 * few such weights. Relative to the distance that all weights have moved.
 */
const STEPS = 1e-2;

const small = {
  image: { channels: 1, height: 12, width: 10 },
  layers: [
    { filters: 6, kernel: 3, stride: 2 },
    { filters: 8, kernel: 5, stride: 1 },
  ],
  latent: 5,
  kind: 'variational',
  likelihood: 'bernoulli',
};

/** Both likelihoods, both kinds, gray and color, all kernels and strides. */
const networks = {
  'variational, Bernoulli': small,
  'variational, Gaussian, in color': { ...small, image: { channels: 3, height: 9, width: 12 }, likelihood: 'gaussian' },
  'autoencoder, Gaussian': { ...small, kind: 'autoencoder', likelihood: 'gaussian' },
};

let browser;
let page;
before(async () => {
  browser = await openChromiumWithWebGpu();
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(new URL('icon.svg', address).href);
  await page.evaluate(prepare);
});
after(() => browser?.close());

/** In the page: loads both modules, and defines functions that compare them. */
async function prepare() {
  const labs = {};
  // Of the CPU's modules, this one can also train and save.
  for (const name of ['training', 'webgpu']) {
    labs[name] = await import(`/pkg/${name}/latent_lab.js`);
    await labs[name].default({ module_or_path: `/pkg/${name}/latent_lab_bg.wasm` });
  }
  const file = new Uint8Array(await (await fetch('/models/digits.safetensors')).arrayBuffer());
  const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const minus = (a, b) => a.map((value, i) => value - b[i]);
  const length = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  Object.assign(globalThis, {
    labs,
    /** Runs the same function with both modules: [cpu, webgpu]. */
    both: async (work) => [await work(labs.training), await work(labs.webgpu)],
    load: (lab) => lab.Model.load(file),
    /** The largest difference relative to the largest value; NaN if the lengths differ. */
    apart: ([a, b]) => (a.length === b.length ? largest(minus(a, b)) / largest(a) : NaN),
    /** The distance between both results, relative to the distance from the start. */
    astray: (start, [a, b]) => length(minus(a, b)) / length(minus(a, start)),
    /** The parameters in a model file. */
    parameters: (bytes) => {
      const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      return new Float32Array(bytes.buffer.slice(8 + header));
    },
  });
}

test('the module names its engine and refuses another', async () => {
  const told = await page.evaluate(async () => {
    const { instructions } = await load(labs.webgpu);
    const refusal = await labs.webgpu.Model.load(new Uint8Array(8), 'cpu').catch((error) => error.message);
    return { instructions, refusal };
  });
  assert.equal(told.instructions, 'WGSL');
  assert.match(told.refusal, /this module has the engine webgpu, got "cpu"/);
});

test('one and many pictures of the shipped digits are decoded alike', async () => {
  for (const count of [1, 40]) {
    const off = await page.evaluate(async (count) => {
      const codes = labs.training.normalDraws(11, 0, count * 16);
      return apart(await both(async (lab) => (await load(lab)).decode(codes)));
    }, count);
    assert.ok(off < FORWARD, `${count}: ${off}`);
  }
});

test('pictures of the shipped digits are encoded alike', async () => {
  const [mean, logVar] = await page.evaluate(async () => {
    const pixels = await (await load(labs.training)).decode(labs.training.normalDraws(12, 0, 5 * 16));
    const codes = await both(async (lab) => (await load(lab)).encode(pixels));
    return [apart(codes.map(({ mean }) => mean)), apart(codes.map(({ logVar }) => logVar))];
  });
  assert.ok(mean < FORWARD && logVar < FORWARD, `${mean}, ${logVar}`);
});

test('weights saved from the GPU equal those saved from the CPU', async () => {
  const same = await page.evaluate(async () => {
    const [cpu, gpu] = await both(async (lab) => (await load(lab)).save('i8'));
    return cpu.length === gpu.length && cpu.every((byte, i) => byte === gpu[i]);
  });
  assert.ok(same);
});

describe('four steps of training', () => {
  for (const [name, config] of Object.entries(networks)) {
    test(name, async () => {
      const { losses, off } = await page.evaluate(async (config) => {
        const { channels, height, width } = config.image;
        const images = new Uint8Array(20 * channels * height * width);
        images.forEach((_, i) => (images[i] = Math.imul(i, 2654435761) >>> 24));
        let start;
        const ends = await both(async (lab) => {
          const trainer = await lab.Trainer.create(config, { seed: 4, batch: 8 });
          const weights = async () => parameters(await (await trainer.model()).save('f32'));
          start = await weights();
          trainer.setImages(images);
          const losses = [];
          for (let step = 0; step < 4; step++) {
            losses.push(await trainer.step({ batch: 8, beta: 0.5, learningRate: 0.002 }));
          }
          return { losses, weights: await weights() };
        });
        return {
          losses: ends.map((end) => end.losses),
          off: astray(
            start,
            ends.map((end) => end.weights),
          ),
        };
      }, config);
      const [cpu, gpu] = losses;
      cpu.forEach((parts, step) => {
        for (const [part, value] of Object.entries(parts)) {
          const distance = Math.abs(gpu[step][part] - value);
          assert.ok(distance <= LOSS * Math.abs(parts.total), `step ${step}, ${part}: ${value}, ${gpu[step][part]}`);
        }
        assert.equal(parts.kl > 0, config.kind === 'variational');
      });
      assert.ok(off < STEPS, `weights differ by ${off} of the distance that they moved`);
    });
  }
});

test('an overlapping call is refused with an Error, and the first call is answered', async () => {
  const { answered, refusal, after } = await page.evaluate(async () => {
    const model = await load(labs.webgpu);
    const codes = labs.training.normalDraws(13, 0, 16);
    const first = model.decode(codes);
    const refusal = await model.decode(codes).catch((error) => (error instanceof Error ? error.message : 'no Error'));
    return { refusal, answered: (await first).length, after: (await model.decode(codes)).length };
  });
  assert.match(refusal, /must not overlap/);
  assert.equal(answered, 784);
  assert.equal(after, 784);
});

test('the loss of the device ends a training step with an Error', async () => {
  const refusal = await page.evaluate(async (config) => {
    const real = GPUAdapter.prototype.requestDevice;
    const devices = [];
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await real.apply(this, args);
      devices.push(device);
      return device;
    };
    // A separate instance, since the one of the other tests already has its device.
    const lab = await import('/pkg/webgpu/latent_lab.js?lost');
    await lab.default({ module_or_path: '/pkg/webgpu/latent_lab_bg.wasm' });
    const trainer = await lab.Trainer.create(config, { seed: 1, batch: 4 });
    trainer.setImages(new Uint8Array(4 * 120).fill(90));
    await trainer.step({ batch: 4, beta: 1, learningRate: 0.001 });
    const step = trainer.step({ batch: 4, beta: 1, learningRate: 0.001 });
    devices.forEach((device) => device.destroy());
    return step.then(
      () => 'no refusal',
      (error) => (error instanceof Error ? error.message : `no Error: ${error}`),
    );
  }, small);
  assert.match(refusal, /device|unreachable/);
});
