/**
 * The page's vital signs as https://web.dev/articles/vitals defines them: when its largest part is painted, what moves while it loads and
 * is read, and how soon a frame answers input while a figure animates; and the cost of a first view.
 */

import { launch } from './chromium.mjs';
import { pathsOf, withoutServiceWorker } from './first-picture.mjs';

/**
 * @typedef {object} Vitals
 * @property {string} screen
 * @property {number} largestPaint milliseconds from the start of the navigation
 * @property {number} shift sum of all layout shifts, from the top of the page to its end
 * @property {number} answer slowest input to next frame, in milliseconds, of `inputs`
 * @property {number} inputs
 * @property {string[]} files that a first view asks for, without scrolling
 */

const SCREENS = [
  { screen: 'laptop', width: 1280, height: 800, deviceScaleFactor: 1 },
  { screen: 'phone', width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
];

/** Milliseconds without a request after which the first view counts as complete. */
const QUIET = 1_500;

/** Keys that are pressed while a figure animates. */
const PRESSES = 30;

/**
 * @param {string} address of the page
 * @returns {Promise<Vitals[]>}
 */
export async function measureVitals(address) {
  const all = [];
  for (const { screen, ...viewport } of SCREENS) {
    const files = await pathsOf(address, (proxied) => visit(proxied, viewport, async () => {}));
    const read = await visit(address, viewport, async (page) => {
      const answers = await animateAndPress(page);
      await scrollThrough(page);
      return answers;
    });
    all.push({ screen, ...read, files });
  }
  return all;
}

/**
 * One visit with a fresh profile.
 * @param {string} address
 * @param {import('puppeteer-core').Viewport} viewport
 * @param {(page: import('puppeteer-core').Page) => Promise<void>} use
 */
async function visit(address, viewport, use) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.setViewport(viewport);
    await page.evaluateOnNewDocument(withoutServiceWorker);
    await page.evaluateOnNewDocument(watch);
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForNetworkIdle({ idleTime: QUIET });
    await use(page);
    // The browser reports frames and layout shifts a moment after they happened.
    await new Promise((done) => setTimeout(done, 500));
    return await page.evaluate(() => {
      const { largestPaint, shift, answers } = /** @type {any} */ (globalThis).vitals;
      return { largestPaint, shift, answer: Math.max(0, ...answers), inputs: answers.length };
    });
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function watch() {
  const vitals = { largestPaint: 0, shift: 0, answers: /** @type {number[]} */ ([]) };
  Object.assign(globalThis, { vitals });
  /** @param {string} type @param {(entry: any) => void} look @param {object} [more] */
  const observe = (type, look, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(look)).observe({ type, buffered: true, ...more });
  observe('largest-contentful-paint', ({ startTime }) => (vitals.largestPaint = startTime));
  observe('layout-shift', ({ value, hadRecentInput }) => (vitals.shift += hadRecentInput ? 0 : value));
  observe('event', ({ interactionId, duration }) => interactionId && vitals.answers.push(duration), {
    durationThreshold: 16,
  });
}

/** @param {import('puppeteer-core').Page} page */
async function animateAndPress(page) {
  const element = await page.$('latent-lab >>> [part~=t]');
  if (!element) throw new Error('the first figure has no slider');
  const play = () => page.evaluate(() => /** @type {any} */ (document.querySelector('latent-lab')).play());
  await element.evaluate((part) => part.scrollIntoView({ block: 'center' }));
  for (let press = 0; press < PRESSES; press++) {
    // A key on the slider stops the animation, so it is started again each time.
    await play();
    await new Promise((done) => setTimeout(done, 60));
    await element.focus();
    await page.keyboard.press(press % 2 ? 'ArrowLeft' : 'ArrowRight');
  }
}

/** Scrolls to the end of the page, past every figure. @param {import('puppeteer-core').Page} page */
async function scrollThrough(page) {
  await page.evaluate(async () => {
    const pause = () => new Promise((done) => setTimeout(done, 150));
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight / 2) {
      scrollTo({ top, behavior: 'instant' });
      await pause();
    }
  });
}
