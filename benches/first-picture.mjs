/** The page from a cold cache to its first decoded picture: the time, and the files to fetch. */

import { createServer, get } from 'node:http';

import { launch } from './chromium.mjs';

/** Longest wait for a page's first picture, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Milliseconds from the start of the navigation until the first figure's canvas holds a picture, in a browser with a
 * fresh profile.
 * @param {string} address of the page
 */
export async function timeToFirstPicture(address) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(withoutServiceWorker);
    await page.evaluateOnNewDocument(watchForPicture);
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    const mark = await page.waitForFunction(() => performance.getEntriesByName('first picture')[0]?.startTime, {
      timeout: PATIENCE,
    });
    return /** @type {number} */ (await mark.jsonValue());
  } finally {
    await browser.close();
  }
}

/** Runs in the page: without a service worker, whose requests for later would be counted. */
export function withoutServiceWorker() {
  Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
}

/** Runs in the page: checks each frame until a canvas has ink. */
export function watchForPicture() {
  const look = () => {
    for (const figure of document.querySelectorAll('latent-lab')) {
      const canvas = figure.shadowRoot?.querySelector('canvas[part=picture]');
      if (!(canvas instanceof HTMLCanvasElement)) continue;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      // An empty canvas is transparent black.
      if (pixels.some((value, at) => at % 4 < 3 && value > 0)) {
        performance.mark('first picture');
        return;
      }
    }
    requestAnimationFrame(look);
  };
  document.addEventListener('DOMContentLoaded', look);
}

/**
 * Paths that the server was asked for until the first picture, in order.
 * @param {string} address of the page
 */
export function pathsToFirstPicture(address) {
  return pathsOf(address, timeToFirstPicture);
}

/**
 * Paths that the server is asked for during a visit, in order. A server between page and site sees them all, those of workers too.
 * @param {string} address of the page
 * @param {(address: string) => Promise<unknown>} visit
 */
export async function pathsOf(address, visit) {
  /** @type {string[]} */
  const paths = [];
  const proxy = createServer((request, response) => {
    const url = new URL(request.url ?? '/', address);
    paths.push(url.pathname.slice(1) || 'index.html');
    get(url, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }).on('error', () => response.destroy());
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
    await visit(`http://127.0.0.1:${port}/`);
    return [...new Set(paths)];
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}
