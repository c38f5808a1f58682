// The output of the figure `train`: curves and pictures of a run, and the network that the settings define.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { trainVisits } from './support/train-figure.mjs';
import { press, stepOf, steps, storedAsShown, storedAt, text, type } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

test('two networks train on the same pictures side by side, and their pictures, losses and codes are shown', async () => {
  const { figure } = await trainSmall();
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 60));
  await eventually(async () => assert.match(await text(figure, 'status'), /steps per second · .* pictures per second/));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  const { progress, run } = await storedAsShown(figure);
  assert.equal(run.pictures, 64 * 144);
  assert.equal(progress.weights.length, 2);
  const rows = progress.curve.length / 5;
  const mean = (column, from, to) => {
    const values = Array.from({ length: to - from }, (_, i) => progress.curve[(from + i) * 5 + column]);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  for (const reconstruction of [1, 3]) {
    assert.ok(mean(reconstruction, rows - 10, rows) < 0.8 * mean(reconstruction, 0, 5), 'the loss falls');
  }
  assert.ok(mean(2, rows - 10, rows) > 0, 'the variational network has a KL');
  assert.equal(mean(4, 0, rows), 0, 'the plain network has no KL');
  for (const [panel, count] of [
    ['drawn-variational', 1],
    ['drawn-autoencoder', 1],
    ['panel-variational', 3],
    ['panel-autoencoder', 3],
  ]) {
    await eventually(async () => {
      const pictures = await figure.pictures(panel);
      assert.equal(pictures.length, count, 'random pictures; the picture at the cursor, reconstructions and the path');
      for (const picture of pictures) assert.ok(Math.max(...picture) - Math.min(...picture) > 20, panel);
    });
  }
  await eventually(async () => assert.match(await text(figure, 'divergence-text'), /of 2 in use/));
  const plane = await figure.part('plane');
  await eventually(async () => {
    const dots = await plane.$$eval('g path', (paths) =>
      paths.map((path) => path.getAttribute('d').split('M').length - 1),
    );
    assert.equal(
      dots.reduce((sum, count) => sum + count, 0),
      58,
      'a dot for each picture that is not held out',
    );
  });
});

test('pressing Start without further choices trains on digits', async () => {
  const { figure } = await train();
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) >= 1));
  await eventually(async () =>
    assert.match(await text(figure, 'sources-status'), /2,000 pictures, drawn by this page’s decoder/),
  );
});

test('kind, latent size, layers, loss and seed determine the network, and invalid ones are reported', async () => {
  const { seen, figure } = await trainSmall();
  await press(figure, 'kind-variational');
  await press(figure, 'likelihood-gaussian');
  await type(figure, 'latent', 5);
  await type(figure, 'train-seed', 9);
  await press(figure, 'more-layers');
  await (await figure.part('kernel-3')).select('5');
  await eventually(async () => assert.match(await text(figure, 'estimate'), /^[\d,]+ parameters/));
  await steps(figure, 1);
  const { run, progress } = await storedAt(seen.page, 1);
  const { kind, likelihood, latent, seed, layers } = run.settings;
  assert.deepEqual(
    { kind, likelihood, latent, seed },
    { kind: 'variational', likelihood: 'gaussian', latent: 5, seed: 9 },
  );
  assert.deepEqual(layers, [
    ...[0, 1, 2].map(() => ({ filters: 4, kernel: 3, stride: 2 })),
    { filters: 4, kernel: 5, stride: 1 },
  ]);
  assert.equal(progress.curve.length, 3);
});

test('numbers out of range become the nearest valid ones, and the figure states the range', async () => {
  const { figure } = await train();
  for (const [part, typed, kept, range] of [
    ['latent', 5000, 1024, '2 to 1,024'],
    ['batch', 0, 1, '1 to 1,024'],
    ['side', 5, 8, '8 to 128'],
  ]) {
    await type(figure, part, typed);
    const field = await figure.part(part);
    const shown = () => field.evaluate((node) => [node.value, node.parentElement.querySelector('output').value]);
    await eventually(async () => assert.deepEqual(await shown(), [String(kept), range]));
  }
});
