// The reader places an own picture by hand; drawings on paper become strokes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { eventually } from './support/browser.mjs';
import {
  colorAt,
  dropOn,
  isBlack,
  isBlue,
  isGreen,
  isOpen,
  isRed,
  isShown,
  isWhite,
  isYellow,
  PAPER,
  placed,
  quartersAre,
  redrawn,
  rgba,
  rgbaOf,
  take,
  withWide,
} from './support/own.mjs';
import { wide } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

describe('placing', () => {
  test('the square is initially in the middle and has the code that the element encodes the file to', async () => {
    const { figure } = await withWide(visit);
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    const distance = await figure.evaluate(async (element, base64) => {
      const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const { mean } = await element.encode(file);
      const canvas = element.shadowRoot.querySelector('[part=own-seen]');
      const { mean: seen } = await element.encode(canvas);
      return Math.hypot(...mean.map((value, i) => value - seen[i])) / Math.hypot(...mean);
    }, wide().toString('base64'));
    assert.ok(distance < 0.05, `${distance}`);
  });

  test('a drag moves the picture, and the redrawing follows', async () => {
    const { seen, figure } = await withWide(visit);
    const before = await redrawn(figure);
    const { x, y, width, height } = await figure.box('own-square');
    await seen.page.mouse.move(x + 0.5 * width, y + 0.5 * height);
    await seen.page.mouse.down();
    await seen.page.mouse.move(x + 1 * width, y + 0.5 * height, { steps: 4 });
    await seen.page.mouse.up();
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    assert.notDeepEqual(await redrawn(figure), before);
    await figure.click('own-reset');
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    assert.deepEqual(await redrawn(figure), before);
  });

  test('the wheel zooms about the pointer, and the page does not scroll', async () => {
    const { seen, figure } = await withWide(visit);
    const { x, y, width, height } = await figure.box('own-square');
    const scroll = await seen.page.evaluate(() => scrollY);
    await seen.page.mouse.move(x + 0.02 * width, y + 0.02 * height);
    await seen.page.mouse.wheel({ deltaY: -700 });
    await quartersAre(figure, isRed, isRed, isRed, isRed);
    assert.equal(await seen.page.evaluate(() => scrollY), scroll);
  });

  test('the keyboard moves, zooms, turns, resets and closes', async () => {
    const { seen, figure } = await withWide(visit);
    const { keyboard } = seen.page;
    await figure.focus('own-square');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowLeft');
    await quartersAre(figure, isGreen, isWhite, isWhite, isYellow);
    await keyboard.press('Home');
    for (let i = 0; i < 18; i++) await keyboard.press('r');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    await keyboard.press('Home');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowDown');
    for (let i = 0; i < 10; i++) await keyboard.press('ArrowRight');
    for (let i = 0; i < 8; i++) await keyboard.press('+');
    await eventually(async () => {
      const value = await (await figure.part('own-zoom')).evaluate((node) => node.getAttribute('aria-valuetext'));
      assert.equal(value, '2.14×');
    });
    const said = await (await figure.inside('.own-placing [role=status]')).evaluate((node) => node.textContent);
    assert.equal(said, 'Zoom 2.14×, turned by 0°');
    await keyboard.press('Escape');
    assert.equal(await isOpen(figure), false);
  });

  test('buttons and sliders move, zoom, turn and reset', async () => {
    const { seen, figure } = await withWide(visit);
    for (let i = 0; i < 10; i++) await figure.click('own-right');
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    await figure.click('own-reset');
    await figure.click('own-quarter');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    await figure.focus('own-turn');
    await seen.page.keyboard.press('End');
    await quartersAre(figure, isYellow, isBlue, isRed, isGreen);
    await figure.click('own-reset');
    await figure.focus('own-zoom');
    await seen.page.keyboard.press('Home');
    // At half the zoom at which the whole picture fits, it lies in the middle and is surrounded by the color of its edge.
    await eventually(async () => {
      const seen = await rgba(figure, 'own-seen');
      assert.ok(
        isBlack(colorAt(seen, 0.28, 0.5)) && isWhite(colorAt(seen, 0.72, 0.5)),
        'both sides are inside the square',
      );
      assert.deepEqual(colorAt(seen, 0.5, 0.1), colorAt(seen, 0.1, 0.9));
    });
  });

  test('on a narrow screen two fingers zoom and turn, and one finger moves', async () => {
    const { seen, figure } = await withWide(visit, { width: 390, height: 844, touch: true });
    const client = await seen.page.createCDPSession();
    const { x, y, width, height } = await figure.box('own-square');
    const fingers = (type, ...points) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([right, down], id) => ({ x: x + right * width, y: y + down * height, id })),
      });
    // A quarter turn clockwise about the left finger, which stays in the middle.
    const middle = [0.5, 0.5];
    await fingers('touchStart', middle, [0.8, 0.5]);
    for (const degrees of [30, 60, 90]) {
      const angle = (degrees * Math.PI) / 180;
      await fingers('touchMove', middle, [0.5 + 0.3 * Math.cos(angle), 0.5 + 0.3 * Math.sin(angle)]);
    }
    await fingers('touchEnd');
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    const turn = await (await figure.part('own-turn')).evaluate((node) => node.valueAsNumber);
    assert.ok(Math.abs(turn - 90) <= 1, `${turn}`);
    await fingers('touchStart', [0.4, 0.5], [0.6, 0.5]);
    await fingers('touchMove', [0.4, 0.5], [0.8, 0.5]);
    await fingers('touchEnd');
    const zoom = await (await figure.part('own-zoom')).evaluate((node) => node.valueAsNumber);
    assert.ok(Math.abs(zoom - 1) < 0.1, `${zoom} doublings`);
    await (await figure.part('own-reset')).evaluate((node) => node.click());
    await fingers('touchStart', middle);
    await fingers('touchMove', [0.75, 0.5]);
    await fingers('touchMove', [1, 0.5]);
    await fingers('touchEnd');
    await quartersAre(figure, isBlack, isRed, isBlue, isBlack);
    await client.detach();
  });

  test('the dialog opens a picture in use at its last placement', async () => {
    const { figure } = await withWide(visit);
    await figure.click('own-quarter');
    const picture = await take(figure);
    assert.equal(await (await figure.part('from-own')).evaluate((node) => node.textContent), 'Change your picture');
    await figure.click('from-own');
    await placed(figure);
    await quartersAre(figure, isBlue, isRed, isGreen, isYellow);
    assert.deepEqual(await redrawn(figure), picture);
    await figure.click('own-reset');
    await quartersAre(figure, isRed, isGreen, isYellow, isBlue);
    const other = await take(figure);
    assert.notDeepEqual(other, picture);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], other));
  });
});

