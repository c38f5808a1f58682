// Pictures for the figure `train` that come from no file: drawn by a decoder, augmented, removed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { isFocused, phase, trainVisits } from './support/train-figure.mjs';
import { drop, idx, press, steps, storedAt, text, type } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

test('the page’s digits are drawn by the shipped decoder, and the page says so', async () => {
  const { figure } = await train();
  await eventually(async () => assert.match(await text(figure, 'figure'), /neither a download nor handwriting/));
  await press(figure, 'use-digits');
  await eventually(async () => assert.equal(await text(figure, 'count'), '2,000 pictures'));
  await eventually(async () =>
    assert.match(await text(figure, 'estimate'), /36,865 and 28,657 parameters.* an epoch of 1,800/),
  );
  await eventually(async () => {
    const [sheet] = await figure.pictures('sheet');
    // In 2,000 digits about a fifth of all pixels are ink.
    const ink = sheet.reduce((sum, value) => sum + value, 0) / sheet.length / 255;
    assert.ok(ink > 0.06 && ink < 0.25, `${ink}`);
  });
});

test('the page’s other networks can draw pictures too, which keep their size and colors', async () => {
  const { seen, figure } = await train();
  const choose = async (model) => (await figure.part('use-other')).select(model);
  await choose('emoji');
  await eventually(async () => assert.equal(await text(figure, 'count'), '400 pictures'));
  const value = (name) => figure.part(name).then((part) => part.evaluate((input) => input.value));
  await eventually(async () => {
    assert.equal(await value('side'), '32');
    assert.match((await figure.state()).plan, /side: 32; colors: rgb/);
    assert.equal(await value('use-other'), '');
  });
  // Pictures added to others are resized to the current size.
  await choose('fashion');
  await eventually(async () => assert.equal(await text(figure, 'count'), '800 pictures'));
  assert.equal(await value('side'), '32');
  for (const layer of [0, 1, 2]) await type(figure, `filters-${layer}`, 4);
  await steps(figure, 1);
  const { run } = await storedAt(seen.page, 1);
  assert.equal(run.pictures, 800 * 3 * 32 * 32);
  assert.match(run.name, /model emoji .*Apache 2\.0.*; .*model fashion .*MIT/);
});

test('pictures are removed one by one or all at once, and a run keeps its own', async () => {
  const { seen, figure } = await trainSmall();
  await (await figure.part('sheet-window')).focus();
  await seen.page.keyboard.press('ArrowRight');
  await seen.page.keyboard.press('ArrowRight');
  await seen.page.keyboard.press('Delete');
  await eventually(async () => assert.equal(await text(figure, 'count'), '63 pictures'));
  await steps(figure, 1);
  await eventually(async () => assert.ok(await (await figure.part('clear')).evaluate((node) => node.disabled)));
  await drop(figure, [{ name: 'more', bytes: idx(4, 12) }]);
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /keeps the pictures/));
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await press(figure, 'clear');
  await isFocused(seen.page, 'use-digits');
  await eventually(async () => assert.equal(await text(figure, 'sources-status'), ''));
});

test('training on one picture uses many augmented copies of it', async () => {
  const { seen, figure } = await train();
  await drop(figure, [{ name: 'one', bytes: idx(1, 12) }]);
  await type(figure, 'side', 12);
  await eventually(async () => assert.equal(await text(figure, 'count'), 'One picture'));
  await press(figure, 'augment');
  await eventually(async () => assert.equal((await figure.pictures('variants'))[0].length, (10 * 13 - 1) * 12));
  await eventually(async () => assert.match(await text(figure, 'estimate'), /an epoch of 10 pictures/));
  await steps(figure, 2);
  const { run } = await storedAt(seen.page, 2);
  assert.deepEqual(run.settings.augment, { flip: false, rotate: 10, shift: 0.1, zoom: 0.1 });
});
