/** Chromium, and workers in it that answer one request after the other. */

import { readFile } from 'node:fs/promises';

import puppeteer from 'puppeteer-core';

const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Steady timings: the window is never in front of anything.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** A browser with its own profile, which ends with it. @param {...string} more flags */
export function launch(...more) {
  const isRoot = process.getuid?.() === 0;
  const args = isRoot ? [...FLAGS, ...more, '--no-sandbox'] : [...FLAGS, ...more];
  // A GPU in software may take minutes for one answer.
  return puppeteer.launch({ executablePath: '/usr/bin/chromium', args, protocolTimeout: 600_000 });
}

/**
 * A page of the site's origin with only the given content.
 * @param {import('puppeteer-core').Browser | import('puppeteer-core').BrowserContext} browser
 * @param {string} address of the site
 * @param {{body?: string, before?: () => void}} [content] `before` runs in the page before its own scripts
 */
export async function emptyPage(browser, address, { body = '', before } = {}) {
  const page = await browser.newPage();
  if (before) await page.evaluateOnNewDocument(before);
  await page.setRequestInterception(true);
  const answer = (/** @type {import('puppeteer-core').HTTPRequest} */ request) =>
    request.url() === `${address}bench`
      ? request.respond({ contentType: 'text/html', body: '<!doctype html><title>Bench</title>' })
      : request.continue();
  page.on('request', answer);
  await page.goto(`${address}bench`);
  // The body comes once nothing is intercepted anymore: otherwise some of a worker's imports would never arrive.
  page.off('request', answer);
  await page.setRequestInterception(false);
  await page.evaluate((html) => document.body.append(document.createRange().createContextualFragment(html)), body);
  return page;
}

/**
 * Starts a script of this folder as a worker in a page; the answer asks it: `await ask('time', {...})`.
 * @param {import('puppeteer-core').Page} page
 * @param {string} [name]
 */
export async function startWorker(page, name = 'worker.js') {
  const source = await readFile(new URL(name, import.meta.url), 'utf8');
  const handle = await page.evaluateHandle((source) => {
    const script = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(script, { type: 'module' });
    let last = 0;
    /** @param {string} action @param {object} args */
    return (action, args) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        /** @param {MessageEvent} event */
        const answer = ({ data }) => {
          if (data.id !== id) return;
          worker.removeEventListener('message', answer);
          if ('failure' in data) reject(new Error(data.failure));
          else resolve(data.value);
        };
        worker.addEventListener('message', answer);
        worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
        worker.postMessage({ id, action, args });
      });
  }, source);
  /** @param {string} action @param {object} args @returns {Promise<any>} */
  return (action, args) => page.evaluate((ask, action, args) => ask(action, args), handle, action, args);
}
