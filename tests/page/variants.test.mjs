// The pages of www/variants/, one for each way to embed a figure: all of them, in every browser engine; and axe on each.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { address, eventually, openChromium, violations, visit } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';

const folder = new URL('../../www/variants/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.html')).sort();

/** Pages whose figures are in a frame of their own, or nowhere. */
const FRAMES = ['frame.html', 'sandbox.html'];
const NONE = ['index.html', 'picture.html'];

/** In the page: brings every figure near, and says how far each has got. */
async function statuses() {
  const figures = [...document.querySelectorAll('latent-lab, my-figure')];
  for (const figure of figures) {
    figure.scrollIntoView();
    // Whatever keeps a frame from being drawn must not keep this from answering.
    await new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve, 30));
      setTimeout(resolve, 1_000);
    });
  }
  return figures.map((figure) => figure.status ?? 'unknown');
}

/** In the page: what its frame says when it is opened once more, up to the figure's picture or its end; and how high it is then. */
async function frame() {
  const node = document.querySelector('iframe');
  node.scrollIntoView();
  const said = await new Promise((resolve) => {
    addEventListener('message', ({ data, source }) => {
      if (source !== node.contentWindow) return;
      if (data.type === 'latent-lab:load') resolve(data);
      // The document before may still say that it was broken off.
      if (data.type === 'latent-lab:error') setTimeout(resolve, 10_000, data);
    });
    node.src = `${node.src}`;
  });
  return { said, height: node.style.height };
}

async function pictures() {
  return [...document.images].map((image) => image.complete && image.naturalWidth > 0);
}

/** What a page has to show, by what it is; `run(function, argument)` works in it. */
async function assertWorks(name, run) {
  if (FRAMES.includes(name)) {
    const { said, height } = await run(frame, null);
    assert.deepEqual(said, { type: 'latent-lab:load' });
    assert.match(height, /^\d+px$/);
  } else if (NONE.includes(name)) {
    assert.ok((await run(pictures, null)).every(Boolean));
  } else {
    await eventually(async () => {
      const found = await run(statuses, null);
      assert.ok(found.length > 0 && found.every((status) => status === 'ready'), `${found}`);
    });
  }
}

const addressOf = (name) => new URL(`variants/${name}`, address).href;

for (const browserName of ['Firefox', 'WebKit']) {
  describe(browserName, () => {
    let browser;
    before(async () => (browser = await browsers[browserName]()));
    after(() => browser?.close());

    for (const name of names) {
      test(`${name} works`, async () => {
        await browser.open(addressOf(name));
        await assertWorks(name, browser.run);
      });
    }
  });
}

describe('Chromium', () => {
  let browser;
  before(async () => (browser = await openChromium()));
  after(() => browser?.close());

  for (const name of names) {
    test(`${name} works, and has nothing that axe finds wrong`, async () => {
      const seen = await visit(browser, { from: addressOf(name) });
      await assertWorks(name, (work, task) => seen.page.evaluate(work, task));
      // axe is a script that the strict policy does not allow. That page has the same figures as the German one.
      if (name !== 'policy.html') await assertAxe(seen.page);
      assert.deepEqual(seen.complaints, []);
      await seen.close();
    });
  }
});

/** axe finds nothing wrong in a page and its frames. */
async function assertAxe(page) {
  for (const frame of page.frames()) {
    if (frame !== page.mainFrame()) {
      await eventually(async () => assert.deepEqual(await frame.evaluate(statuses), ['ready']));
    }
    assert.deepEqual(await violations(frame), [], frame.url());
  }
}
