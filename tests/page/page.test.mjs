// The page in Chromium, as a visitor meets it. `LATENT_LAB_URL` says where it is served; `cargo xtask test` sets it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';

import puppeteer from 'puppeteer-core';

const address = process.env.LATENT_LAB_URL;
assert.ok(address, 'LATENT_LAB_URL must say where the page is served');

const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;
let page;
/** What the browser had to complain about, and requests that left the page's origin. */
let complaints;

before(async () => {
  browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', ...quiet] });
});
after(() => browser?.close());

beforeEach(async () => {
  await page?.close();
  complaints = [];
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(request.url());
  });
});

/** Scrolls to a figure and waits for its first picture. */
async function ready(figure) {
  await page.$eval(`latent-lab[figure=${figure}]`, (element) => element.scrollIntoView());
  await page.waitForFunction(
    (name) => document.querySelector(`latent-lab[figure=${name}]`).status === 'ready',
    {},
    figure,
  );
}

/** The element of a figure that has this `part`. */
function part(figure, name) {
  return page.waitForSelector(`latent-lab[figure=${figure}] >>> [part=${name}]`);
}

/** The pixels of the large decoded picture, red only. */
async function pixels(figure) {
  return (await part(figure, 'picture')).evaluate((canvas) =>
    [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0),
  );
}

test('the first picture comes without a click and moves, and nothing leaves the origin', async () => {
  await page.goto(address);
  await ready('morph');
  const first = await pixels('morph');
  assert.ok(Math.max(...first) > 200, 'there is ink');
  const start = await page.$eval('latent-lab', (element) => element.state.t);
  await page.waitForFunction((t) => document.querySelector('latent-lab').state.t > t + 0.1, {}, start);
  assert.notDeepEqual(await pixels('morph'), first);
  await ready('samples');
  await ready('map');
  assert.deepEqual(complaints, []);
});

test('with reduced motion nothing moves by itself, and keys on the slider decode', async () => {
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.goto(address);
  await ready('morph');
  assert.equal(await page.$eval('latent-lab', (element) => element.state.t), 0);
  const before = await pixels('morph');
  await (await part('morph', 't')).focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.querySelector('latent-lab').state.t === 1);
  const strip = await page.$$eval('latent-lab[figure=morph] >>> [part=strip] canvas', (canvases) =>
    canvases.map((canvas) =>
      [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0),
    ),
  );
  assert.equal(strip.length, 11);
  assert.deepEqual(before, strip[0], 'the picture at the start is the first of the strip');
  assert.deepEqual(await pixels('morph'), strip[10], 'the picture at the end is the last of the strip');
});

test('axe finds nothing, in light and in dark', async () => {
  await page.goto(address);
  for (const figure of ['morph', 'samples', 'map']) await ready(figure);
  await page.evaluate(axe);
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`),
      [],
    );
  }
});
