// Parts of training that need no browser: plans, histories, curves, half precision, and dataset files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { epochOf, isOn, toggleCritic } from '../../www/training/critic.js';
import { Curve, smoothed } from '../../www/training/page/curve.js';
import { dimensions } from '../../www/training/input/dimensions.js';
import { floatOf, fromHalves, halfOf, toHalves } from '../../www/training/halves.js';
import { evenFrames, evenly, History } from '../../www/training/page/history.js';
import { readIdx } from '../../www/training/input/idx.js';
import { presetFor, readRunConfig, writeRunConfig } from '../../www/training/page/run-config.js';
import { defaults, presets } from '../../www/training/page/settings.js';
import { idx } from './support/training.mjs';

const base = { settings: defaults(), shape: { channels: 1, height: 28, width: 28 } };

/** The base of a figure without a prepared lesson. */
const free = { ...base, preset: 'quick' };

test('a plan names only settings that differ, and reading it restores them', () => {
  assert.equal(writeRunConfig(base, base), '');
  const text =
    'kind: variational; latent: 8; layers: 16 3 2, 32 5 1, 64 3 2; loss: gaussian; beta: 0.25; rate: 0.003; fall: 1234; batch: 32; seed: 9; pace: 0.5; ' +
    'augment: flip, rotate 10, zoom 0.1; copies: 20; side: 32; colors: rgb';
  const { settings, shape, wrong } = readRunConfig(text, base);
  assert.deepEqual(wrong, []);
  assert.deepEqual(settings, {
    ...defaults(),
    ...{
      kind: 'variational',
      latent: 8,
      likelihood: 'gaussian',
      beta: 0.25,
      learningRate: 0.003,
      fall: 1234,
      batch: 32,
      seed: 9,
      pace: 0.5,
      copies: 20,
    },
    layers: [
      [16, 3, 2],
      [32, 5, 1],
      [64, 3, 2],
    ].map(([filters, kernel, stride]) => ({ filters, kernel, stride })),
    augment: { flip: true, rotate: 10, shift: 0, zoom: 0.1 },
  });
  assert.deepEqual(shape, { channels: 3, height: 32, width: 32 });
  assert.equal(writeRunConfig({ settings, shape }, base), text);
  assert.equal(
    writeRunConfig(
      { settings: { ...defaults(), augment: { flip: false, rotate: 0, shift: 0, zoom: 0 } }, shape: base.shape },
      base,
    ),
    'augment: rotate 0',
  );
});

test('invalid parts of a plan are reported and ignored, and the others apply', () => {
  const bad = [
    'kind: best',
    'latent: 1',
    'latent: 2.5',
    'latent:',
    'layers: 8 3 2',
    'layers: 8 4 2, 8 3 2, 8 3 2',
    'layers: 8 3 2, 8 3 2, 8 3 2 1',
    'beta: -1',
    'rate: 1',
    'fall: -1',
    'fall: 2.5',
    'fall: 1e7',
    'batch: 1e9',
    'seed: -1',
    'augment: spin 3',
    'augment: rotate',
    'augment: shift 2',
    'augment: constructor 1',
    'side: 4',
    'colors: blue',
    'constructor: 1',
    '__proto__: 1',
    'latent',
    '<b>: 1',
  ];
  const { settings, shape, wrong } = readRunConfig(`${bad.join(';')}; seed: 4`, base);
  assert.deepEqual(wrong, bad);
  assert.deepEqual({ settings, shape }, { settings: { ...defaults(), seed: 4 }, shape: base.shape });
});

test('the settings of a link from before presets are those of its time', () => {
  const { settings, shape, wrong } = readRunConfig('kind: variational; latent: 8', free);
  assert.deepEqual(wrong, []);
  assert.deepEqual(settings, {
    ...{
      kind: 'variational',
      latent: 8,
      likelihood: 'bernoulli',
      beta: 1,
      learningRate: 0.001,
      fall: 0,
      batch: 64,
      seed: 1,
      pace: 1,
      threads: 0,
      critic: 0,
      awake: false,
      augment: null,
      copies: 10,
      held: 0,
    },
    layers: [
      [32, 3, 2],
      [64, 3, 2],
      [128, 3, 2],
    ].map(([filters, kernel, stride]) => ({ filters, kernel, stride })),
  });
  assert.deepEqual(shape, free.shape);
  const prepared = { ...base, settings: { ...presets.article(), latent: 4, beta: 8 } };
  assert.deepEqual(
    readRunConfig('latent: 3', prepared).settings,
    { ...presets.article(), latent: 3, beta: 8 },
    'a prepared figure keeps its other prepared settings',
  );
});

