// One browser for the tests of a file, and visits that must cause no complaints.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';

import { ARTICLE, figureAddress, openChromium, visit } from './browser.mjs';

/**
 * Called once, at the top of a file.
 * @returns {((options?: Parameters<typeof visit>[1]) => ReturnType<typeof visit>) & {shared: ReturnType<typeof sharing>}} a visit,
 *   closed and judged after the test that it is for
 */
export function visits(open = openChromium) {
  let browser;
  let all = [];
  const kept = new Map();
  before(async () => (browser = await open()));
  after(() => browser?.close());
  afterEach(async () => {
    const done = all;
    all = [];
    for (const seen of done) await seen.close();
    for (const seen of done) assert.deepEqual(seen.complaints, []);
    for (const { complaints } of kept.values()) assert.deepEqual(complaints.splice(0), []);
  });
  const once = async (options) => {
    const { close, ...rest } = await visit(browser, options);
    let closing;
    const seen = { ...rest, close: () => (closing ??= close()) };
    all.push(seen);
    return seen;
  };
  return Object.assign(once, { shared: sharing((options) => visit(browser, options), kept) });
}

/**
 * For tests of one figure that depend on nothing else in the page: they share a page, and each gets a new figure there, which costs a
 * quarter of a visit.
 * @param {(options: Parameters<typeof visit>[1]) => ReturnType<typeof visit>} open
 * @param {Map<string, Awaited<ReturnType<typeof visit>>>} kept a visit for each set of options
 */
function sharing(open, kept) {
  /**
   * @param {string} name of a figure of the article, whose attributes it gets
   * @param {Record<string, string | number>} [attributes] attributes that replace those, or add to them
   * @param {{width?: number, height?: number, touch?: boolean, motion?: boolean, before?: () => void}} [options]
   */
  return async (name, attributes = {}, options = {}) => {
    const key = JSON.stringify({ ...options, before: String(options.before) });
    const seen = kept.get(key);
    if (seen) {
      await seen.page.mouse.move(0, 0);
      await seen.page.evaluate(renew, { ...ARTICLE[name], ...attributes });
      return seen;
    }
    kept.set(key, await open({ from: figureAddress(name, attributes), ...options }));
    return kept.get(key);
  };
}

/** In the page: replaces all figures with a new one. */
export function renew(attributes) {
  for (const old of document.querySelectorAll('latent-lab')) old.remove();
  const figure = document.createElement('latent-lab');
  for (const [name, value] of Object.entries(attributes)) figure.setAttribute(name, String(value));
  document.querySelector('main').append(figure);
  scrollTo(0, 0);
}
