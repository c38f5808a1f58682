// Figures whose code is fetched only when they come near, so that the first picture of a page does not wait for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress, KINDS } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Figures whose code is part of the element. */
const AT_ONCE = ['morph', 'samples', 'map'];

const folders = { sizes: 'train/experiment', 'few-and-many': 'train/experiment' };

for (const name of [...KINDS.filter((kind) => !AT_ONCE.includes(kind)), 'sizes', 'few-and-many']) {
  test(`the code of ${name} is fetched when the figure comes near, not before`, async () => {
    const seen = await visit({ from: figureAddress('morph'), height: 600 });
    await seen.figure('morph').ready();
    await seen.page.evaluate(() => {
      const below = document.createElement('div');
      below.style.blockSize = '5000px';
      document.querySelector('main').append(below);
    });
    await add(seen.page, ARTICLE[name]);
    await seen.page.waitForNetworkIdle();
    const fetched = () => seen.requests.filter((request) => request.includes(`/views/${folders[name] ?? name}/`));
    assert.deepEqual(fetched(), []);
    await seen.figure(name).ready();
    assert.ok(fetched().length > 0);
  });
}

/** What a figure can show from the start but fetches after its first picture, and an element that has a text once it is there. */
const LATER = [
  ['map', { lens: 'density' }, '.near li span'],
  ['map', { lens: 'error' }, '.near li span'],
  ['morph', { lens: 'error' }, '.near li span'],
  ['samples', { check: '' }, '.check-count'],
];

/** In the page: keeps the height of the figure in the frame in which it is first ready. */
function keepFirstHeight() {
  const look = () => {
    const element = document.querySelector('latent-lab');
    if (element?.status === 'ready') globalThis.firstHeight = element.getBoundingClientRect().height;
    else requestAnimationFrame(look);
  };
  look();
}

for (const [name, attributes, text] of LATER) {
  for (const [lang, width] of [
    ['en', 390],
    ['de', 390],
    ['de', 768],
    ['en', 1440],
  ]) {
    const asked = Object.entries(attributes).flat().filter(Boolean).join('=');
    test(`${name} with ${asked}, ${lang}, ${width} pixels wide: what arrives after the first picture has its room`, async () => {
      const from = figureAddress(name, { ...attributes, lang });
      const { page, figure } = await visit({ from, width, height: 900, before: keepFirstHeight });
      const shown = await figure(name).ready();
      await eventually(async () =>
        assert.match(await (await shown.inside(text)).evaluate((node) => node.textContent), /\d/),
      );
      // The texts around it come in the next frames.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const first = await page.evaluate(() => globalThis.firstHeight);
      const last = await shown.evaluate((element) => element.getBoundingClientRect().height);
      assert.ok(Math.abs(last - first) <= 1, `${first} becomes ${last}`);
    });
  }
}
