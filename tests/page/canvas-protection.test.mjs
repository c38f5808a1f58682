// Firefox and Tor Browser with privacy.resistFingerprinting return noise when pixels are read from a canvas. The page must not train on
// it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { append, ARTICLE, eventually, figureAddress, openFirefox, selectorOf } from './support/browser.mjs';
import { withPuppeteer } from './support/browsers.mjs';

const NOISE = /this browser gives pages noise instead of the pixels of pictures.*allow this page to read canvas data/;

let browser;
before(async () => {
  browser = await withPuppeteer(openFirefox({ 'privacy.resistFingerprinting': true }));
  await browser.open(figureAddress('train'));
  await browser.run(append, [ARTICLE['one-picture'], ARTICLE.morph]);
});
after(() => browser?.close());

/** Scrolls to a figure until it is ready. */
function ready(selector) {
  return eventually(async () => {
    const status = await browser.run(async (selector) => {
      const figure = document.querySelector(selector);
      figure.scrollIntoView();
      return figure.status;
    }, selector);
    assert.equal(status, 'ready');
  });
}

const text = (selector, part) =>
  browser.run(
    async ([selector, part]) =>
      document.querySelector(selector).shadowRoot.querySelector(`[part=${part}]`)?.textContent ?? '',
    [selector, part],
  );

const press = (selector, part) =>
  browser.run(
    async ([selector, part]) => document.querySelector(selector).shadowRoot.querySelector(`[part=${part}]`).click(),
    [selector, part],
  );

/** A PNG of one pixel, red. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

test('a canvas returns noise in this browser, as the other tests assume', async () => {
  const differs = await browser.run(async () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.fillStyle = '#2468ac';
    context.fillRect(0, 0, 20, 20);
    return [...context.getImageData(0, 0, 20, 20).data].some((value, i) => value !== [0x24, 0x68, 0xac, 255][i % 4]);
  });
  assert.ok(differs);
});

/** Drops a picture of one pixel on a figure. @param {string} figure its selector */
function dropPixel(figure) {
  return browser.run(
    async ([selector, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'red.png', { type: 'image/png' }));
      const node = document.querySelector(selector).shadowRoot.querySelector('[part=figure]');
      node.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [figure, PIXEL],
  );
}

test('pictures are refused with the reason and a remedy, and the page’s own digits can be trained on', async () => {
  const train = selectorOf('train');
  await ready(train);
  await dropPixel(train);
  await eventually(async () => assert.match(await text(train, 'sources-status'), NOISE));
  await press(train, 'use-digits');
  await eventually(async () => assert.equal(await text(train, 'count'), '2,000 pictures'));
  await press(train, 'play');
  await eventually(async () => {
    await ready(train);
    assert.match(await text(train, 'status'), /^Step (?:[2-9]|\d[\d,]+) /);
  });
  await press(train, 'reset');
});

test('the lesson of one picture says why it cannot start', async () => {
  const lesson = selectorOf('one-picture');
  await ready(lesson);
  await press(lesson, 'play');
  await eventually(async () => assert.match(await text(lesson, 'status'), NOISE));
});

test('a script that encodes or exports a picture gets the same message', async () => {
  const morph = selectorOf('morph');
  await ready(morph);
  const reasons = await browser.run(
    async ([selector, base64]) => {
      const figure = document.querySelector(selector);
      const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const reason = (promise) =>
        promise.then(
          () => 'nothing',
          (error) => error.message,
        );
      return [await reason(figure.encode(file)), await reason(figure.toBlob())];
    },
    [morph, PIXEL],
  );
  for (const reason of reasons) assert.match(reason, NOISE);
});

test('a picture for an end of a path is refused with the same message', async () => {
  const morph = selectorOf('morph');
  await ready(morph);
  await press(morph, 'from-own');
  await eventually(async () => assert.match(await text(morph, 'own-dialog'), /Choose a file/));
  await dropPixel(morph);
  await eventually(async () => assert.match(await text(morph, 'own-status'), NOISE));
});
