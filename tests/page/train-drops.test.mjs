// Several files in one drop: each of them is either used or named.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress } from './support/browser.mjs';
import { read } from './support/independent.mjs';
import { drop, idx, steps, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train() {
  seen = await visit({ from: figureAddress('train') });
  await add(seen.page, ARTICLE.morph, ARTICLE.samples, ARTICLE.map);
  figure = await seen.figure('train').ready();
}

const shipped = async (name) =>
  Buffer.from(await (await fetch(new URL(`models/${name}.safetensors`, seen.page.url()))).arrayBuffer());

const said = (expected) => eventually(async () => assert.match(await text(figure, 'keep-status'), expected));

/** The stored codes of a figure's model: their number, latent size, origin, labels and the first code. */
function storedOf(name) {
  return seen.figure(name).evaluate(async (element) => {
    const { pageEngine } = await import('/engine/engine.js');
    const { latentsAddress } = await import('/assets.js');
    const { latent, mean, labels, own } = await pageEngine.latents(latentsAddress(element.state.model));
    return {
      latent,
      count: mean.length / latent,
      labels: labels && [...labels],
      own,
      first: [...mean.slice(0, latent)],
    };
  });
}

/** A model file with initial weights. */
async function fresh(channels, latent, side = 28) {
  const bytes = await seen.page.evaluate(
    async (channels, latent, side) => {
      const lab = await import('/pkg/training/latent_lab.js');
      await lab.default({ module_or_path: '/pkg/training/latent_lab_bg.wasm' });
      const layers = [{ filters: 4, kernel: 3, stride: 2 }];
      const config = {
        image: { channels, height: side, width: side },
        layers,
        latent,
        kind: 'autoencoder',
        likelihood: 'bernoulli',
      };
      return [...(await (await (await lab.Trainer.create(config, { seed: 1 })).model()).save('f32', {}))];
    },
    channels,
    latent,
    side,
  );
  return Buffer.from(bytes);
}

for (const order of ['model first', 'latents first']) {
  test(`a dropped model gets the latents that were dropped with it: ${order}`, async () => {
    await train();
    const latents = await shipped('digits.latents');
    const files = [
      { name: 'mine.safetensors', bytes: await shipped('digits') },
      { name: 'mine.latents.safetensors', bytes: latents },
    ];
    await drop(figure, order === 'model first' ? files : files.reverse());
    await said(
      /^mine\.safetensors with mine\.latents\.safetensors is now in: the path between two pictures, the random codes/,
    );
    const stored = await storedOf('morph');
    const { mean, label } = read(latents).tensors;
    assert.equal(stored.count, mean.shape[0]);
    assert.deepEqual(stored.labels, label.values);
    assert.deepEqual(stored.first, mean.values.slice(0, 16));
  });
}

test('pictures dropped with a model are added, and the model encodes them', async () => {
  await train();
  await drop(figure, [
    { name: 'bars', bytes: idx(30, 28) },
    { name: 'mine.safetensors', bytes: await shipped('map') },
    { name: 'words.png', bytes: Buffer.from('These are words.') },
  ]);
  await said(/^mine\.safetensors is now in: .*the plane/);
  await eventually(async () => assert.equal(await text(figure, 'count'), '30 pictures'));
  await eventually(async () =>
    assert.match(await text(figure, 'sources-status'), /^30 added\. Left out: words\.png: this browser cannot read it/),
  );
  const { count, latent, own } = await storedOf('map');
  assert.deepEqual({ count, latent, own }, { count: 30, latent: 2, own: 'pictures' });
});

test('a model and pictures dropped during a run: the model is used, the run keeps its pictures, and messages say so', async () => {
  await train();
  await drop(figure, [{ name: 'bars', bytes: idx(8, 28) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '8 pictures'));
  await steps(figure, 1);
  await drop(figure, [
    { name: 'more', bytes: idx(3, 28) },
    { name: 'mine.safetensors', bytes: await shipped('map') },
  ]);
  await said(/^mine\.safetensors is now in/);
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /keeps the pictures/));
  await eventually(async () => assert.equal(await text(figure, 'count'), '8 pictures'));
});

test('a model never encodes pictures of another shape, even if the number of bytes would fit', async () => {
  await train();
  await drop(figure, [{ name: 'bars', bytes: idx(300, 28) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '300 pictures'));
  await drop(figure, [{ name: 'color.safetensors', bytes: await fresh(3, 2) }]);
  await said(/^color\.safetensors is now in/);
  assert.deepEqual((({ own, count }) => [own, count])(await storedOf('map')), ['draws', 300]);
  await drop(figure, [{ name: 'small.safetensors', bytes: await fresh(1, 2, 14) }]);
  await said(/^small\.safetensors is now in/);
  assert.equal((await storedOf('map')).own, 'draws');
});

test('two networks of the same size are shown side by side, and files that do not fit are named', async () => {
  await train();
  await drop(figure, [
    { name: 'a.safetensors', bytes: await shipped('digits') },
    { name: 'b.safetensors', bytes: await shipped('digits-plain') },
    { name: 'b.latents.safetensors', bytes: await shipped('map.latents') },
    { name: 'c.safetensors', bytes: await shipped('map') },
    { name: 'd.latents.safetensors', bytes: await shipped('digits.latents') },
    { name: 'e.safetensors', bytes: (await shipped('map')).subarray(0, 500) },
  ]);
  await said(
    /^a\.safetensors is now in: the path between two pictures, the random codes.* b\.safetensors is now in: the random codes\. d\.latents/,
  );
  const words = await text(figure, 'keep-status');
  assert.match(words, /d\.latents\.safetensors: it holds stored codes, but their network was not dropped with it\./);
  assert.match(words, /b\.latents\.safetensors: its codes have 2 numbers, but those of the network have 16\./);
  assert.match(words, /c\.safetensors: another network was dropped with it/);
  assert.match(words, /e\.safetensors: /);
  await drop(figure, [
    { name: 'a.safetensors', bytes: await shipped('digits') },
    { name: 'b.safetensors', bytes: await shipped('digits-plain') },
  ]);
  await said(/^a\.safetensors is now in: .* b\.safetensors is now in: the random codes\.$/);
  const { model, compare } = await seen.figure('samples').state();
  assert.match(`${model} ${compare}`, /^trained-here-\d+ trained-here-\d+$/);
});
