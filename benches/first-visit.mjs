/**
 * One published site, or two side by side: requests and bytes of a first view, and the time until the first decoded picture, from
 * loopback and over a network.
 *
 *     node benches/first-visit.mjs [BEFORE/site] AFTER/site [--rounds 7] [--verbose]
 *
 * Both are made by `cargo xtask dist`. They take turns, each visit with a fresh profile, from a host that
 * sends the compressed copies and the headers of `_headers`. A picture that is not the golden one ends the
 * bench before anything is timed.
 */

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { assertShows, STORED, STRIP } from '../tests/page/support/golden.mjs';
import { StaticHost } from '../tests/page/support/static-host.mjs';
import { launch } from './chromium.mjs';
import { watchForPicture, withoutServiceWorker } from './first-picture.mjs';
import { bytesOf } from './sizes.mjs';
import { slowNetwork } from './slow-network.mjs';
import { best, median } from './statistics.mjs';

/** Longest wait for a page's first picture, in milliseconds. */
const PATIENCE = 60_000;

/** Milliseconds without a request after which the first view counts as complete. */
const QUIET = 1_500;

const NETWORKS = { loopback: null, '100 ms, 10 Mbit/s': { roundTrip: 100, bandwidth: 10e6 } };

const { folders, rounds, isVerbose } = readArguments();
const hosts = await Promise.all(folders.map((folder) => StaticHost.start(pathToFileURL(`${resolve(folder)}/`))));

for (const [at, host] of hosts.entries()) {
  const paths = await firstView(host);
  const sizes = [...new Set(paths)].map((path) => bytesOf(resolve(folders[at], path.slice(1) || 'index.html')));
  const [brotli, gzip] = [sum(sizes.map(({ brotli }) => brotli)), sum(sizes.map(({ gzip }) => gzip))];
  console.log(`${folders[at]}: ${paths.length} requests, ${kilobytes(brotli)} in Brotli, ${kilobytes(gzip)} in gzip`);
  if (isVerbose) console.log(paths.map((path) => `    ${path}`).join('\n'));
}
for (const [name, network] of Object.entries(NETWORKS)) {
  /** @type {number[][]} */
  const times = hosts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, host] of hosts.entries()) times[at].push(await firstPicture(host, network));
  }
  const [before, after] = times.map(median);
  const list = (/** @type {number[]} */ all) => `${median(all).toFixed(0)} (best ${best(all).toFixed(0)})`;
  const change = after ? `, ${(after / before).toFixed(2)} of the time before` : '';
  console.log(`${name}: first picture after ${times.map(list).join(' and ')} ms${change}`);
}
await Promise.all(hosts.map((host) => host.stop()));

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

/**
 * The requests of a first view, without those of the service worker.
 * @param {StaticHost} host
 */
async function firstView(host) {
  host.asked = [];
  const strip = await visit(host.address, withoutServiceWorker, async (page) => {
    await page.waitForNetworkIdle({ idleTime: QUIET, timeout: PATIENCE });
    return page.evaluate(grayStrip);
  });
  // The time to a wrong picture would mean nothing.
  strip.forEach((gray, stop) => assertShows(gray, STORED + stop));
  assert.equal(strip.length, STRIP);
  return host.asked.map(([path]) => path);
}

/**
 * Milliseconds from the start of the navigation until the first figure's canvas holds a picture.
 * @param {StaticHost} host
 * @param {import('./slow-network.mjs').Network | null} network
 */
async function firstPicture(host, network) {
  const way = network && (await slowNetwork(Number(new URL(host.address).port), network));
  try {
    return await visit(way?.address ?? host.address, watchForPicture, async (page) => {
      const mark = await page.waitForFunction(() => performance.getEntriesByName('first picture')[0]?.startTime, {
        timeout: PATIENCE,
      });
      return /** @type {number} */ (await mark.jsonValue());
    });
  } finally {
    way?.close();
  }
}

/**
 * @template T
 * @param {string} address
 * @param {() => void} before runs in the page before its own scripts
 * @param {(page: import('puppeteer-core').Page) => Promise<T>} use
 */
async function visit(address, before, use) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    await page.evaluateOnNewDocument(before);
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    return await use(page);
  } finally {
    await browser.close();
  }
}

/* In the page: */

/** Gray values of the first figure's strip: [canvas][pixel]. */
function grayStrip() {
  const canvases = document.querySelector('latent-lab')?.shadowRoot?.querySelectorAll('[part=strip] canvas') ?? [];
  return [...canvases].map((canvas) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const context = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
    const rgba = context?.getImageData(0, 0, width, height).data ?? [];
    return Array.from({ length: width * height }, (_, i) => rgba[4 * i]);
  });
}

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '7' }, verbose: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  if (![1, 2].includes(positionals.length) || !(rounds >= 1)) {
    console.error('usage: node benches/first-visit.mjs [BEFORE/site] AFTER/site [--rounds 7] [--verbose]');
    process.exit(2);
  }
  return { folders: positionals, rounds, isVerbose: values.verbose };
}