test('an old link with a learning rate keeps it constant, and a new one states how it falls', () => {
  const read = (text) => readRunConfig(text, free).settings;
  assert.deepEqual(read('preset: quick; rate: 0.004'), { ...presets.quick(), learningRate: 0.004, fall: 0 });
  assert.equal(read('preset: quick; latent: 8').fall, presets.quick().fall);
  for (const text of ['preset: quick; fall: 700; rate: 0.004', 'preset: quick; rate: 0.004; fall: 700']) {
    assert.deepEqual(read(text), { ...presets.quick(), learningRate: 0.004, fall: 700 });
  }
  for (const fall of [0, 700, presets.quick().fall]) {
    const settings = { ...presets.quick(), learningRate: 0.004, fall };
    assert.deepEqual(read(writeRunConfig({ settings, shape: free.shape }, free)), settings);
  }
});

test('a plan can name its preset in any position, and an empty plan means the first preset', () => {
  assert.deepEqual(readRunConfig('', free), { settings: presets.quick(), shape: free.shape, wrong: [] });
  for (const name of ['quick', 'plane', 'article']) {
    const { settings, wrong } = readRunConfig(`latent: 7; preset: ${name}; seed: 3`, free);
    assert.deepEqual({ settings, wrong }, { settings: { ...presets[name](), latent: 7, seed: 3 }, wrong: [] });
  }
  assert.deepEqual(readRunConfig('preset: slow; latent: 7', free).wrong, ['preset: slow']);
  assert.deepEqual(readRunConfig('preset: constructor', free).wrong, ['preset: constructor']);
});

test('a plan is written as the nearest preset and its changes', () => {
  const written = (settings) => writeRunConfig({ settings, shape: free.shape }, free);
  assert.equal(written(presets.quick()), '');
  assert.equal(written({ ...presets.quick(), latent: 8 }), 'preset: quick; latent: 8');
  assert.equal(written(presets.article()), 'preset: article');
  assert.equal(written({ ...presets.plane(), seed: 5 }), 'preset: plane; seed: 5');
  for (const name of Object.keys(presets)) {
    const settings = { ...presets[name](), kind: 'autoencoder', copies: 4 };
    assert.deepEqual(readRunConfig(written(settings), free).settings, settings);
    assert.equal(presetFor(presets[name]()), name);
  }
  assert.equal(presetFor({ ...presets.quick(), batch: 17 }), null);
});

test('a curve is smoothed without lag at its steep beginning, and earlier values do not change later', () => {
  const noisy = Array.from({ length: 500 }, (_, i) => 100 + 400 / (1 + i) + (i % 2 ? 10 : -10));
  const line = smoothed(noisy);
  assert.equal(line.length, 500);
  assert.equal(line[0], noisy[0]);
  const jumps = (values) => values.slice(200).reduce((sum, value, i) => sum + Math.abs(value - values[199 + i]), 0);
  assert.ok(jumps(line) < 0.1 * jumps(noisy), `${jumps(line)} of ${jumps(noisy)}`);
  assert.ok(line[20] < 160, 'twenty steps after a loss of 490');
  assert.deepEqual(smoothed(noisy.slice(0, 300)), line.slice(0, 300));
  assert.deepEqual(smoothed([]), []);
});

test('every half-precision number survives conversion to f32 and back, and f32 is rounded to the nearest, ties to even', () => {
  for (let half = 0; half < 0x7c00; half++) {
    assert.equal(halfOf(floatOf(half)), half);
    assert.equal(halfOf(-floatOf(half)), half | 0x8000);
    const next = Math.min(half + 1, 0x7bff);
    const middle = (floatOf(half) + floatOf(next)) / 2;
    assert.equal(halfOf(middle), half % 2 === 0 ? half : next, `between ${half} and ${next}`);
  }
  assert.equal(halfOf(1e30), 0x7bff, 'larger values become the largest half-precision number');
});

