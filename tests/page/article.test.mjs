// The article in Chromium: its figures load when they come near the screen, pause off the screen, and have posters without scripts and
// on paper.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { address, eventually, FIGURES, openChromium, PATIENCE, visit } from './support/browser.mjs';

/** Steps after which a drawing is no longer blurred. */
const STEPS = 90;

let browser;
let seen;
before(async () => (browser = await openChromium()));
after(() => browser?.close());
afterEach(async () => {
  await seen?.close();
  assert.deepEqual(seen?.complaints ?? [], []);
  seen = undefined;
});

const statusOf = (figure) => figure.part('status').then((part) => part.evaluate((node) => node.textContent));
const stepOf = async (figure) => Number(/^Step ([\d,]+)/.exec(await statusOf(figure))?.[1].replace(',', '') ?? 0);

/** RGBA of each canvas of a part. */
async function canvases(figure, name) {
  return (await figure.part(name)).evaluate((node) => {
    const all = node.matches('canvas') ? [node] : [...node.querySelectorAll('canvas')];
    return all.map((canvas) => [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ]);
  });
}

test('figures far below the screen are not started, and their files are not fetched', async () => {
  seen = await visit(browser);
  await seen.figure('morph').ready();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (const name of FIGURES.filter((each) => each !== 'morph')) {
    assert.equal(await seen.figure(name).status(), 'idle', name);
  }
  const far = seen.requests.filter((request) =>
    /cats\.safetensors|map\.safetensors|views\/train\/|views\/traversal\/|views\/posterior\/|views\/paths\/|views\/puzzle\/|originals\.webp|\.training\.|late-assets|views\/direction\/|views\/microscope\//.test(
      request,
    ),
  );
  assert.deepEqual(far, []);
});

test('a figure pauses off the screen, and continues when it is back', async () => {
  seen = await visit(browser, { motion: true });
  const figure = await seen.figure('morph').ready();
  const t = async () => (await figure.state()).t;
  const start = await t();
  await eventually(async () => assert.notEqual(await t(), start));
  await seen.page.evaluate(() => document.querySelector('footer').scrollIntoView());
  const rests = await eventually(async () => {
    const one = await t();
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(await t(), one);
    return one;
  });
  await figure.ready();
  await eventually(async () => assert.notEqual(await t(), rests));
});

test('every stop between two cats shows a different picture', async () => {
  seen = await visit(browser);
  const figure = await seen.figure('cats').ready();
  const strip = await canvases(figure, 'strip');
  assert.equal(new Set(strip.map(String)).size, 11);
  const [before] = await canvases(figure, 'picture');
  await figure.set('t', '1');
  await eventually(async () => {
    const [now] = await canvases(figure, 'picture');
    assert.notDeepEqual(now, before);
    assert.deepEqual(now, strip[10]);
  });
});

describe('the lesson of one picture', () => {
  test('is prepared, starts by a button, and learns the picture', async () => {
    seen = await visit(browser, { from: `${address}?engine=cpu` });
    const figure = await seen.figure('one-picture').ready();
    await eventually(async () => assert.equal((await canvases(figure, 'variants')).length, 1));
    const choices = await figure.part('choices');
    await eventually(async () => assert.equal(await choices.evaluate((node) => node.parentElement.open), false));
    await figure.click('play');
    const loss = async () =>
      Number(
        /Reconstruction, nats\D*([\d,.]+)/.exec(
          await (await figure.part('losses')).evaluate((node) => node.textContent),
        )?.[1],
      );
    const early = await eventually(async () => {
      const now = await loss();
      assert.ok(now > 0);
      return now;
    });
    await eventually(async () => assert.ok((await stepOf(figure)) >= STEPS));
    await figure.click('play');
    await eventually(async () => assert.match(await statusOf(figure), /paused/));
    const late = await loss();
    assert.ok(late < early - 50, `the loss falls: ${early} nats, then ${late}`);
    await eventually(async () => {
      const { original, back } = halves((await canvases(figure, 'redrawn'))[0]);
      assert.ok(original.center > 60 && original.corner < -30, 'an orange cat on a dark blue background');
      assert.ok(
        back.center > 20 && back.corner < -20,
        `its reconstruction has the same colors: ${JSON.stringify(back)}`,
      );
    });
  });

  test('pauses while the other figure trains, and continues from its last step', async () => {
    seen = await visit(browser, { from: `${address}?engine=cpu` });
    const lesson = await seen.figure('one-picture').ready();
    await lesson.click('play');
    await eventually(async () => assert.ok((await stepOf(lesson)) >= 3));
    const other = await seen.figure('train').ready();
    await press(other, 'use-digits');
    await eventually(async () =>
      assert.match(await (await other.part('count')).evaluate((node) => node.textContent), /2,000/),
    );
    await press(other, 'play');
    await eventually(async () => assert.ok((await stepOf(other)) >= 2));
    const rested = await stepOf(lesson);
    assert.match(await statusOf(lesson), /paused/);
    await press(other, 'play');
    await eventually(async () => assert.match(await statusOf(other), /paused/));
    const left = await stepOf(other);
    // The other figure may have moved off the screen, where its run would wait.
    await press(lesson, 'play');
    await lesson.ready();
    await eventually(async () => assert.ok((await stepOf(lesson)) > rested));
    assert.equal(await stepOf(other), left, 'the other run waits');
    await press(lesson, 'play');
    await eventually(async () => assert.match(await statusOf(lesson), /paused/));
  });
});

/** Clicks a control by script, so that its position does not matter. */
async function press(figure, name) {
  await (await figure.part(name)).evaluate((node) => node.click());
}

