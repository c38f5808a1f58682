// The reader draws a digit with mouse, finger or keys, and it replaces a stored one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress, violations } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;

/** The figure with its pad open for the first digit, on the page that tests share unless there are options. */
async function openPad(options) {
  seen = await (options ? visit({ from: figureAddress('morph'), ...options }) : visit.shared('morph'));
  const figure = await seen.figure('morph').ready();
  const before = await figure.pictures('strip');
  await figure.click('from-draw');
  await figure.part('pad');
  return { figure, before };
}

/** Points along a seven, in fractions of the pad's side. */
const seven = [
  [0.25, 0.2],
  [0.5, 0.2],
  [0.75, 0.2],
  [0.6, 0.5],
  [0.45, 0.85],
];

async function points(figure) {
  const { x, y, width, height } = await figure.box('pad');
  return seven.map(([right, down]) => [x + right * width, y + down * height]);
}

/** Uses the drawing: the strip then starts with the picture that the pad showed as output, and the other end is unchanged. */
async function use({ figure, before }) {
  await eventually(async () =>
    assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200, 'the input is not blank'),
  );
  let redrawn;
  await eventually(async () => {
    const [once, again] = [await figure.picture('pad-redrawn'), await figure.picture('pad-redrawn')];
    assert.ok(Math.max(...once) > 100, 'the output is not blank');
    assert.deepEqual(once, again);
  });
  await figure.click('pad-use');
  await eventually(async () => {
    const strip = await figure.pictures('strip');
    redrawn = await figure.picture('pad-redrawn');
    assert.deepEqual(strip[0], redrawn);
    assert.notDeepEqual(strip[0], before[0]);
    assert.deepEqual(strip.at(-1), before.at(-1));
  });
  assert.equal(await isOpen(figure), false);
  const label = await (await figure.part('strip')).evaluate((node) => node.getAttribute('aria-label'));
  assert.match(label, /from your drawing to a handwritten 8/);
}

async function isOpen(figure) {
  const handle = await seen.page.$(`${figure.selector} >>> [part=pad-dialog]`);
  return handle.evaluate((dialog) => dialog.open);
}

async function drawByMouse(figure) {
  const { mouse } = seen.page;
  const [start, ...rest] = await points(figure);
  await mouse.move(...start);
  await mouse.down();
  for (const point of rest) await mouse.move(...point, { steps: 4 });
  await mouse.up();
}

test('a digit is drawn with the mouse', async () => {
  const pad = await openPad();
  await drawByMouse(pad.figure);
  await use(pad);
});

test('the link to a drawing contains its code, and the embed dialog says that it does not contain the drawing', async () => {
  const pad = await openPad();
  const { figure } = pad;
  await drawByMouse(figure);
  await use(pad);
  await figure.click('embed');
  await eventually(async () =>
    assert.notEqual(await (await figure.part('embed-text')).evaluate((node) => node.value), ''),
  );
  const [text, note] = await Promise.all(
    [
      ['embed-text', 'value'],
      ['embed-private', 'textContent'],
    ].map(async ([part, name]) => (await figure.part(part)).evaluate((node, property) => node[property], name)),
  );
  assert.match(text, /[?&]z=/);
  assert.match(
    note,
    /^For a drawing, the link carries its code: it shows the redrawing, but not the drawing itself\.$/,
  );
  await figure.click('embed-close');
});

test('a digit is drawn with a finger on a narrow screen, and the page does not scroll under it', async () => {
  const pad = await openPad({ width: 360, height: 740, touch: true });
  const { touchscreen } = seen.page;
  const [start, ...rest] = await points(pad.figure);
  const scroll = await seen.page.evaluate(() => scrollY);
  await touchscreen.touchStart(...start);
  for (const point of rest) await touchscreen.touchMove(...point);
  await touchscreen.touchEnd();
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await seen.page.evaluate(() => scrollY), scroll);
  await use(pad);
});

test('a digit is drawn with the keyboard alone', async () => {
  seen = await visit.shared('morph');
  const figure = await seen.figure('morph').ready();
  const before = await figure.pictures('strip');
  const { keyboard } = seen.page;
  await figure.focus('from-draw');
  await keyboard.press('Enter');
  await figure.part('pad');
  await keyboard.press('Space');
  for (let i = 0; i < 5; i++) await keyboard.press('ArrowRight');
  for (let i = 0; i < 12; i++) await keyboard.press('ArrowDown');
  await keyboard.press('Space');
  await use({ figure, before });
});

test('undo and clear remove strokes, and an empty or canceled drawing changes nothing', async () => {
  const pad = await openPad();
  const { figure, before } = pad;
  const [first, second] = await points(figure);
  const { mouse, keyboard } = seen.page;
  const stroke = async (from, to) => {
    await mouse.move(...from);
    await mouse.down();
    await mouse.move(...to, { steps: 3 });
    await mouse.up();
  };
  await stroke(first, second);
  const one = await figure.picture('pad-seen');
  await stroke(second, (await points(figure))[4]);
  await eventually(async () => assert.notDeepEqual(await figure.picture('pad-seen'), one));
  await figure.click('pad-undo');
  await eventually(async () => assert.deepEqual(await figure.picture('pad-seen'), one));
  await figure.click('pad-clear');
  await eventually(async () => assert.equal(Math.max(...(await figure.picture('pad-seen'))), 0));
  assert.ok(await (await figure.part('pad-use')).evaluate((button) => button.disabled));
  await stroke(first, second);
  await keyboard.press('Escape');
  assert.equal(await isOpen(figure), false);
  // Long enough for the drawing to be encoded and decoded.
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(await figure.pictures('strip'), before);
});

test('axe finds nothing in the open pad', async () => {
  await openPad();
  assert.deepEqual(await violations(seen.page), []);
});
