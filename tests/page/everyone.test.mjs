// Accessibility: other languages, screen readers, keyboards, little data, zoom, forced colors, and text from right to left.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { inWords, shares } from '../../www/views/parts/announcer.js';
import { address, eventually, KINDS, openChromium, visit } from './support/browser.mjs';
import { FaultyServer } from './support/faulty-server.mjs';

const variant = (name) => new URL(`variants/${name}.html`, address).href;
const figures = KINDS;

let browser;
let seen;
let server;
before(async () => (browser = await openChromium()));
after(() => browser?.close());
afterEach(async () => {
  await seen?.close();
  server?.stop();
  [seen, server] = [undefined, undefined];
});

/** In the page: every visible text and every spoken name in the figures that contains a word and is not in brackets. */
function unbracketed() {
  const found = [];
  const isWord = (text) =>
    /\p{L}{2}/u.test(
      text.replaceAll(/\[\[[^]*?\]\]/g, '').replaceAll(/Latent Lab|WebGPU|CPU|GIF|APNG|WebM|KL|MB|kB|ms\b|nats/g, ''),
    );
  const look = (root, name) => {
    for (const node of root.querySelectorAll('*')) {
      if (['STYLE', 'SCRIPT', 'TEXTAREA'].includes(node.tagName)) continue;
      const own = [...node.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data);
      const spoken = ['aria-label', 'aria-valuetext', 'aria-roledescription', 'title', 'alt', 'placeholder'].map(
        (each) => node.getAttribute(each) ?? '',
      );
      for (const text of [...own, ...spoken]) if (isWord(text)) found.push(`${name}: ${node.localName} ${text}`);
    }
  };
  for (const figure of document.querySelectorAll('latent-lab')) look(figure.shadowRoot, figure.getAttribute('figure'));
  return found;
}

