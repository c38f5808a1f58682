// Held-out pictures of a run, without a browser: how they are chosen, what their losses are, and when they are measured.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { FEWEST, holdOut, MOST_MEASURED, measuredPart, trainingPart } from '../../www/training/input/held-out.js';
import { fnv1a } from '../../www/training/input/hash.js';
import { ImageCollection } from '../../www/training/input/images.js';
import { datasetOf, drawnBy } from '../../www/training/input/published.js';
import { bits, totals } from '../../www/training/page/held-out-curve.js';
import {
  bitsPerDimension,
  fittedDeviation,
  impliedDeviation,
  targetEntropy,
} from '../../www/training/page/measures.js';
import { createArgsOf } from '../../www/training/page/run.js';
import { readRunConfig, writeRunConfig } from '../../www/training/page/run-config.js';
import { defaults } from '../../www/training/page/settings.js';
import { Pacer } from '../../www/training/worker/pacer.js';
import { Meter, referenceOf } from '../../www/training/worker/held-out.js';
import { Rows } from '../../www/training/worker/rows.js';
import { Schedule } from '../../www/training/worker/schedule.js';
import { heldOutCharts, linesOf } from '../../www/views/train/held-out-specs.js';
import { published } from '../../www/views/train/published.js';

const SHAPE = { channels: 1, height: 2, width: 3 };
const SIZE = 6;

/** Pictures that all differ, with their indices as labels. */
function pictures(count) {
  const pixels = Uint8Array.from({ length: count * SIZE }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  // Each picture contains its index, so that it is unique.
  for (let n = 0; n < count; n++) pixels.set([n & 255, n >> 8], n * SIZE);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 256);
  return { shape: SHAPE, pixels, labels, name: 'test', isInk: false };
}

/** Each picture as a string, to compare them. */
function listed(pixels) {
  return Array.from({ length: pixels.length / SIZE }, (_, i) => pixels.slice(i * SIZE, (i + 1) * SIZE).join());
}

/** The held-out pictures as strings. */
function heldOut(data, settings) {
  const held = holdOut(data, settings);
  return listed(held.pixels.slice(held.pixels.length - held.heldOut * SIZE));
}

test('a share of the pictures is held out, all others are trained on, and each keeps its label', () => {
  const data = pictures(200);
  const held = holdOut(data, { held: 0.1, seed: 1 });
  assert.equal(held.heldOut, 20);
  assert.deepEqual(listed(held.pixels).sort(), listed(data.pixels).sort());
  const labelOf = new Map(listed(data.pixels).map((picture, i) => [picture, data.labels[i]]));
  assert.deepEqual(
    [...held.labels],
    listed(held.pixels).map((picture) => labelOf.get(picture)),
  );
  const training = trainingPart(held);
  assert.deepEqual([training.pixels.length / SIZE, training.labels.length, training.heldOut], [180, 180, 0]);
  const unseen = new Set(listed(measuredPart(held)));
  assert.equal(unseen.size, 20);
  assert.ok(listed(training.pixels).every((picture) => !unseen.has(picture)));
});

test('content and seed, but not order, decide which pictures are held out', () => {
  const data = pictures(200);
  const reversed = listed(data.pixels).reverse().join().split(',').map(Number);
  const other = { ...data, pixels: Uint8Array.from(reversed), labels: null };
  const settings = { held: 0.1, seed: 1 };
  assert.deepEqual(heldOut(other, settings).sort(), heldOut(data, settings).sort());
  const shared = heldOut(data, { held: 0.1, seed: 2 }).filter((each) => heldOut(data, settings).includes(each));
  assert.ok(shared.length < 10, `another seed holds ${shared.length} of 20 out again`);
});

