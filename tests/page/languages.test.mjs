// The German article in Chromium: each language links to the other, and the German page works like the English one.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { address, eventually, FIGURES, openChromium, PATIENCE, violations, visit } from './support/browser.mjs';
import { print } from './support/paper.mjs';

const german = new URL('de.html', address).href;

/** Other parts that an address may have. */
const [SEARCH, HASH] = ['?engine=cpu', '#latent-lab?figure=map&x=1.5'];

let browser;
let seen;
before(async () => (browser = await openChromium()));
after(() => browser?.close());
afterEach(async () => {
  await seen?.close();
  assert.deepEqual(seen?.complaints ?? [], []);
  seen = undefined;
});

/** Waits until the page has loaded and has this address. */
const arrives = (page, at) =>
  eventually(async () => {
    assert.equal(page.url(), at);
    assert.equal(await page.evaluate(() => document.readyState), 'complete');
  });

for (const [from, to] of [
  [`${address}${SEARCH}&lang=de${HASH}`, `${german}${SEARCH}${HASH}`],
  [`${address}?lang=de-AT#few-cats`, `${german}#few-cats`],
  [`${german}?lang=en${HASH}`, `${address}${HASH}`],
  [`${german}?lang=de`, `${german}?lang=de`],
  [`${address}?lang=tlh#cats`, `${address}?lang=tlh#cats`],
]) {
  test(`${from.replace(address, '/')} leads to ${to.replace(address, '/')}`, async () => {
    seen = await visit(browser, { from });
    await arrives(seen.page, to);
    assert.equal(await seen.page.evaluate(() => document.documentElement.lang), to.startsWith(german) ? 'de' : 'en');
  });
}

test('the link to the other language keeps the parameters that the address has when the link is used', async () => {
  seen = await visit(browser, { from: `${address}${SEARCH}#few-cats` });
  const { page } = seen;
  // The same event precedes a menu that copies the link.
  await page.evaluate(() => document.querySelector('.language').dispatchEvent(new PointerEvent('pointerdown')));
  assert.equal(await page.$eval('.language', (link) => link.href), `${german}${SEARCH}#few-cats`);
  await page.evaluate(() => {
    document.querySelector('.contents a[href="#walk"]').click();
    document.querySelector('.language').click();
  });
  await arrives(page, `${german}${SEARCH}#walk`);
  await page.evaluate((hash) => {
    history.replaceState(null, '', hash);
    document.querySelector('.language').click();
  }, HASH);
  await arrives(page, `${address}${SEARCH}${HASH}`);
});

test('the figures of the German article are in German, no text overflows, and axe finds nothing', async () => {
  seen = await visit(browser, { from: german, width: 320 });
  for (const name of FIGURES) {
    const figure = await seen.figure(name).ready();
    const words = await figure.evaluate((element) => element.shadowRoot.textContent);
    assert.match(words, /Einbetten/, name);
    assert.doesNotMatch(words, /\b(Embed|the|Pictures)\b/, name);
  }
  await seen.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  for (const width of [320, 390, 768, 1280]) {
    await seen.page.setViewport({ width, height: 900 });
    await eventually(async () => assert.deepEqual(await seen.page.evaluate(overflowing), [], `${width} pixels`));
  }
  assert.deepEqual(await violations(seen.page), []);
});

/** In the page: texts that overflow their element, and elements that overflow the screen, except tables and formulas, which scroll. */
function overflowing() {
  const isOutside = (node) => {
    const { right, width } = node.getBoundingClientRect();
    return width > 0 && right > innerWidth + 1;
  };
  const isCut = (node) => node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1;
  const blocks =
    'h1, h2, p, li, figcaption, summary, dt, dd, caption, th, td, .sheet-of-pictures span, .chart-of-results';
  const cut = [...document.querySelectorAll(blocks)].filter(isCut);
  const outside = [...document.querySelectorAll('body *')].filter(
    (node) => isOutside(node) && !node.closest('.table, math'),
  );
  return [...cut, ...outside].map((node) => `${node.localName}: ${node.textContent.trim().slice(0, 60)}`);
}

test('without scripts the German article is complete, with a picture and a caption for each figure', async () => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setJavaScriptEnabled(false);
  await page.goto(german);
  await page.evaluate(() => {
    for (const image of document.images) image.loading = 'eager';
  });
  await eventually(async () => {
    const arrived = await page.evaluate(() =>
      [...document.images].map(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    );
    assert.ok(arrived.length >= FIGURES.length && arrived.every(Boolean), `${arrived}`);
  });
  const words = await page.evaluate(() => document.body.innerText);
  for (const each of [
    'Die Figuren dieses Artikels brauchen JavaScript',
    'Vierzig Listen von Zufallszahlen',
    'Kolophon',
  ]) {
    assert.ok(words.includes(each), each);
  }
  assert.equal(await page.$eval('.language', (link) => link.href), address);
  await context.close();
});

test('the German article is printed in German', async () => {
  seen = await visit(browser, { from: german });
  await seen.figure('morph').ready();
  const text = (await print(seen.page)).text.replace(/\s+/g, ' ');
  for (const words of [
    'Zwei handgeschriebene Ziffern',
    'Vierzig Listen von Zufallszahlen',
    'Oben ein Filter von Hand',
  ]) {
    assert.ok(text.includes(words), words);
  }
});
