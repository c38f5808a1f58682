// One browser for the tests of a file, and visits that must leave nothing to complain about.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import { openChromium, visit } from './browser.mjs';

/**
 * Called once, at the top of a file.
 * @returns {(options?: Parameters<typeof visit>[1]) => ReturnType<typeof visit>} a visit, closed and judged after the test that it is for
 */
export function visits(open = openChromium) {
  let browser;
  let all = [];
  before(async () => (browser = await open()));
  after(() => browser?.close());
  afterEach(async () => {
    const done = all;
    all = [];
    for (const seen of done) await seen.close();
    for (const seen of done) assert.deepEqual(seen.complaints, []);
  });
  return async (options) => {
    const { close, ...rest } = await visit(browser, options);
    let closing;
    const seen = { ...rest, close: () => (closing ??= close()) };
    all.push(seen);
    return seen;
  };
}
