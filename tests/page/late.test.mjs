// Figures whose code is fetched only when they come near, so that the first picture of a page does not wait for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, figureAddress, KINDS } from './support/browser.mjs';
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
