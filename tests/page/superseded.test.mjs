// Superseded requests: nothing waits for their results, and every request that is still needed is answered.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, KINDS } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
const embed = (parameters) => new URL(`embed.html?${parameters}`, address).href;

/** Delays every request to a worker that computes, so that requests wait and are replaced. */
function slowWorker() {
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    const isWork = ['decode', 'maps', 'encode'].includes(message?.action);
    setTimeout(() => postMessage.call(this, message, ...rest), isWork ? 60 : 0);
  };
}

test('the microscope shows its first picture even while it plays', async () => {
  const { figure, page } = await visit({ from: embed('figure=microscope&autoplay'), motion: true, before: slowWorker });
  const microscope = await figure('microscope').ready();
  const loading = await page.$eval('latent-lab', (element) => element.shadowRoot.querySelector('.loading').textContent);
  assert.equal(loading, '');
  const before = (await microscope.state()).t;
  await eventually(async () => assert.notEqual((await microscope.state()).t, before));
});

test('turning the aim on and off again shows the random codes of the last choice', async () => {
  const { figure, page } = await visit({ from: embed('figure=samples&compare=digits-plain') });
  const samples = await figure('samples').ready();
  const plain = await samples.pictures('samples-model');
  // The file of stored codes, which only the aim needs, is slow.
  await page.setRequestInterception(true);
  let isDelayed = false;
  page.on('request', (request) => {
    const isStored = /latents/.test(request.url());
    isDelayed ||= isStored;
    setTimeout(() => request.continue(), isStored ? 400 : 0);
  });
  await samples.set('fit', '');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  await page.evaluate(() => document.querySelector('latent-lab').removeAttribute('fit'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)));
  assert.ok(isDelayed, 'the aim has requested the stored codes');
  assert.deepEqual(await samples.pictures('samples-model'), plain);
});

// A run that has not started has no animation.
for (const name of KINDS.filter((kind) => kind !== 'train')) {
  test(`${name}: two animations requested at the same time are both made, and one whose figure is removed is aborted`, async () => {
    const { figure, page } = await visit.shared(name, {}, { before: slowWorker });
    await figure(name).ready();
    const sizes = await page.evaluate(() => {
      const element = document.querySelector('latent-lab');
      const films = [3, 4].map((frames) => element.toGIF({ frames, scale: 1 }));
      return Promise.all(films.map(async (film) => (await film).size));
    });
    assert.ok(
      sizes.every((size) => size > 100),
      `${sizes}`,
    );
    const outcome = await page.evaluate(() => {
      const element = document.querySelector('latent-lab');
      const film = element.toGIF({ frames: 20, scale: 1 }).then(
        () => 'made',
        (error) => error.name,
      );
      setTimeout(() => element.remove(), 30);
      return film;
    });
    assert.equal(outcome, 'AbortError');
  });
}

test('the drawing at the press of the button is used once, even if the pen moves on and the button is pressed twice', async () => {
  const { figure, page } = await visit({ from: embed('figure=morph'), before: slowWorker });
  const morph = await figure('morph').ready();
  await page.evaluate(() => {
    globalThis.changes = [];
    document
      .querySelector('latent-lab')
      .addEventListener('change', ({ detail }) => detail.z && globalThis.changes.push(detail.z.from));
  });
  await morph.click('from-draw');
  const pad = await morph.part('pad');
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.8 * height, { steps: 8 });
  await page.mouse.up();
  await (
    await morph.part('pad-use')
  ).evaluate((button) => {
    button.click();
    button.click();
    const pad = button.getRootNode().querySelector('[part=pad]');
    pad.focus();
    for (const key of [' ', 'ArrowLeft', 'ArrowLeft', ' ']) {
      pad.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
  });
  await eventually(async () =>
    assert.equal(await (await morph.part('pad-dialog')).evaluate((dialog) => dialog.open), false),
  );
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  const changes = await page.evaluate(() => globalThis.changes);
  assert.equal(changes.length, 1);
  assert.equal(changes[0].length, 16);
});
