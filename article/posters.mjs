// Takes the posters of the article's figures, for paper and for readers without scripts, one light and one dark each, and writes
// their sizes into the page:
//
//     node article/posters.mjs ADDRESS [--language LANGUAGE] [NAME...]
//
// ADDRESS is the address of the served site. The figures train for a while first, which takes a minute or two. In another language, only
// those with words in them are taken; `node article/write.mjs` then places them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import puppeteer from 'puppeteer-core';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { language: { type: 'string' } } });
const [address, ...only] = positionals;
const { language } = values;
if (!address) throw new Error('usage: node article/posters.mjs ADDRESS [--language LANGUAGE] [NAME...]');

/** Size of the window, and device pixels per CSS pixel. */
const WINDOW = { width: 1280, height: 1000, deviceScaleFactor: 1 };

/** WebP quality, 0 to 100. */
const QUALITY = 82;

const PATIENCE = 180_000;

/**
 * The part of each figure that becomes its poster, after `steps` of training, or when there is `until`.
 * @type {Record<string, {figure: string, part: string, steps?: number, until?: string, hasWords?: boolean}>}
 */
const posters = {
  morph: { figure: '[figure=morph][model=digits]', part: '[part=strip]' },
  samples: { figure: '[figure=samples]', part: '.panels', hasWords: true },
  posterior: { figure: '[figure=posterior]', part: '.shown' },
  traversal: { figure: '[figure=traversal]', part: '.latent-rows' },
  paths: { figure: '[figure=paths]', part: '.lines', until: '[data-complete]', hasWords: true },
  sizes: { figure: '[lesson=sizes]', part: '.rung-pictures', steps: 1000, hasWords: true },
  'one-picture': { figure: '[lesson=one-picture]', part: '[part=stage]', steps: 1000, hasWords: true },
  'few-and-many': { figure: '[lesson=few-and-many]', part: '[part=panels]', steps: 800, hasWords: true },
  cats: { figure: '[figure=morph][model=cats]', part: '[part=strip]' },
  map: { figure: '[figure=map]', part: '.plot' },
  puzzle: { figure: '[figure=puzzle]', part: '.both', hasWords: true },
  fashion: { figure: '[model=fashion]', part: '.panels', hasWords: true },
  emoji: { figure: '[figure=morph][model=emoji]', part: '[part=strip]' },
  microscope: { figure: '[figure=microscope]', part: '.flow', hasWords: true },
  direction: { figure: '[figure=direction]', part: '[part=strip]' },
  train: { figure: '[figure=train]:not([lesson])', part: '[part=stage]', steps: 5000, hasWords: true },
};

const folder = new URL('../www/posters/', import.meta.url);
mkdirSync(folder, { recursive: true });
const page = new URL('../www/index.html', import.meta.url);

const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  for (const name of Object.keys(posters)) {
    if (language && !posters[name].hasWords) continue;
    if (only.length === 0 || only.includes(name)) await take(name);
  }
} finally {
  await browser.close();
}

/** @param {string} name */
async function take(name) {
  const { figure, part, steps, until } = posters[name];
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.setViewport(WINDOW);
  await tab.goto(new URL(`${language ? `${language}.html` : ''}?engine=cpu`, address).href);
  const selector = `latent-lab${figure}`;
  await tab.waitForFunction(settled, { polling: 100 }, selector);
  if (steps) await train(tab, selector, steps);
  if (until) {
    const isThere = (/** @type {string} */ figure, /** @type {string} */ until) =>
      Boolean(document.querySelector(figure)?.shadowRoot?.querySelector(until));
    await tab.waitForFunction(isThere, { polling: 100 }, selector, until);
  }
  for (const scheme of ['light', 'dark']) {
    await tab.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const node = (
      await tab.evaluateHandle(
        (figure, part) => document.querySelector(figure)?.shadowRoot?.querySelector(part),
        selector,
        part,
      )
    ).asElement();
    if (!node) throw new Error(`${name}: there is no ${part}`);
    const picture = await /** @type {import('puppeteer-core').ElementHandle<Element>} */ (node).screenshot({
      type: 'webp',
      quality: QUALITY,
    });
    writeFileSync(new URL(`${name}-${scheme}${language ? `.${language}` : ''}.webp`, folder), picture);
    if (scheme === 'light' && !language) await write(name, /** @type {any} */ (await node.boundingBox()));
    console.log(`${name}, ${scheme}: ${picture.length} bytes`);
  }
  await context.close();
}

/**
 * In the page: true once a figure shows something. Scrolls to it on each call, since the figures above it grow. @param {string} selector
 */
function settled(selector) {
  const figure = /** @type {import('../www/element/element.js').LatentLabElement} */ (document.querySelector(selector));
  figure.scrollIntoView();
  return figure.status === 'ready';
}

/**
 * @param {import('puppeteer-core').Page} tab
 * @param {string} selector
 * @param {number} steps
 */
async function train(tab, selector, steps) {
  const press = () =>
    tab.$eval(selector, (figure) =>
      /** @type {HTMLElement | null} */ (figure.shadowRoot?.querySelector('[part=play]') ?? null)?.click(),
    );
  await press();
  await tab.waitForFunction(
    (selector, steps) => {
      const status = document.querySelector(selector)?.shadowRoot?.querySelector('[part=status]')?.textContent ?? '';
      return Number(/^\D*([\d.,]+)/.exec(status)?.[1].replace(/[.,]/g, '')) >= steps;
    },
    { polling: 200 },
    selector,
    steps,
  );
  await press();
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

/**
 * Writes the size that the page reserves for a poster.
 * @param {string} name
 * @param {{width: number, height: number}} box
 */
async function write(name, { width, height }) {
  const text = readFileSync(page, 'utf8');
  const size = `src="posters/${name}-light.webp" width="${Math.ceil(width)}" height="${Math.ceil(height)}"`;
  writeFileSync(page, text.replace(new RegExp(`src="posters/${name}-light\\.webp" width="\\d+" height="\\d+"`), size));
}
