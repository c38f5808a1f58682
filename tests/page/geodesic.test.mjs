// The path "through pictures" of the figure `morph`: found in the worker, shown instead of the arc, and always the same for the same ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress } from './support/browser.mjs';
import { FaultyServer } from './support/faulty-server.mjs';
import { STRIP } from './support/golden.mjs';
import { forgetPrior } from './support/prior.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const status = (figure) =>
  figure.evaluate((element) => element.shadowRoot.querySelector('[data-control=path] [role=status]').textContent);

/** Waits for the geodesic, and returns its strip. */
async function found(figure) {
  await eventually(async () => assert.equal(await status(figure), ''));
  return figure.pictures('strip');
}

/** For each picture of a strip, whether the other strip has the same picture in this place. */
const same = (strip, other) => strip.map((picture, i) => picture.every((value, pixel) => value === other[i][pixel]));

const ENDS = Array.from({ length: STRIP }, (_, i) => i === 0 || i === STRIP - 1);

test('chosen with the keyboard, the geodesic has the same ends as the arc, and is the same when chosen again', async () => {
  const { figure, page } = await visit({ from: figureAddress('morph') });
  const morph = await figure('morph').ready();
  const arc = await morph.pictures('strip');
  await morph.focus('path-slerp');
  for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  assert.equal((await morph.state()).path, 'geodesic');
  await eventually(async () => assert.notDeepEqual((await morph.pictures('strip'))[5], arc[5]));
  const strip = await found(morph);
  assert.deepEqual(same(strip, arc), ENDS);
  await morph.click('path-slerp');
  await eventually(async () => assert.deepEqual(await morph.pictures('strip'), arc));
  await morph.click('path-geodesic');
  await eventually(async () => assert.deepEqual(await morph.pictures('strip'), strip));
});

test('a link opens the figure with the geodesic, and its animation shows it', async () => {
  const { figure, page } = await visit({ from: new URL('embed.html?path=geodesic', address).href });
  const morph = await figure('morph').ready();
  // The figure is ready only with the geodesic, so an export does not show the arc.
  const strip = await morph.pictures('strip');
  const frames = await page.evaluate(async (count) => {
    const element = document.querySelector('latent-lab');
    const file = await element.toGIF({ frames: count, scale: 1, ink: false });
    const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type });
    const gray = [];
    for (let i = 0; i < count; i++) {
      const { image } = await decoder.decode({ frameIndex: i });
      const context = new OffscreenCanvas(28, 28).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, 28, 28);
      gray.push(Array.from({ length: 28 * 28 }, (_, pixel) => data[4 * pixel]));
    }
    return gray;
  }, STRIP);
  assert.equal(frames.length, STRIP);
  frames.forEach((frame, i) =>
    frame.forEach((value, pixel) => assert.ok(Math.abs(value - strip[i][pixel]) <= 1, `frame ${i}, pixel ${pixel}`)),
  );
  await morph.click('path-slerp');
  await eventually(async () => assert.deepEqual(same(await morph.pictures('strip'), strip), ENDS));
});

test('a path chosen while the geodesic is computed is shown and stays', async () => {
  const { figure, page } = await visit({
    from: figureAddress('morph'),
    before: () => {
      // The request for the geodesic reaches the worker only after `release`.
      const { postMessage } = Worker.prototype;
      const released = new Promise((resolve) => (globalThis.release = resolve));
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message?.action === 'geodesic') released.then(() => postMessage.call(this, message, ...rest));
        else postMessage.call(this, message, ...rest);
      };
    },
  });
  const morph = await figure('morph').ready();
  const arc = await morph.pictures('strip');
  await morph.click('path-geodesic');
  await eventually(async () => assert.equal(await status(morph), 'Finding the path…'));
  await morph.click('path-lerp');
  assert.equal(await status(morph), '');
  // The request for the line is in the queue behind the one for the geodesic.
  await page.evaluate(() => globalThis.release());
  await eventually(async () => assert.deepEqual(same(await morph.pictures('strip'), arc), ENDS));
  const line = await morph.pictures('strip');
  // The geodesic has been computed by now, although it is no longer chosen.
  await morph.click('path-geodesic');
  const geodesic = await found(morph);
  assert.deepEqual(same(geodesic, line), ENDS);
  await morph.click('path-lerp');
  await eventually(async () => assert.deepEqual(await morph.pictures('strip'), line));
});

test('for a network without a fitted prior, the figure says that the path is an even arc', async () => {
  const from = new URL('embed.html?model=map&path=geodesic&from=1&to=7', address).href;
  const { figure } = await visit({ from, before: await forgetPrior('map') });
  const morph = await figure('morph').ready();
  assert.equal(await status(morph), 'No fitted prior: an even arc');
});

test('if the code for the geodesic cannot be fetched, the figure keeps the arc and says so until it can', async () => {
  const server = await FaultyServer.start();
  try {
    const { figure, complaints } = await visit({ from: figureAddress('morph', {}, server.address) });
    const morph = await figure('morph').ready();
    const arc = await morph.pictures('strip');
    for (const build of ['training', 'training-relaxed']) server.break(`pkg/${build}/latent_lab_bg.wasm`, () => null);
    const notice = () => morph.evaluate((element) => element.shadowRoot.querySelector('[part=notice]').textContent);
    await morph.click('path-geodesic');
    await eventually(async () => assert.match(await notice(), /^The path could not be found: /));
    assert.equal(await morph.status(), 'ready');
    assert.deepEqual(await found(morph), arc);
    server.heal();
    await morph.click('path-slerp');
    await morph.click('path-geodesic');
    await eventually(async () => assert.deepEqual(same(await morph.pictures('strip'), arc), ENDS));
    await eventually(async () => assert.equal(await notice(), ''));
    // The browser logs the files that it could not fetch.
    assert.deepEqual(
      complaints.splice(0).filter((line) => !line.startsWith('Failed to load resource: ')),
      [],
    );
  } finally {
    server.stop();
  }
});
