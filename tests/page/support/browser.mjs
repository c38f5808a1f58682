// Shared by the page's tests: a browser, a visit that records complaints, and functions that operate figures.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import puppeteer from 'puppeteer-core';

import { attributes } from '../../../www/state/attributes.js';

/** The page's address; `cargo xtask test` sets it. */
export const address = process.env.LATENT_LAB_URL;
assert.ok(address, 'LATENT_LAB_URL must say where the page is served');

/**
 * A page with a single figure, for `visit` to start from: it costs a fraction of a visit to the article.
 * @param {string} name of a figure of the article, whose attributes it gets
 * @param {Record<string, string | number>} [attributes] attributes that replace those, or add to them
 * @param {string} [origin] of the server
 */
export function figureAddress(name, attributes = {}, origin = address) {
  assert.ok(name in ARTICLE, name);
  const parameters = Object.entries({ ...ARTICLE[name], ...attributes }).map(([key, value]) => [key, String(value)]);
  return `${origin}embed.html?${new URLSearchParams(parameters)}`;
}

/** Attributes of the article's figures. */
export const ARTICLE = {
  morph: { figure: 'morph', model: 'digits', from: '3:2', to: '8:4' },
  paths: { figure: 'paths', model: 'digits', from: '3:2', to: '8:4', t: 0.5 },
  samples: { figure: 'samples', model: 'digits', compare: 'digits-plain', seed: 7 },
  map: { figure: 'map', model: 'map' },
  puzzle: { figure: 'puzzle', model: 'map', day: '2026-11-29' },
  posterior: { figure: 'posterior', model: 'digits', from: '3:2' },
  traversal: { figure: 'traversal', model: 'digits', from: '3:2' },
  microscope: { figure: 'microscope', model: 'digits', from: '3:2', to: '8:4' },
  direction: { figure: 'direction', model: 'digits', from: '7', amount: 0.5 },
  cats: { figure: 'morph', model: 'cats', from: '4:5', to: '8:9' },
  emoji: { figure: 'morph', model: 'emoji', from: '7:3', to: '5:1' },
  'one-picture': { figure: 'train', lesson: 'one-picture' },
  sizes: { figure: 'train', lesson: 'sizes' },
  'few-and-many': { figure: 'train', lesson: 'few-and-many' },
  train: { figure: 'train' },
};

/** Names of the article's figures. */
export const FIGURES = [
  'morph',
  'sizes',
  'samples',
  'posterior',
  'traversal',
  'one-picture',
  'paths',
  'few-and-many',
  'cats',
  'map',
  'puzzle',
  'fashion',
  'emoji',
  'direction',
  'microscope',
  'train',
];

/** Kinds of figures: the values of the attribute `figure`. */
export const KINDS = attributes.figure.choices;

/** Longest time for anything, in milliseconds: enough for a busy machine. */
export const PATIENCE = 90_000;

const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Longest time for a browser to start, in milliseconds: other test files keep the processors busy meanwhile. */
const START = 120_000;

// Without the sandbox, which root cannot use.
const open = (options, more) =>
  puppeteer.launch({ ...options, timeout: START, args: ['--no-sandbox', ...quiet, ...more] });

/** Chromium without windows: the same engine from the same package, and a visit costs less than half the CPU time. */
export function openChromium(...more) {
  return open({ executablePath: '/usr/bin/chromium-headless-shell', headless: 'shell' }, more);
}

/** Chromium as readers have it. */
export function openWholeChromium(...more) {
  return open({ executablePath: '/usr/bin/chromium' }, more);
}

/** With WebGPU computed by the processor: correct results, but meaningless speeds. */
export function openChromiumWithWebGpu() {
  return openChromium('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader');
}

/** The line that Chromium logs once if it has WebGPU but no adapter; no page can prevent it. */
export const NO_ADAPTER = 'No available adapters.';

/**
 * @param {Record<string, unknown>} [preferences] as about:config has them
 * @param {{isWatched?: boolean}} [options] true if tests listen to requests: Firefox reports them through scripts in its main process,
 *   which makes a visit a third more expensive
 */
export function openFirefox(preferences = {}, { isWatched = false } = {}) {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    timeout: START,
    extraPrefsFirefox: preferences,
    networkEnabled: isWatched,
  });
}

/**
 * Opens the page in its own context, so that nothing is in the cache.
 *
 * Nothing moves by itself unless `motion` says so, and a visit fails if it has `complaints`: the browser's messages about the page,
 * unhandled rejections included, and requests that left the page's origin.
 */