describe('a digit on paper', () => {
  test('becomes white on black for a network trained on strokes, centered like its pictures, unless the reader keeps the paper', async () => {
    const { figure: of } = await visit.shared('morph');
    const figure = await of('morph').ready();
    await eventually(async () => {
      if (!(await isOpen(figure))) await dropOn(figure, [PAPER()]);
      assert.ok(await isOpen(figure));
    });
    await placed(figure);
    const values = async () => (await rgba(figure, 'own-seen')).filter((_, i) => i % 4 === 0);
    const seen = await values();
    const at = (right, down) => seen[down * 28 + right];
    const edge = seen.filter((_, i) => i % 28 === 0 || i % 28 === 27 || i < 28 || i >= 27 * 28);
    assert.equal(Math.max(...edge), 0);
    assert.ok(
      Math.max(...seen) > 200 && at(14, 14) + at(15, 14) + at(16, 14) + at(13, 14) > 150,
      'the stem is in the middle',
    );
    const rows = seen.flatMap((value, i) => (value > 90 ? [Math.floor(i / 28)] : []));
    const height = Math.max(...rows) - Math.min(...rows) + 1;
    assert.ok(Math.abs(height - 20) <= 2, `${height} rows of 28`);
    assert.ok(await (await figure.part('own-ink')).evaluate((node) => node.checked));
    await figure.click('own-ink');
    await eventually(async () => assert.ok((await values())[0] > 150, 'the paper is light again'));
  });

  test('stays as it is for a network trained on colors', async () => {
    const { figure } = await withWide(visit);
    assert.equal(await isShown(figure, 'own-ink'), false);
  });
});