test('a state in half precision keeps three digits, and no second moment becomes zero', () => {
  const state = Float32Array.of(0.1, -3, 1e-3, -2e-4, 1e-9, 4e-16);
  const back = fromHalves(toHalves(state));
  [0.1, -3, 1e-3, -2e-4].forEach((value, i) => assert.ok(Math.abs(back[i] / value - 1) < 1e-3));
  assert.ok(Math.abs(back[4] / 1e-9 - 1) < 1e-2);
  assert.ok(back[5] > 0 && back[5] < 1e-14);
});

/** A snapshot of one network with a number of parameters. */
const snapshot = (step, parameters = 100) => ({ step, states: [new Float32Array(3 * parameters).fill(step)] });

test('a history stays within its budget, keeps its ends, and is finer in the recent past', () => {
  const budget = 30 * 600;
  const history = new History({ budget });
  for (let step = 0; step <= 1000; step += 2) history.add(snapshot(step));
  assert.ok(history.bytes <= budget, `${history.bytes}`);
  const { steps } = history;
  assert.ok(steps.length >= 20);
  assert.deepEqual([steps[0], steps.at(-1)], [0, 1000]);
  const gaps = steps.slice(1).map((step, i) => step - steps[i]);
  assert.ok(gaps[0] > 4 * gaps.at(-1), `${gaps}`);
  assert.ok(history.isExact(steps.length - 1) && history.isExact(steps.length - 3) && !history.isExact(0));
  assert.equal(history.at(steps.length - 1).states[0][7], 1000);
});

test('an animation of a run has at least 24 frames at even intervals, for any length of run and size of networks', () => {
  // The budget is enough for 40 snapshots with the largest preset, and for 150 with the others.
  for (const most of [40, 150]) {
    for (const seconds of [30, 300, 3000]) {
      const history = new History({ budget: most * 600 });
      for (let at = 0; at < seconds; at += Math.min(1.5, Math.max(0.25, at / 40))) {
        history.add(snapshot(Math.round(at * 20)));
      }
      const { steps } = history;
      assert.ok(
        evenFrames(steps, 60) >= 24,
        `${evenFrames(steps, 60)} of ${steps.length} snapshots after ${seconds} s`,
      );
      const frames = evenly(steps, 24).map((index) => steps[index]);
      assert.equal(frames.length, 24);
      const interval = steps.at(-1) / 23;
      frames.forEach((step, i) => assert.ok(Math.abs(step - i * interval) < 0.6 * interval, `frame ${i} of ${frames}`));
    }
  }
});

test('an animation of few snapshots has each of them once', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => evenFrames([0, 5, 9].slice(0, count + 1), 60)),
    [1, 2, 3],
  );
  assert.deepEqual(evenly([0, 1, 2, 3], 4), [0, 1, 2, 3]);
  assert.deepEqual(evenly([0, 90, 95, 100], 3), [0, 1, 3]);
});

test('a history can be cut after a step, and adding a step again adds no snapshot', () => {
  const history = new History();
  for (const step of [0, 5, 10, 15]) history.add(snapshot(step));
  history.cut(10);
  assert.deepEqual(history.steps, [0, 5, 10]);
  history.add(snapshot(10));
  assert.deepEqual(history.steps, [0, 5, 10]);
  const again = new History({ snapshots: structuredClone(history.snapshots) });
  assert.deepEqual(again.steps, [0, 5, 10]);
});

test('a curve has a limited and even resolution, and can be cut after a step', () => {
  const loss = (step) => 100 + 900 / step;
  const curve = new Curve(1);
  for (let step = 1; step <= 50_000; step++) curve.add(Float64Array.of(step, loss(step), 5));
  assert.ok(curve.length <= 6_000 && curve.length > 2_000);
  const [steps, losses] = curve.columns;
  assert.equal(steps.at(-1), 50_000);
  assert.equal(curve.span, 16);
  steps.forEach((step, i) => {
    const first = 16 * i + 1;
    assert.equal(step, Math.min(first + 15, 50_000));
    assert.ok(losses[i] <= loss(first) && losses[i] >= loss(step), `${i}`);
  });
  curve.cut(20_000);
  assert.ok(curve.columns[0].every((step) => step <= 20_000));
  const again = new Curve(1, curve.span);
  again.restore(curve.rows);
  assert.deepEqual(again.columns, curve.columns);
});

