// The three browser engines behind the same few functions.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';

import { openFirefox, openWholeChromium, PATIENCE } from './browser.mjs';
import { openWebKit } from './webkit.mjs';

/** Each browser engine: `open(address)`, then `run(asynchronous function, its argument)` in the document. */
export const browsers = {
  Chromium: () => withPuppeteer(openWholeChromium()),
  Firefox: () => withPuppeteer(openFirefox()),
  WebKit: withSelenium,
};

/**
 * Describes tests in each browser engine.
 * @param {(browser: {open: Function, run: Function}) => void} define gets the browser, whose functions are there once tests run
 */
export function inEveryBrowser(define) {
  for (const [name, open] of Object.entries(browsers)) {
    describe(name, () => {
      const browser = {};
      before(async () => Object.assign(browser, await open()));
      after(() => browser.close?.());
      define(browser);
    });
  }
}

/** @param {Promise<import('puppeteer-core').Browser>} opening */
export async function withPuppeteer(opening) {
  const browser = await opening;
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  return {
    open: (to) => page.goto(to),
    run: (work, task) => page.evaluate(work, task),
    close: () => browser.close(),
  };
}

async function withSelenium() {
  const { driver, close } = await openWebKit();
  const run = async (work, task) => {
    const script = `const done = arguments[1]; (${work})(arguments[0]).then(done, (error) => done({ error: String(error) }));`;
    const answer = await driver.executeAsyncScript(script, task);
    assert.equal(answer?.error, undefined);
    return answer;
  };
  return { open: (to) => driver.get(to), run, close };
}