test('identical pictures are all held out or all trained on', () => {
  for (let seed = 0; seed < 20; seed++) {
    const once = pictures(30);
    const data = { ...once, pixels: Uint8Array.from([...once.pixels, ...once.pixels, ...once.pixels]), labels: null };
    const held = holdOut(data, { held: 0.1, seed });
    assert.ok(held.heldOut >= 9 && held.heldOut % 3 === 0, `${held.heldOut}`);
    const unseen = new Set(listed(measuredPart(held)));
    assert.ok(listed(trainingPart(held).pixels).every((picture) => !unseen.has(picture)));
  }
});

test('no picture is held out if there are few, if all are identical, if the share is 0, or in a run of an earlier version', () => {
  const settings = { held: 0.1, seed: 1 };
  assert.equal(holdOut(pictures(FEWEST - 1), settings).heldOut, 0);
  assert.equal(holdOut(pictures(FEWEST), settings).heldOut, 2);
  assert.equal(holdOut({ ...pictures(50), pixels: new Uint8Array(50 * SIZE) }, settings).heldOut, 0);
  const none = holdOut(pictures(200), { held: 0, seed: 1 });
  assert.deepEqual([none.heldOut, none.pixels], [0, pictures(200).pixels], 'nor is their order changed');
  const old = pictures(200);
  assert.deepEqual(trainingPart(old).pixels, old.pixels);
  assert.equal(measuredPart(old).length, 0);
});

test('a worker gets the training pictures and only those held-out pictures that are measured', () => {
  const data = holdOut(pictures(2000), { held: 0.5, seed: 3 });
  const { config } = createArgsOf({ settings: defaults(), data });
  assert.equal(config.pixels.length, 1000 * SIZE);
  assert.equal(config.heldOut.length, MOST_MEASURED * SIZE);
  const seen = new Set(listed(config.pixels));
  assert.ok(listed(config.heldOut).every((picture) => !seen.has(picture)));
});

test('the entropy of the targets agrees with the core: zero for black and white, ln 2 for a value of one half', () => {
  assert.equal(targetEntropy(Uint8Array.of(0, 255, 255, 0), 4), 0);
  // The core's test uses the same three values: 0, 102 and 255 out of 255.
  const entropy = -(0.4 * Math.log(0.4) + 0.6 * Math.log(0.6));
  assert.ok(Math.abs(targetEntropy(Uint8Array.of(0, 102, 255), 3) - entropy) < 1e-12);
  assert.ok(Math.abs(targetEntropy(Uint8Array.of(127, 128, 127, 128), 2) - 2 * Math.LN2) < 1e-4);
});