test('an IDX file, compressed or not, is read only as far as needed, and its header is not trusted', async () => {
  const file = idx(50, 9);
  for (const bytes of [file, gzipSync(file)]) {
    const { sides, values } = await readIdx(new Blob([bytes]), 20);
    assert.deepEqual(sides, [50, 9, 9]);
    assert.deepEqual(Buffer.from(values), file.subarray(16, 16 + 20 * 81));
  }
  const liar = Buffer.from(file);
  liar.writeUInt32BE(0xffff_ffff, 4);
  await assert.rejects(readIdx(new Blob([liar]), 20_000), /cut off/);
  liar.writeUInt32BE(0xffff_ffff, 8);
  await assert.rejects(readIdx(new Blob([liar]), 20_000), /would have/);
  await assert.rejects(readIdx(new Blob([Buffer.from('PNG and so on')]), 10), /not an IDX file/);
});

test('the size of a picture is read from its header', () => {
  const size = (hex) => dimensions(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
  assert.deepEqual(size('89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 08'), { width: 640, height: 480 });
  assert.deepEqual(size('474946383961 8002 e001 00'), { width: 640, height: 480 });
  assert.deepEqual(size('ffd8 ffe0 0004 0000 ffc0 0011 08 01e0 0280 03'), { width: 640, height: 480 });
  assert.equal(size('3c737667'), null);
});

test('a large snapshot is converted to half precision in parts, with pauses for the page', async () => {
  const parameters = 200_000;
  const history = new History();
  const large = { step: 0, states: [Float32Array.from({ length: 3 * parameters }, (_, i) => (i % 97) / 97)] };
  const expected = toHalves(large.states[0]);
  for (let step = 0; step < 4; step++) history.add(step === 0 ? large : snapshot(step));
  assert.ok(history.isExact(0), 'the conversion is not immediate');
  let turns = 0;
  for (; history.isExact(0); turns++) await new Promise((resolve) => setTimeout(resolve));
  assert.ok(turns > 3, `${turns}`);
  assert.deepEqual(history.at(0).states[0], expected);
});

test('adding or removing a critic appends a step to the list in a snapshot', () => {
  const snapshot = { step: 5, states: [new Float32Array(3)] };
  const added = toggleCritic(snapshot);
  assert.deepEqual(added.critic, { steps: [5] });
  assert.equal(isOn(added.critic), true);
  const later = { ...added, step: 9, critic: { steps: [5], states: [new Float32Array(3)], rest: new Float32Array(2) } };
  const removed = toggleCritic(later);
  assert.deepEqual(removed.critic, { steps: [5, 9] });
  assert.equal(isOn(removed.critic), false);
  assert.equal(removed.states, later.states);
  assert.deepEqual(
    toggleCritic(added).critic,
    { steps: [] },
    'a critic that is removed at the step where it was added leaves no steps',
  );
  assert.equal(isOn(undefined), false);
});

test('epochs are counted by the pictures of each step, of which there are fewer with a critic', () => {
  const sizes = { pictures: 128, batch: 64 };
  assert.deepEqual(epochOf({ step: 10, critic: [] }, sizes), { epoch: 5, steps: 2 });
  assert.deepEqual(epochOf({ step: 18, critic: [10] }, sizes), { epoch: 6, steps: 8 });
  assert.deepEqual(epochOf({ step: 22, critic: [10, 18] }, sizes), { epoch: 8, steps: 2 });
  assert.deepEqual(epochOf({ step: 30, critic: [10, 18, 22] }, sizes), { epoch: 9, steps: 8 });
  const small = { pictures: 24, batch: 8 };
  assert.deepEqual(epochOf({ step: 6, critic: [3] }, small), { epoch: 2, steps: 3 });
});

test('the states of a critic in old snapshots are also in half precision, and are counted in the budget', async () => {
  const history = new History();
  const snapshot = (step) => ({
    step,
    states: [new Float32Array(6)],
    critic: { steps: [0], states: [new Float32Array(9), new Float32Array(12)], rest: new Float32Array(2).fill(0.1) },
  });
  for (const step of [1, 2, 3, 4]) history.add(snapshot(step));
  // States are converted one by one, so that the page can respond in between.
  while (history.isExact(0)) await new Promise((resolve) => setTimeout(resolve));
  assert.equal(history.bytes, 2 * 27 + 3 * 4 * 27);
  assert.equal(history.isExact(0), false);
  assert.equal(history.isExact(1), true);
  const { critic } = history.at(0);
  assert.deepEqual(
    critic.states.map(({ length }) => length),
    [9, 12],
  );
  assert.ok(critic.rest instanceof Float32Array, '`rest` has values that do not fit into half precision');
});