/**
 * How much more red than blue there is in the middle and at the corner of each half of a canvas whose first picture, 32 by 32 pixels,
 * is above its reconstruction.
 * @param {number[]} rgba [65, width, 4]
 */
function halves(rgba) {
  const width = rgba.length / 4 / 65;
  const at = (x, y) => rgba[4 * (width * y + x)] - rgba[4 * (width * y + x) + 2];
  const [original, back] = [0, 33].map((top) => ({ center: at(16, top + 14), corner: at(1, top + 30) }));
  return { original, back };
}

/** In the page: whether each figure's poster and caption are visible. */
function standIns() {
  const seen = (node) =>
    node?.checkVisibility({ visibilityProperty: true }) === true && node.getBoundingClientRect().height > 20;
  return [...document.querySelectorAll('latent-lab')].map((figure) => {
    const image = figure.querySelector('img');
    return { poster: seen(image) && image.naturalWidth > 0, caption: seen(figure.querySelector('[slot=caption]')) };
  });
}

test('without scripts every figure is a picture with a caption, and all results can be read', async () => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setJavaScriptEnabled(false);
  await page.goto(address);
  await page.evaluate(() => {
    for (const image of document.images) image.loading = 'eager';
  });
  await eventually(async () => {
    const loaded = await page.evaluate(() =>
      [...document.images].every((image) => image.complete && image.naturalWidth > 0),
    );
    assert.ok(loaded, 'all pictures are loaded');
  });
  const all = await page.evaluate(standIns);
  assert.ok(all.length >= 7);
  assert.ok(
    all.every(({ poster, caption }) => poster && caption),
    JSON.stringify(all),
  );
  for (const summary of await page.$$('summary')) await summary.click();
  const tables = await page.$$eval('.results table', (tables) => tables.map((table) => table.innerText));
  assert.ok(tables.length > 0 && tables.every((text) => /\d\.\d/.test(text)));
  const formulas = await page.$$eval('math[display=block]', (all) =>
    all.map((node) => node.checkVisibility({ contentVisibilityAuto: true })),
  );
  assert.ok(formulas.length > 0 && formulas.every(Boolean));
  await context.close();
});

test('on a phone the article without its figures is at most 36 screens long, and 63 with them', async () => {
  seen = await visit(browser, { width: 390, height: 844, touch: true });
  const heights = () =>
    seen.page.evaluate(() => {
      const figures = [...document.querySelectorAll('latent-lab')].map(
        (figure) => figure.getBoundingClientRect().height,
      );
      return { all: document.documentElement.scrollHeight, figures: figures.reduce((sum, height) => sum + height, 0) };
    });
  const { all, figures } = await heights();
  const text = (all - figures) / 844;
  assert.ok(text <= 36, `${text} screens`);
  for (const name of FIGURES) {
    await seen.figure(name).ready();
  }
  const whole = (await heights()).all / 844;
  assert.ok(whole <= 63, `${whole} screens`);
});

test('on paper a figure that was not drawn is replaced by its poster, and a drawn one is printed', async () => {
  seen = await visit(browser);
  const { page } = seen;
  await seen.figure('morph').ready();
  await page.emulateMediaType('print');
  const shown = (selector) =>
    page.$eval(selector, (figure) => ({
      poster: figure.querySelector('img').checkVisibility(),
      caption: figure.querySelector('[slot=caption]').checkVisibility(),
      figure: [...figure.shadowRoot.querySelectorAll('[part=figure] > :not(figcaption)')].some((node) =>
        node.checkVisibility(),
      ),
    }));
  await eventually(async () =>
    assert.deepEqual(await shown(seen.figure('morph').selector), { poster: false, caption: true, figure: true }),
  );
  await eventually(async () =>
    assert.deepEqual(await shown(seen.figure('train').selector), { poster: true, caption: true, figure: false }),
  );
});

test('text after a figure keeps its distance from it', async () => {
  seen = await visit(browser);
  const gaps = await seen.page.$$eval('latent-lab + .text', (all) =>
    all.map((text) => text.getBoundingClientRect().top - text.previousElementSibling.getBoundingClientRect().bottom),
  );
  assert.ok(gaps.length > 0 && gaps.every((gap) => gap >= 20), `${gaps}`);
});

/** In the page: whether all figures on the screen are ready, two frames after the call. */
async function isSettled() {
  const here = [...document.querySelectorAll('latent-lab')].filter((figure) => {
    const { top, bottom } = figure.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  return here.every(({ status }) => status === 'ready');
}

for (const width of [390, 1280]) {
  test(`the layout does not shift while the page, ${width} pixels wide, loads and is read to its end`, async () => {
    seen = await visit(browser, { width, before: watchShifts });
    const height = () => seen.page.evaluate(() => document.documentElement.scrollHeight);
    await seen.figure('morph').ready();
    for (let top = 0; top < (await height()); top += 600) {
      await seen.page.evaluate((top) => scrollTo(0, top), top);
      await eventually(async () => assert.ok(await seen.page.evaluate(isSettled), `settled at ${top}`));
    }
    const shifts = await seen.page.evaluate(() => globalThis.shifts);
    const total = shifts.reduce((sum, { value }) => sum + value, 0);
    assert.ok(total < 0.01, `${total}: ${JSON.stringify(shifts)}`);
  });
}

/** Runs in the page before anything else: records layout shifts with the elements that moved. */
function watchShifts() {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      const place = ({ previousRect: from, currentRect: to }) =>
        `${from.x},${from.y} ${from.width}x${from.height} to ${to.x},${to.y} ${to.width}x${to.height}`;
      globalThis.shifts.push({
        value,
        top: scrollY,
        moved: sources.map(
          (source) => `${source.node?.outerHTML?.slice(0, 40) ?? 'inside a figure'}: ${place(source)}`,
        ),
      });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}
