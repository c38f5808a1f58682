// The cells of the figure `microscope`: keyboard, mouse, touch, and their accessible names and values.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kernels, preset } from '../../www/views/microscope/presets.js';
import { eventually } from './support/browser.mjs';
import { all, shown, microscopeVisits } from './support/microscope.mjs';

const { microscope, cell, cells, choose, goTo, middle, pick, reading } = microscopeVisits();

test('cells accept digits, signs and arrow keys, and state their values', async () => {
  const { seen, figure } = await microscope();
  await pick('input-preset', 'zeros');
  await goTo(16);
  await (await cell('input', 0)).focus();
  const { keyboard } = seen.page;
  await keyboard.press('ArrowRight');
  await keyboard.press('PageDown');
  await keyboard.press('4');
  await keyboard.press('-');
  await keyboard.press('ArrowUp');
  const expected = Array(16).fill(0);
  expected[5] = -3;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  const said = await (
    await cell('input', 5)
  ).evaluate((node) => [node.ariaLabel, node.ariaValueNow, node.ariaValueText, node.getAttribute('role')]);
  assert.deepEqual(said, ['Input, row 2, column 2', '-3', '\u22123', 'spinbutton']);
  await eventually(async () =>
    assert.equal(
      await (await figure.part('input-preset')).evaluate((select) => select.selectedOptions[0].text),
      'Your own',
    ),
  );
  await keyboard.press('End');
  await keyboard.press('Space');
  expected[15] = 1;
  for (let i = 0; i < 12; i++) await keyboard.press('ArrowUp');
  expected[15] = 9;
  const weights = preset(kernels, 'blur', 3);
  weights[0] = 0.75;
  await (await cell('kernel', 0)).focus();
  await keyboard.press('ArrowUp');
  await eventually(async () => assert.deepEqual(await cells('kernel'), all(weights)));
  const geometry = { coarse: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 0 };
  await eventually(async () => assert.deepEqual(await cells('canvas'), shown(geometry, expected, weights, 16)));
});

test('the pen writes its value, and clears cells that already have it', async () => {
  const { seen, figure } = await microscope();
  await pick('input-preset', 'zeros');
  await choose('pen-2');
  const { mouse } = seen.page;
  const stroke = async (...way) => {
    await mouse.move(...(await middle(way[0])));
    await mouse.down();
    for (const index of way) await mouse.move(...(await middle(index)), { steps: 4 });
    await mouse.up();
  };
  await (await figure.part('input')).scrollIntoView();
  await stroke(4, 5, 6);
  const expected = Array(16).fill(0);
  for (const index of [4, 5, 6]) expected[index] = 2;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  await stroke(5);
  expected[5] = 0;
  await mouse.move(...(await middle(12)));
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
});

test('touch writes with a tap or a horizontal stroke, and scrolls with a vertical one', async () => {
  const { seen, figure } = await microscope({ width: 360, height: 740, touch: true });
  await pick('input-preset', 'zeros');
  await (await figure.part('input')).scrollIntoView();
  const { touchscreen } = seen.page;
  await touchscreen.tap(...(await middle(10)));
  const expected = Array(16).fill(0);
  expected[10] = 1;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  const stroke = async (...way) => {
    const finger = await touchscreen.touchStart(...(await middle(way[0])));
    for (const index of way) {
      const [x, y] = await middle(index);
      for (const part of [-8, 0, 8]) await finger.move(x + part, y);
    }
    await finger.end();
  };
  await stroke(0, 1, 2);
  for (const index of [0, 1, 2]) expected[index] = 1;
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
  const before = await seen.page.evaluate(() => scrollY);
  const [x, y] = await middle(12);
  const finger = await touchscreen.touchStart(x, y);
  for (let way = 1; way < 12; way++) await finger.move(x, y - 10 * way);
  await finger.end();
  await eventually(async () => assert.ok((await seen.page.evaluate(() => scrollY)) > before + 20));
  await eventually(async () => assert.deepEqual(await cells('input'), all(expected)));
});

test('the number under the pointer is explained by its inputs', async () => {
  const { seen, figure } = await microscope();
  await pick('input-preset', 'signs');
  await pick('kernel-preset', 'edge');
  await goTo(16);
  await (await cell('canvas', 40)).focus();
  await eventually(async () =>
    assert.equal(
      await reading(),
      'Output, row 4, column 4: 2 × 1 + (\u22121) × (\u22121) + (\u22121) × 1 + 2 × (\u22121) = 0',
    ),
  );
  const linked = async (part) =>
    (await figure.part(part)).$$eval('.cell', (nodes) =>
      nodes.flatMap((node, i) => (node.classList.contains('linked') ? [i] : [])),
    );
  await eventually(async () => assert.deepEqual(await linked('input'), [5, 6, 9, 10]));
  await eventually(async () => assert.deepEqual(await linked('kernel'), [0, 2, 6, 8]));
  await seen.page.keyboard.press('ArrowUp');
  await eventually(async () => assert.match(await reading(), /^Output, row 3, column 4: /));
  await (await cell('input', 15)).hover();
  await eventually(async () =>
    assert.equal(
      await reading(),
      'The input at row 4, column 4 is 2: 2 × the kernel is added to rows 6 to 7, columns 6 to 7.',
    ),
  );
  await (await cell('canvas', 0)).hover();
  await eventually(async () => assert.equal(await reading(), 'Padding: what is stamped here is cut off.'));
});
