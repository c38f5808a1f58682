// The page as a single file, opened from a folder: it works and makes no requests.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Figure, KINDS, NO_ADAPTER, openFirefox, openWholeChromium, PATIENCE } from './support/browser.mjs';
import { assertGoldenStrip, one } from './support/dist.mjs';

const openWatchedFirefox = () => openFirefox({}, { isWatched: true });

for (const [name, open] of Object.entries({ Chromium: openWholeChromium, Firefox: openWatchedFirefox })) {
  test(`${name} shows the golden pictures and every other figure from a file`, async () => {
    // The file is alone in a folder, as on a USB stick.
    const folder = await mkdtemp(join(tmpdir(), 'latent-lab-'));
    const file = join(folder, 'latent lab.html');
    await copyFile(new URL('latent-lab.html', one), file);
    const browser = await open();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      const requests = [];
      const complaints = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        const isComplaint = ['error', 'warn'].includes(message.type()) && message.text() !== NO_ADAPTER;
        if (isComplaint) complaints.push(message.text());
      });
      const address = pathToFileURL(file).href;
      await page.goto(address);
      await assertGoldenStrip(new Figure(page, 'morph'));
      for (const each of KINDS) {
        await new Figure(page, each).ready();
      }
      const outside = requests.filter((request) => !/^(blob|data):/.test(request) && request !== address);
      assert.deepEqual(outside, []);
      assert.deepEqual(await page.evaluate(emptyImages), []);
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  });
}

test('the file has less than 12 MB and contains each picture once', async () => {
  const file = new URL('latent-lab.html', one);
  assert.ok((await stat(file)).size < 12e6, `${(await stat(file)).size} bytes`);
  const images = (await readFile(file, 'utf8')).match(/ src="data:image\/[a-z]+;base64,[A-Za-z0-9+/=]{1000,}/g);
  assert.ok(images.length > 10);
  assert.equal(new Set(images).size, images.length);
});

/* In the page: */

/** Pictures of the article that are blank, once all are loaded. */
async function emptyImages() {
  const all = [...document.querySelectorAll('main img')];
  for (const image of all) image.loading = 'eager';
  await Promise.all(all.filter((image) => image.src).map((image) => image.decode().catch(() => {})));
  return all.filter((image) => image.naturalWidth === 0).map((image) => image.alt);
}
