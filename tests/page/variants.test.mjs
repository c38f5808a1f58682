// The pages of www/variants/, one for each way to embed a figure, in every browser engine, and axe on each.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { address, eventually, openChromium, violations, visit } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';

const folder = new URL('../../www/variants/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.html')).sort();

/** Pages whose figures are in frames, and pages without figures. */
const FRAMES = ['frame.html', 'sandbox.html'];
const NONE = ['index.html', 'picture.html'];

/** The number of pictures on the pages without figures. */
const PICTURES = { 'index.html': 0, 'picture.html': 1 };

/** In the page: scrolls to every figure, and returns the status of each. */
async function statuses() {
  const figures = [...document.querySelectorAll('latent-lab, my-figure')];
  for (const figure of figures) {
    figure.scrollIntoView();
    // The timeout keeps this from hanging if no animation frame is drawn.
    await new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve, 30));
      setTimeout(resolve, 1_000);
    });
  }
  return figures.map((figure) => figure.status ?? 'unknown');
}

/** In the page: reloads its frame, and returns its message on success or failure and its height then. */
async function frame() {
  const node = document.querySelector('iframe');
  node.scrollIntoView();
  const said = await new Promise((resolve) => {
    addEventListener('message', ({ data, source }) => {
      if (source !== node.contentWindow) return;
      if (data.type === 'latent-lab:load') resolve(data);
      // The previous document may still report that it was interrupted.
      if (data.type === 'latent-lab:error') setTimeout(resolve, 10_000, data);
    });
    node.src = `${node.src}`;
  });
  return { said, height: node.style.height };
}

async function pictures() {
  return [...document.images].map((image) => image.complete && image.naturalWidth > 0);
}

/** Asserts that a page of any kind works; `run(function, argument)` runs a function in it. */
async function assertWorks(name, run) {
  if (FRAMES.includes(name)) {
    const { said, height } = await run(frame, null);
    assert.deepEqual(said, { type: 'latent-lab:load' });
    assert.match(height, /^\d+px$/);
  } else if (NONE.includes(name)) {
    await eventually(async () => assert.deepEqual(await run(pictures, null), Array(PICTURES[name]).fill(true)));
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
    test(`${name} works, and axe finds nothing`, async () => {
      const seen = await visit(browser, { from: addressOf(name) });
      await assertWorks(name, (work, task) => seen.page.evaluate(work, task));
      // The strict policy does not allow axe to run. The page with that policy has the same figures as the German one.
      if (name !== 'policy.html') await assertAxe(seen.page);
      assert.deepEqual(seen.complaints, []);
      await seen.close();
    });
  }
});

/** Asserts that axe finds nothing in a page and its frames. */
async function assertAxe(page) {
  for (const frame of page.frames()) {
    if (frame !== page.mainFrame()) {
      await eventually(async () => assert.deepEqual(await frame.evaluate(statuses), ['ready']));
    }
    assert.deepEqual(await violations(frame), [], frame.url());
  }
}