export async function visit(browser, options = {}) {
  const { from = address, width = 1280, height = 900, touch = false, motion = false, scheme = 'light' } = options;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width, height, hasTouch: touch });
  await page.emulateMediaFeatures([
    { name: 'prefers-reduced-motion', value: motion ? 'no-preference' : 'reduce' },
    { name: 'prefers-color-scheme', value: scheme },
  ]);
  const complaints = [];
  const notes = [];
  const requests = [];
  page.on('console', (message) => {
    if (message.text() === NO_ADAPTER) notes.push(message.text());
    else if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error?.message ?? error}`));
  page.on('request', (request) => {
    requests.push(request.url());
    // A blob is the page's own, and a data address needs no server.
    const target = request.url().replace(/^blob:/, '');
    if (!target.startsWith(new URL(from).origin) && !target.startsWith('data:') && !target.startsWith('null/')) {
      complaints.push(`request to ${request.url()}`);
    }
  });
  if (options.before) await page.evaluateOnNewDocument(options.before);
  await page.goto(from);
  const figure = (name) => new Figure(page, name);
  return { page, figure, complaints, notes, requests, close: () => context.close() };
}

/**
 * Adds figures below the one of `figureAddress`, to test how figures affect each other.
 * @param {import('puppeteer-core').Page} page
 * @param {...Record<string, string | number>} figures the attributes of each
 */
export function add(page, ...figures) {
  return page.evaluate(append, figures);
}

/** In the page: `add`. */
export async function append(figures) {
  for (const attributes of figures) {
    const figure = document.createElement('latent-lab');
    for (const [name, value] of Object.entries(attributes)) figure.setAttribute(name, String(value));
    document.querySelector('main').append(figure);
  }
}

/** Repeats an assertion until it holds; after `PATIENCE` its failure is the test's. */
export async function eventually(assertion) {
  for (const end = Date.now() + PATIENCE; ;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Figures of the page that are not the first of their kind. */
const others = {
  train: 'latent-lab[figure=train]:not([lesson])',
  'one-picture': 'latent-lab[lesson=one-picture]',
  sizes: 'latent-lab[lesson=sizes]',
  'few-and-many': 'latent-lab[lesson=few-and-many]',
  cats: 'latent-lab[figure=morph][model=cats]',
  fashion: 'latent-lab[model=fashion]',
  emoji: 'latent-lab[figure=morph][model=emoji]',
};

/** The place of a figure, by what it shows: `train` is the one without a prepared lesson. */
export const selectorOf = (name) => others[name] ?? `latent-lab[figure=${name}]`;

/** One `<latent-lab>` of a page, by what it shows. */
export class Figure {
  constructor(page, name) {
    this.page = page;
    this.selector = selectorOf(name);
  }

  /** Scrolls to the figure and waits until it shows a picture, or a failure. */
  async settled() {
    await this.evaluate((element) => element.scrollIntoView());
    return eventually(async () => {
      const status = await this.status();
      assert.ok(['ready', 'error'].includes(status), `${this.selector} is ${status}`);
      return status;
    });
  }

  async ready() {
    assert.equal(await this.settled(), 'ready', (await this.failure()) ?? '');
    return this;
  }

  status() {
    return this.evaluate((element) => element.status);
  }

  state() {
    return this.evaluate((element) => element.state);
  }

  set(name, value) {
    return this.evaluate((element, ...pair) => element.setAttribute(...pair), name, value);
  }

  /**
   * In the page: work on the figure's element. Neither by `$eval` nor by `waitForFunction` or `waitForSelector`: they run in a separate
   * world, whose answer is sometimes lost when WebGPU is busy.
   */
  evaluate(work, ...args) {
    const call = `(selector, ...args) => (${work})(document.querySelector(selector), ...args)`;
    return this.page.evaluate(`(${call})(...${JSON.stringify([this.selector, ...args])})`);
  }

  /** The element that has this `part`. */
  part(name) {
    return this.inside(`[part=${name}]`);
  }

  /** The first element inside the figure that a selector finds, once it is there. */
  inside(selector) {
    return eventually(async () => {
      const found = await this.page.evaluateHandle(
        (figure, inner) => document.querySelector(figure)?.shadowRoot?.querySelector(inner),
        this.selector,
        selector,
      );
      const element = found.asElement();
      assert.ok(element, `${this.selector} has no ${selector}`);
      return element;
    });
  }

  /** A click at the middle of a part, as by a mouse. The last click may still change the layout, so the part has to be at rest. */
  async click(name) {
    const part = await this.part(name);
    await part.evaluate(settled);
    await part.click();
  }

  async focus(name) {
    await (await this.part(name)).focus();
  }

  async box(name) {
    const part = await this.part(name);
    await part.scrollIntoView();
    return part.boundingBox();
  }

  /** Gray values of every canvas that is, or is in, a part: [canvas][pixel]. Asserts that each is gray and opaque. */
  async pictures(name) {
    const all = await (
      await this.part(name)
    ).evaluate((node) => {
      const canvases = node.matches('canvas') ? [node] : [...node.querySelectorAll('canvas')];
      return canvases.map((canvas) => {
        const rgba = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const grey = Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i]);
        return rgba.every((value, i) => value === (i % 4 === 3 ? 255 : grey[i >> 2])) ? grey : null;
      });
    });
    assert.ok(!all.includes(null), `${name} is not grey and opaque`);
    return all;
  }

  /** Gray values of the only canvas of a part. */
  async picture(name = 'picture') {
    const [picture, ...more] = await this.pictures(name);
    assert.equal(more.length, 0);
    return picture;
  }

  /** Text of the failure panel; null unless the figure has failed. */
  failure() {
    return this.evaluate((element) => element.shadowRoot.querySelector('[part=failure]')?.innerText ?? null);
  }
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations that axe-core finds in a page, one line for each rule. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ iframes: false }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
}

/** In the page: waits until an element has not moved for a frame. @param {Element} element */
async function settled(element) {
  const place = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return `${x} ${y} ${width} ${height}`;
  };
  for (let before = ''; before !== place();) {
    before = place();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