/** The density of a normal distribution. */
function normal(x, mean, deviation) {
  return Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

test('bits per dimension are the mean of -log2 of the density over each byte’s width, and bound the bits of the bytes from above', () => {
  const bytes = [0, 3, 77, 200, 255];
  const means = [1.5, 3, 90.25, 181, 255];
  for (const deviation of [2.5, 30, 180]) {
    const parts = { reconstruction: bytes.reduce((sum, byte, i) => sum + ((byte - means[i]) / 255) ** 2, 0), kl: 1.25 };
    const got = bitsPerDimension(parts, bytes.length, deviation / 255);
    let [dequantized, discrete] = [0, 0];
    const count = 2000;
    bytes.forEach((byte, i) => {
      let mass = 0;
      for (let n = 0; n < count; n++) {
        const density = normal(byte - 0.5 + (n + 0.5) / count, means[i], deviation);
        dequantized -= Math.log2(density) / count;
        mass += density / count;
      }
      discrete -= Math.log2(mass);
    });
    const kl = parts.kl / Math.LN2;
    assert.ok(Math.abs(got - (dequantized + kl) / bytes.length) < 1e-6, `${deviation}: ${got}`);
    assert.ok(got >= (discrete + kl) / bytes.length - 1e-9, `${deviation}: not an upper bound`);
  }
});

test('the implied deviation makes the loss equal to -ELBO, and the fitted one needs the fewest bits', () => {
  const dimensions = 12;
  const beta = 0.3;
  const nats = (parts) => bitsPerDimension(parts, dimensions, impliedDeviation(beta)) * dimensions * Math.LN2;
  const [a, b] = [
    { reconstruction: 2, kl: 7 },
    { reconstruction: 5, kl: 1 },
  ];
  const loss = ({ reconstruction, kl }) => reconstruction + beta * kl;
  assert.ok(Math.abs(beta * (nats(a) - nats(b)) - (loss(a) - loss(b))) < 1e-9);
  const best = fittedDeviation(0.5, dimensions);
  const taken = (deviation) => bitsPerDimension({ reconstruction: 0.5, kl: 0 }, dimensions, deviation);
  for (const factor of [0.9, 0.99, 1.01, 1.1]) assert.ok(taken(best) < taken(best * factor), `${factor}`);
  assert.ok(Math.abs(impliedDeviation(1) ** 2 - 0.5) < 1e-12);
  assert.ok(taken(impliedDeviation(1)) > 8, 'more than if all bytes were equally likely');
});

test('held-out losses are shown beside the running means of the training losses at the same steps', () => {
  const curve = [
    [1, 2, 3, 4],
    [10, 10, 10, 10],
    [1, 1, 1, 1],
    [5, 5, 5, 5],
    [0, 0, 0, 0],
  ];
  const heldOut = [
    [2, 4, 9],
    [12, 11, 10],
    [1, 2, 3],
    [6, 7, 8],
    [0, 0, 0],
  ];
  assert.deepEqual(totals(heldOut, curve), [
    [2, 4, 9],
    [13, 13, 13],
    [11, 11, 11],
    [6, 7, 8],
    [5, 5, 5],
  ]);
  assert.deepEqual(totals([[], [], []], [[], [], []]), [[], [], []], 'before the first step');
  const { fitted, implied, deviations } = bits(heldOut, curve, { dimensions: 100, beta: 0 });
  assert.deepEqual(deviations, Array(3).fill(fittedDeviation(10, 100)));
  assert.equal(fitted[0], bitsPerDimension({ reconstruction: 12, kl: 1 }, 100, deviations[0]));
  assert.ok(
    implied.every((each) => !Number.isFinite(each)),
    'beta 0 implies no deviation',
  );
});

/** Fake networks whose loss is the mean of the pixels, and fake bindings that record draws. */
function fakes() {
  const calls = [];
  const bindings = { normalDraws: (...args) => (calls.push(args), new Float32Array(args[2]).fill(0.5)) };
  const model = {
    elboParts: async (values, noise) => {
      calls.push([values.length, noise.length]);
      return { reconstruction: values.reduce((sum, value) => sum + value, 0), kl: noise.length };
    },
  };
  return { bindings, calls, network: { with: (work) => work(model) } };
}

test('each network is measured once after a step, by means over all held-out pictures that do not depend on the chunk size', async () => {
  const { bindings, calls, network } = fakes();
  const meter = new Meter(bindings);
  const heldOut = new Uint8Array(70 * 4).fill(51);
  const image = { channels: 1, height: 2, width: 2 };
  const config = { configs: [3, 5].map((latent) => ({ image, latent })), seed: 7, heldOut };
  const row = await meter.measure(5, [network, network], config, new Pacer());
  assert.equal(row[0], 5);
  [0.8, 3, 0.8, 5].forEach((value, i) => assert.ok(Math.abs(row[1 + i] - value) < 1e-5, `${row}`));
  assert.deepEqual(calls.slice(0, 4), [
    [7, 0xffff_fffe, 210],
    [128, 96],
    [128, 96],
    [24, 18],
  ]);
  assert.deepEqual(calls[4], [7, 0xffff_fffe, 350], 'a network of another latent size gets as many draws as it needs');
  assert.equal(await meter.measure(5, [network], config, new Pacer()), null, 'once');
  assert.equal((await meter.measure(6, [network], config, new Pacer()))[0], 6);
  meter.seek(3);
  assert.equal(
    await meter.measure(3, [network], config, new Pacer()),
    null,
    'a run that continues from step 3 has the values of step 3',
  );
  assert.equal(await meter.measure(4, [network], { ...config, heldOut: new Uint8Array() }, new Pacer()), null);
});

test('each row is reported once, and held-out losses are reported even without new steps', () => {
  const rows = new Rows();
  assert.equal(rows.take(), null);
  rows.add('losses', [1, 2, 3]);
  rows.add('verdicts', [1, 0, 0, 2, 0]);
  assert.deepEqual(rows.take(), { rows: Float64Array.of(1, 2, 3), verdicts: Float64Array.of(1, 0, 0, 2, 0) });
  rows.add('heldOut', [1, 4, 5]);
  assert.deepEqual(rows.take(), { rows: new Float64Array(), heldOut: Float64Array.of(1, 4, 5) });
  assert.equal(rows.take(), null);
});

test('long work is followed by long rests, and held-out pictures are first measured after the first steps', async (t) => {
  let clock = 1000;
  t.mock.method(performance, 'now', () => clock);
  const schedule = new Schedule();
  const done = [];
  const work = async (kind, cost) => schedule.when(kind, () => ((clock += cost), done.push(kind)));
  schedule.begin();
  await work('heldOut', 100);
  await work('preview', 100);
  assert.deepEqual(done, ['preview']);
  clock = 1500;
  await work('heldOut', 100);
  clock = 1600 + 16 * 100 - 1;
  await work('heldOut', 100);
  assert.deepEqual(done, ['preview', 'heldOut']);
  clock += 1;
  await work('heldOut', 100);
  assert.equal(done.length, 3);
  schedule.hurry('preview');
  await work('preview', 1);
  assert.equal(done.length, 4);
});

test('published values equal those on the model cards', async () => {
  for (const { model, latent, nats } of Object.values(published).flat()) {
    const card = await readFile(new URL(`../../www/models/${model}.md`, import.meta.url), 'utf8');
    assert.equal(nats.toFixed(2), Number(/\| test -ELBO \| ([\d.]+) \|/.exec(card)[1]).toFixed(2), model);
    assert.match(card, new RegExp(`latent ${latent};`), model);
    assert.match(card, /28x28 pixels, 1 channel;.*bernoulli likelihood/);
  }
});

test('a published dataset is recognized by its first picture, but not if mixed with other pictures or resized', () => {
  const [first, other] = [new Uint8Array(4).fill(9), new Uint8Array(4).fill(8)];
  const known = new Map([[fnv1a(first), 'mnist']]);
  assert.equal(datasetOf(Uint8Array.of(...first, ...other), 4, known), 'mnist');
  assert.equal(datasetOf(Uint8Array.of(...other, ...first), 4, known), null);
  assert.equal(datasetOf(other, 4), null);
  // The published test vectors of FNV-1a.
  assert.equal(fnv1a(new TextEncoder().encode('a')), 0xe40c292c);
  assert.equal(fnv1a(new TextEncoder().encode('foobar')), 0xbf9cf968);

  const images = new ImageCollection(async () => first);
  images.setShape({ channels: 1, height: 2, width: 2 });
  assert.equal(images.dataset, null, 'without pictures');
  const about = { shape: { channels: 1, height: 2, width: 2 }, labels: null, name: 'file' };
  images.addRaw(first, { ...about, dataset: 'mnist' });
  assert.equal(images.dataset, 'mnist');
  images.restore({ shape: about.shape, pixels: first, labels: null, name: 'file', isInk: true, dataset: 'mnist' });
  assert.equal(images.dataset, 'mnist', 'after a visit');
  images.addRaw(other, about);
  assert.equal(images.dataset, null, 'mixed with another picture');
  images.remove(1);
  images.setShape({ channels: 1, height: 3, width: 3 });
  assert.equal(images.dataset, null, 'resized');
});

test('reference lines are drawn only if they can be compared with the curve', () => {
  const data = { ...pictures(1), dataset: /** @type {const} */ ('mnist') };
  const lines = linesOf(data, 45.5);
  assert.deepEqual(
    lines.map(({ name, value }) => [name, value]),
    [
      ['Entropy of the targets', 45.5],
      ['map, 2 numbers', 144.31],
      ['digits, 16 numbers', 95.75],
    ],
  );
  assert.equal(linesOf({ ...data, dataset: null }, 45.5).length, 1);
  const drawn = { ...data, dataset: 'drawn by digits', reference: { model: 'digits', nats: 103.6 } };
  assert.deepEqual(
    linesOf(drawn, 45.5).map(({ name, value }) => [name, value]),
    [
      ['Entropy of the targets', 45.5],
      ['digits, which drew them', 103.6],
    ],
  );
  const [variational, plain, ...more] = heldOutCharts(['variational', 'autoencoder'], 'bernoulli', lines);
  assert.deepEqual([variational.lines, plain.lines, more], [lines, [lines[0]], []]);
  const gaussian = heldOutCharts(['variational', 'autoencoder'], 'gaussian', []);
  assert.deepEqual(
    gaussian.map(({ part, lines: drawn }) => [part, drawn.map(({ value }) => value)]),
    [
      ['chart-held-out-variational', []],
      ['chart-held-out-autoencoder', []],
      ['chart-bits', [8]],
    ],
  );
  assert.deepEqual(
    gaussian.flatMap(({ series }) => series.map(({ column }) => column)),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    heldOutCharts(['autoencoder'], 'gaussian', []).map(({ part }) => part),
    ['chart-held-out-autoencoder'],
    'a plain network has no density',
  );
});

test('the held-out share is part of a plan, and an old plan has none', () => {
  const base = { settings: defaults(), shape: SHAPE, preset: /** @type {const} */ ('quick') };
  assert.equal(readRunConfig('', base).settings.held, 0.1);
  assert.equal(readRunConfig('preset: plane', base).settings.held, 0.1);
  assert.equal(readRunConfig('latent: 4', base).settings.held, 0);
  assert.equal(readRunConfig('preset: article; held: 0.25', base).settings.held, 0.25);
  assert.deepEqual(readRunConfig('held: 0.6; held: -1; held: all', base).wrong, ['held: 0.6', 'held: -1', 'held: all']);
  assert.equal(
    writeRunConfig({ settings: { ...defaults(), held: 0.07 }, shape: SHAPE }, base),
    'preset: quick; held: 0.07',
  );
});

test('another network is measured on the same held-out pictures, unless it cannot be compared', async () => {
  const { bindings } = fakes();
  const image = { channels: 1, height: 2, width: 2 };
  const of = { image, latent: 3, kind: 'variational', likelihood: 'bernoulli' };
  const config = { configs: [{ ...of, kind: 'autoencoder' }], seed: 7, heldOut: new Uint8Array(40 * 4).fill(51) };
  let freed = 0;
  const measured = (other, run = config) => {
    const model = {
      config: { ...of, ...other },
      elboParts: async (values, noise) => ({ reconstruction: values.length, kl: noise.length }),
      free: () => (freed += 1),
    };
    return referenceOf({ ...bindings, Model: { load: async () => model } }, new Uint8Array(), run, new Pacer());
  };
  assert.equal(await measured({}), 4 + 3);
  assert.equal(await measured({ latent: 5 }), 4 + 5, 'another latent size does not prevent the comparison');
  for (const other of [{ likelihood: 'gaussian' }, { kind: 'autoencoder' }, { image: { ...image, width: 3 } }]) {
    assert.equal(await measured(other), null, JSON.stringify(other));
  }
  assert.equal(freed, 5);
  assert.equal(await measured({}, { ...config, heldOut: undefined }), null);
  assert.equal(drawnBy('drawn by digits'), 'digits');
  assert.equal(drawnBy('mnist'), null);
});