test('every visible or spoken word of every figure and dialog can be translated', async () => {
  server = await FaultyServer.start();
  // In this test's language, every text is the English one in brackets.
  server.break('texts/de.json', ({ body, ...rest }) => {
    const texts = Object.fromEntries(
      Object.entries(JSON.parse(body)).map(([key, value]) => [
        key,
        typeof value === 'string'
          ? `[[${key}]]`
          : Object.fromEntries(Object.keys(value).map((form) => [form, `[[${key}]]`])),
      ]),
    );
    return { ...rest, body: Buffer.from(JSON.stringify(texts)) };
  });
  seen = await visit(browser, { from: `${server.address}variants/german.html` });
  for (const name of figures) await seen.figure(name).ready();
  const morph = seen.figure('morph');
  for (const [open, dialog] of [
    ['export', 'export-dialog'],
    ['embed', 'embed-dialog'],
    ['from-draw', 'pad-dialog'],
    ['from-own', 'own-dialog'],
  ]) {
    await morph.click(open);
    await morph.inside(`[part=${dialog}][open]`);
    await seen.page.keyboard.press('Escape');
  }
  const train = seen.figure('train');
  for (const open of ['draw', 'camera']) {
    await train.click(open);
    await train.inside(`[part=${open}-dialog][open]`);
    await seen.page.keyboard.press('Escape');
  }
  await train.click('use-digits');
  await train.click('step');
  await eventually(async () =>
    assert.match(await (await train.part('status')).evaluate((node) => node.textContent), /1/),
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  // Brackets are nested where one text is part of another.
  const bare = (await seen.page.evaluate(unbracketed)).filter((line) => !line.includes('[['));
  assert.deepEqual(bare, []);
  assert.deepEqual(seen.complaints, []);
});

test('if the file of translations is missing, figures use English and warn once', async () => {
  server = await FaultyServer.start();
  server.break('texts/de.json', () => ({ status: 404, headers: {}, body: Buffer.alloc(0) }));
  seen = await visit(browser, { from: `${server.address}variants/german.html` });
  const figure = await seen.figure('morph').ready();
  assert.equal(await (await figure.part('play')).evaluate((node) => node.textContent), 'Play');
  assert.equal(seen.complaints.filter((line) => line.startsWith('latent-lab:')).length, 1);
});

describe('a picture is described to screen readers', () => {
  const stored = {
    latent: 1,
    mean: Float32Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 10) + i / 100),
    labels: Uint8Array.from({ length: 40 }, (_, i) => (i < 20 ? 4 : 9)),
  };

  test('by the labels of the closest stored codes', () => {
    const [first] = shares(Float32Array.of(0.1), stored);
    assert.equal(first.digit, 4);
    assert.ok(first.share > 0.99);
    assert.equal(
      inWords([
        { digit: 4, share: 0.9 },
        { digit: 9, share: 0.1 },
      ]),
      'a 4',
    );
    assert.equal(
      inWords([
        { digit: 4, share: 0.7 },
        { digit: 9, share: 0.3 },
      ]),
      'mostly a 4, some 9',
    );
    assert.equal(
      inWords([
        { digit: 4, share: 0.7 },
        { digit: 9, share: 0.1 },
      ]),
      'mostly a 4',
    );
    assert.equal(
      inWords([
        { digit: 4, share: 0.5 },
        { digit: 9, share: 0.4 },
      ]),
      'between a 4 and a 9',
    );
  });

  test('after the reader’s change has settled, not on every frame', async () => {
    seen = await visit(browser, { from: variant('script') });
    const figure = await seen.figure('morph').ready();
    const told = await figure.part('told');
    await told.evaluate((node) => {
      globalThis.said = [];
      new MutationObserver(() => node.textContent && globalThis.said.push(node.textContent)).observe(node, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await eventually(async () => {
      await figure.focus('t');
      await seen.page.keyboard.press('Home');
      for (let i = 0; i < 10; i++) await seen.page.keyboard.press('ArrowRight');
      await new Promise((resolve) => setTimeout(resolve, 1300));
      assert.deepEqual(await seen.page.evaluate(() => globalThis.said), ['a 3']);
    });
    await seen.page.keyboard.press('End');
    await eventually(async () => assert.equal((await seen.page.evaluate(() => globalThis.said)).at(-1), 'a 8'));
    await eventually(async () =>
      assert.match(
        await (await figure.part('picture')).evaluate((node) => node.getAttribute('aria-label')),
        /^Decoded picture between .*: a 8$/,
      ),
    );
    await seen.page.$eval('latent-lab', (element) => element.play());
    const before = await seen.page.evaluate(() => globalThis.said.length);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await seen.page.evaluate(() => globalThis.said.length), before);
    assert.deepEqual(seen.complaints, []);
  });

  for (const [name, act, words] of [
    [
      'map',
      (figure, keyboard) =>
        figure
          .focus('plot')
          .catch(() => {})
          .then(() => keyboard),
      /\d/,
    ],
    [
      'samples',
      (figure) => figure.click('new-seed'),
      /^Variational autoencoder: most often a \d, then \d and \d\. Plain autoencoder: /,
    ],
  ]) {
    test(`in ${name}`, async () => {
      seen = await visit(browser, { from: new URL(`embed.html?figure=${name}`, address).href });
      const figure = await seen.figure(name).ready();
      await eventually(async () => {
        await act(figure, seen.page.keyboard);
        if (name === 'map') {
          const { x, y, width, height } = await figure.box('plot');
          await seen.page.mouse.click(x + width / 3, y + height / 3);
        }
        await new Promise((resolve) => setTimeout(resolve, 1300));
        assert.match(await (await figure.part('told')).evaluate((node) => node.textContent), words);
      });
      assert.deepEqual(seen.complaints, []);
    });
  }
});

test('a reader who saves data is asked before files are fetched', async () => {
  seen = await visit(browser, {
    from: variant('script'),
    before: () => Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true }),
  });
  const figure = seen.figure('morph');
  const load = await figure.part('load');
  await seen.page.waitForNetworkIdle();
  assert.ok(!seen.requests.some((request) => /\.(wasm|safetensors)$/.test(request)), 'nothing was fetched');
  await load.click();
  await figure.ready();
  assert.deepEqual(seen.complaints, []);
});

