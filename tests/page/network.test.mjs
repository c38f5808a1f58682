// Nothing that the reader draws leaves the device: once a figure has its files, it works offline and makes no requests.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress } from './support/browser.mjs';
import { dropOn, placed, take } from './support/own.mjs';
import { paper } from './support/pictures.mjs';
import { phase } from './support/train-figure.mjs';
import { press, small, steps, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Whether a request goes over the network. Blobs and data addresses do not. @param {string} url */
const isSent = (url) => !/^(blob|data):/.test(url);

/**
 * Takes the page offline and returns a function that asserts that no request was made since.
 * @param {Awaited<ReturnType<typeof visit>>} seen
 * @param {...string} more scripts that the figure loads last
 */
async function withoutNetwork(seen, ...more) {
  assert.ok(
    seen.requests.some((url) => url.endsWith('/latent_lab_bg.wasm')),
    'requests of the worker are recorded',
  );
  // The last scripts are fetched when the page is idle.
  for (const last of ['/element/device.js', '/views/parts/announcer.js', ...more]) {
    await eventually(async () =>
      assert.ok(
        seen.requests.some((url) => url.endsWith(last)),
        last,
      ),
    );
  }
  await seen.page.waitForNetworkIdle({ idleTime: 1000 });
  await seen.page.setOfflineMode(true);
  const count = seen.requests.length;
  return () => assert.deepEqual(seen.requests.slice(count).filter(isSent), []);
}

/** Draws a stroke on the open pad. */
async function draw({ page }, figure) {
  const { x, y, width, height } = await eventually(async () => {
    const box = await figure.box('pad');
    assert.ok(box, 'the dialog is open');
    return box;
  });
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.8 * height, { steps: 5 });
  await page.mouse.up();
}

test('a drawing becomes an end of the morph without a request', async () => {
  const seen = await visit({ from: figureAddress('morph') });
  const figure = await seen.figure('morph').ready();
  const [before] = await figure.pictures('strip');
  // The code of the pad is fetched when it is first opened.
  await figure.click('from-draw');
  await figure.click('pad-cancel');
  const assertSilent = await withoutNetwork(seen);
  await figure.click('from-draw');
  await draw(seen, figure);
  await eventually(async () =>
    assert.ok(Math.max(...(await figure.picture('pad-redrawn'))) > 100, 'the output is not blank'),
  );
  await figure.click('pad-use');
  await eventually(async () => assert.notDeepEqual((await figure.pictures('strip'))[0], before));
  assertSilent();
});

test('a picture passed to the element is encoded and decoded without a request', async () => {
  const seen = await visit({ from: figureAddress('morph') });
  const figure = await seen.figure('morph').ready();
  // The code of the methods is fetched at the first call.
  const length = await figure.evaluate(async (element) => (await element.decode(new Float32Array(16))).length);
  assert.equal(length, 1);
  const assertSilent = await withoutNetwork(seen);
  const code = await figure.evaluate(async (element) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 28;
    canvas.getContext('2d').fillRect(8, 4, 6, 20);
    const { mean } = await element.encode(canvas);
    await element.decode(mean);
    return [...mean];
  });
  assert.equal(code.length, 16);
  assertSilent();
});

test('the reader’s own picture is placed and becomes an end without a request', async () => {
  const seen = await visit({ from: figureAddress('morph') });
  const figure = await seen.figure('morph').ready();
  // The code of the dialog is fetched when it is first opened.
  await figure.click('to-own');
  await figure.click('own-cancel');
  // The test itself encodes and decodes with the methods, whose code is fetched at the first call.
  await figure.evaluate(async (element) => (await element.decode(new Float32Array(16))).length);
  const assertSilent = await withoutNetwork(seen, '/views/parts/own/own-pictures.js');
  const before = (await figure.pictures('strip')).at(-1);
  await dropOn(figure, [{ name: 'seven.png', bytes: paper() }], { part: 'to' });
  await placed(figure);
  await figure.click('own-quarter');
  await take(figure);
  await eventually(async () => assert.notDeepEqual((await figure.pictures('strip')).at(-1), before));
  assertSilent();
});

test('drawings and dropped pictures are trained on without a request', async () => {
  const seen = await visit({ from: figureAddress('train') });
  const figure = await seen.figure('train').ready();
  await small(figure);
  await steps(figure, 1);
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  const assertSilent = await withoutNetwork(seen);
  await press(figure, 'draw');
  await draw(seen, figure);
  await figure.click('draw-add');
  await figure.click('draw-done');
  await eventually(async () => assert.equal(await text(figure, 'count'), '65 pictures'));
  await steps(figure, 2);
  assertSilent();
});

test('requests of the page and of its worker would be noticed', async () => {
  const seen = await visit({ from: figureAddress('morph') });
  await seen.figure('morph').ready();
  const assertSilent = await withoutNetwork(seen);
  assertSilent();
  const ask = (/** @type {string} */ address) => fetch(address).then(String, String);
  await seen.page.evaluate(ask, '/from-page');
  await assert.rejects(async () => assertSilent(), /from-page/);
  const [worker] = seen.page.workers();
  await worker.evaluate(ask, new URL('/from-worker', seen.page.url()).href);
  await assert.rejects(async () => assertSilent(), /from-worker/);
  // The browser logs that these addresses do not exist.
  seen.complaints.length = 0;
});