/** In the page: controls and pictures that extend beyond the screen's edges, and whether the page scrolls sideways. */
function overflowing() {
  const nodes = [...document.querySelectorAll('latent-lab')].flatMap((figure) => [
    ...figure.shadowRoot.querySelectorAll('button, input:not(.unseen), canvas, label, p'),
  ]);
  const wide = nodes
    .map((node) => ({ node, ...node.getBoundingClientRect().toJSON() }))
    .filter(({ left, right, width }) => width > 0 && (left < -1 || right > innerWidth + 1))
    .map(({ node, left, right }) => `${node.outerHTML.slice(0, 80)} from ${left} to ${right}`);
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth} in ${clientWidth}`, ...wide] : wide;
}

/**
 * Asserts that no part of a figure is cut off on screens of these widths. A zoom of 200 % is a screen half as wide with pixels twice as
 * large.
 */
async function assertFits(...widths) {
  for (const width of widths) {
    await seen.page.setViewport({ width, height: 500 });
    // Figures learn their new width one frame later.
    await eventually(async () => {
      assert.equal(await seen.page.evaluate(() => innerWidth), width);
      assert.deepEqual(await seen.page.evaluate(overflowing), []);
    });
  }
}

test('from right to left nothing is cut off at 200 %', async () => {
  seen = await visit(browser, { from: variant('rtl'), width: 360, height: 500 });
  const here = await seen.page.$$eval('latent-lab', (all) => all.map(({ figure }) => figure));
  for (const figure of here) await seen.figure(figure).ready();
  await assertFits(360, 1280);
  assert.deepEqual(seen.complaints, []);
});

test('all figures of a German page use German, including its number format, and are not cut off at 200 %', async () => {
  seen = await visit(browser, { from: variant('german'), width: 320, height: 500 });
  for (const name of figures) await seen.figure(name).ready();
  await assertFits(320, 640);
  const text = async (figure, part) => (await seen.figure(figure).part(part)).evaluate((node) => node.textContent);
  assert.equal(await text('morph', 'play'), 'Abspielen');
  assert.equal(await text('samples', 'new-seed'), 'Neue Zufallszahlen');
  await seen.figure('train').click('use-digits');
  await eventually(async () => assert.equal(await text('train', 'count'), '2.000 Bilder'));
  assert.deepEqual(seen.complaints, []);
});

/** In the page: everything in the figures that cannot be seen in forced colors. */
function untold() {
  const said = [];
  for (const { shadowRoot, figure } of document.querySelectorAll('latent-lab')) {
    const all = (selector) => [...shadowRoot.querySelectorAll(selector)].filter((node) => node.checkVisibility());
    const style = (node) => getComputedStyle(node);
    for (const canvas of all('.picture canvas')) {
      if (style(canvas).forcedColorAdjust !== 'none') said.push(`${figure}: a picture loses its colors`);
    }
    for (const node of all('button')) {
      if (parseFloat(style(node).borderTopWidth) < 1) said.push(`${figure}: ${node.textContent} has no edge`);
    }
    for (const on of all('.choice input:checked + span')) {
      const others = [...on.closest('.choice').querySelectorAll('input:not(:checked) + span')];
      if (others.some((off) => style(off).backgroundColor === style(on).backgroundColor)) {
        said.push(`${figure}: ${on.textContent} is chosen, but does not look so`);
      }
    }
    for (const node of all('button, input[type=range], select')) {
      node.focus({ focusVisible: true });
      if (shadowRoot.activeElement === node && style(node).outlineStyle === 'none') {
        said.push(`${figure}: ${node.outerHTML.slice(0, 60)} has no focus`);
      }
    }
  }
  return said;
}

test('in forced colors pictures keep their own colors, and every edge, choice and focus is visible', async () => {
  seen = await visit(browser);
  const session = await seen.page.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  assert.ok(await seen.page.evaluate(() => matchMedia('(forced-colors: active)').matches));
  for (const figure of figures) await seen.figure(figure).ready();
  assert.deepEqual(await seen.page.evaluate(untold), []);
  assert.deepEqual(seen.complaints, []);
});

test('from right to left, sliders and arrow keys follow the page, and the map does not', async () => {
  seen = await visit(browser, { from: variant('rtl') });
  const figure = await seen.figure('morph').ready();
  await figure.focus('t');
  await seen.page.keyboard.press('Home');
  await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.ok((await figure.state()).t > 0, 'the left arrow key increases t'));
  const map = await seen.figure('map').ready();
  const { x, y, width, height } = await map.box('plot');
  await seen.page.mouse.click(x + 0.9 * width, y + 0.5 * height);
  await eventually(async () => assert.ok((await map.state()).x > 2, 'the right arrow key increases x'));
});

test('Page Up and Down, Home and End move sliders as the ARIA practices recommend', async () => {
  seen = await visit(browser, { from: new URL('embed.html?figure=map', address).href });
  const figure = await seen.figure('map').ready();
  const { x, y, width, height } = await figure.box('plot');
  await seen.page.mouse.click(x + width / 2, y + height / 2);
  for (const [key, holds] of [
    ['End', (at) => at.x === 3],
    ['Home', (at) => at.x === -3],
    ['PageUp', (at) => at.x > -3 + 0.1],
    ['ArrowUp', (at) => at.y > 0],
  ]) {
    await seen.page.keyboard.press(key);
    const state = await figure.state();
    assert.ok(holds(state), `${key}: ${state.x}, ${state.y}`);
  }
});
