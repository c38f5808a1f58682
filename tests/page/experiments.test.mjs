// The prepared experiments of the figure `train`: several networks that differ in one setting, measured on pictures that none has seen.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fitComponents, project } from '../../www/training/components.js';
import { split } from '../../www/views/train/experiment/split.js';
import { eventually, figureAddress, violations } from './support/browser.mjs';
import { drop, idx, press, stepOf, text, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** Small networks and pictures, so that runs take little time. */
const [COUNT, SIDE] = [64, 12];
const SMALL = `side: ${SIDE}; colors: gray; layers: 4 3 2, 4 3 2, 4 3 2; batch: 16`;
const plans = {
  sizes: `sizes: 2 4; steps: 6; ${SMALL}`,
  'few-and-many': `counts: 5 40; latent: 3; steps: 6; ${SMALL}`,
};

/** An experiment with the reader's own small pictures. */
async function experiment(name, { count = `${COUNT} pictures`, ...options } = {}) {
  const seen = await visit({ from: figureAddress(name, { plan: plans[name] }), ...options });
  const figure = await seen.figure(name).ready();
  await drop(figure, [{ name: 'bars', bytes: idx(COUNT, SIDE) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), count));
  return { seen, figure };
}

/** A measured number. An SSIM can be negative. */
const NUMBER = /^−?\d\.\d{3,4}$/;

/** The cells of the table, row by row. */
async function table(figure) {
  return (await figure.part('table')).evaluate((node) =>
    [...node.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent)),
  );
}

/** Waits until the run has reached a step and is measured. */
async function finished(figure, step) {
  await eventually(async () => assert.equal(await text(figure, 'status'), `Step ${step} of ${step} · done`));
  await eventually(async () => assert.match(await text(figure, 'outcome'), new RegExp(`^After ${step} steps, `)));
}

/** True if the table is no wider than a phone. */
async function fitsPhone(seen, figure) {
  await seen.page.setViewport({ width: 390, height: 844 });
  return (await figure.part('table')).evaluate((node) => node.scrollWidth <= node.clientWidth);
}

async function word(figure) {
  return text(figure, 'play');
}

describe('code lengths', () => {
  test('are compared with principal components of the same pictures, on held-out pictures', async () => {
    const { seen, figure } = await experiment('sizes');
    await press(figure, 'play');
    await finished(figure, 6);
    assert.equal(await word(figure), '6 more steps');
    const rows = await table(figure);
    assert.deepEqual(
      rows.map(([size, bytes]) => [size, bytes]),
      [
        ['2', '8'],
        ['4', '16'],
      ],
    );
    // The expected values use the figure's own split of the pictures and components that this test fits.
    const { data, counts, heldOut } = split(
      {
        pixels: new Uint8Array(idx(COUNT, SIDE).subarray(16)),
        shape: { channels: 1, height: SIDE, width: SIDE },
        ...{ labels: null, name: '', isInk: true },
      },
      { counts: [Infinity], networks: 2, train: null },
    );
    const size = SIDE * SIDE;
    assert.equal(heldOut, 12);
    const search = fitComponents(data.pixels.subarray(0, counts[0] * size), size, 4);
    let found = search.next();
    while (!found.done) found = search.next();
    const others = data.pixels.subarray(counts[0] * size);
    for (const [row, count] of [2, 4].entries()) {
      const redrawn = project(found.value, others, count);
      const error = redrawn.reduce((sum, value, i) => sum + (value - others[i] / 255) ** 2, 0) / redrawn.length;
      assert.equal(rows[row][3], error.toFixed(4));
      for (const cell of rows[row].slice(2)) assert.match(cell, NUMBER);
    }
    // The original is a held-out picture, drawn in ink on paper.
    assert.deepEqual(await figure.picture('original'), [...others.subarray(0, size)]);
    assert.equal(await fitsPhone(seen, figure), true);
    assert.deepEqual(seen.complaints, []);
  });

  test('show another held-out picture with the keyboard, and continue for as many steps again', async () => {
    const { seen, figure } = await experiment('sizes');
    await press(figure, 'play');
    await finished(figure, 6);
    const before = await figure.picture('original');
    const redrawn = await figure.picture('components-4');
    await figure.focus('held-out');
    await seen.page.keyboard.press('ArrowRight');
    await eventually(async () => assert.notDeepEqual(await figure.picture('original'), before));
    await eventually(async () => assert.notDeepEqual(await figure.picture('components-4'), redrawn));
    assert.equal(
      await (await figure.part('held-out')).evaluate((node) => node.getAttribute('aria-valuetext')),
      '2 of 12',
    );
    const errors = (await table(figure)).map(([, , error]) => error);
    await press(figure, 'play');
    await finished(figure, 12);
    assert.notDeepEqual(
      (await table(figure)).map(([, , error]) => error),
      errors,
    );
  });

  test('keep their run and its measurements after a reload, but not after a reset', async () => {
    const { seen, figure } = await experiment('sizes');
    await press(figure, 'play');
    await finished(figure, 6);
    const before = await table(figure);
    const { page } = seen;
    await page.reload();
    await figure.ready();
    await finished(figure, 6);
    await eventually(async () => assert.deepEqual(await table(figure), before));
    await press(figure, 'reset');
    await eventually(async () => assert.equal(await word(figure), 'Start'));
    assert.equal(await (await figure.part('results')).evaluate((node) => node.hidden), true);
    await page.reload();
    await figure.ready();
    // Long enough for a stored run to be read.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await word(figure), 'Start');
  });

  test('chosen by the reader are in the link, and the last one cannot be removed', async () => {
    const { figure } = await experiment('sizes');
    await press(figure, 'size-16');
    await press(figure, 'size-2');
    await type(figure, 'steps', 9);
    await eventually(async () => assert.match((await figure.state()).plan, /^sizes: 4 16; steps: 9; /));
    await press(figure, 'size-4');
    await press(figure, 'size-16');
    assert.match((await figure.state()).plan, /^sizes: 16; /);
    assert.equal(await (await figure.part('size-16')).evaluate((node) => node.checked), true);
  });

  test('require at least 10 pictures, and say so', async () => {
    const seen = await visit({ from: figureAddress('sizes', { plan: plans.sizes }) });
    const figure = await seen.figure('sizes').ready();
    await drop(figure, [{ name: 'bars', bytes: idx(5, SIDE) }]);
    await eventually(async () => assert.equal(await text(figure, 'count'), '5 pictures'));
    await press(figure, 'play');
    await eventually(async () =>
      assert.match(await text(figure, 'status'), /^An experiment needs 10 pictures or more/),
    );
    assert.equal(await word(figure), 'Start');
  });
});

describe('few pictures and many', () => {
  test('are learned by two copies of one network at the same pace, and both are measured', async () => {
    const { seen, figure } = await experiment('few-and-many');
    await press(figure, 'play');
    await finished(figure, 6);
    const rows = await table(figure);
    assert.deepEqual(
      rows.map(([count]) => count),
      ['5', '40'],
    );
    for (const row of rows) for (const cell of row.slice(1)) assert.match(cell, NUMBER);
    const [few, many] = await Promise.all([figure.pictures('samples-0'), figure.pictures('samples-1')]);
    assert.notDeepEqual(few, many);
    assert.deepEqual(await violations(seen.page), []);
    assert.deepEqual(seen.complaints, []);
  });

  test('pause and continue', async () => {
    const { figure } = await experiment('few-and-many', {
      from: figureAddress('few-and-many', { plan: `counts: 5 40; latent: 3; steps: 20000; pace: 0.1; ${SMALL}` }),
    });
    await press(figure, 'play');
    await eventually(async () => assert.ok((await stepOf(figure)) > 2));
    await press(figure, 'play');
    await eventually(async () => assert.equal(await word(figure), 'Continue'));
    const paused = await stepOf(figure);
    await eventually(async () => assert.ok((await table(figure)).every((row) => row[1] !== '–')));
    // Long enough for several steps at this pace.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal(await stepOf(figure), paused);
    await press(figure, 'play');
    await eventually(async () => assert.ok((await stepOf(figure)) > paused));
    await press(figure, 'play');
    await eventually(async () => assert.equal(await word(figure), 'Continue'));
  });
});

for (const name of ['sizes', 'few-and-many']) {
  test(`the German table of ${name} is no wider than a phone`, async () => {
    const { seen, figure } = await experiment(name, {
      from: figureAddress(name, { plan: plans[name], lang: 'de' }),
      count: `${COUNT} Bilder`,
    });
    await press(figure, 'play');
    await eventually(async () => assert.equal((await table(figure)).length, 2));
    assert.equal(await fitsPhone(seen, figure), true);
    if (name === 'sizes') return;
    const titles = await figure.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll('.seen h3')].map(({ textContent }) => textContent),
    );
    assert.deepEqual(titles, ['Trainiert mit 5 Bildern', 'Trainiert mit 40 Bildern']);
  });
}

test('without the reader’s pictures, the page’s decoder draws some, and none of the held-out ones are trained on', async () => {
  const seen = await visit({
    from: figureAddress('sizes', { plan: `sizes: 2; steps: 1; layers: 4 3 2, 4 3 2, 4 3 2` }),
  });
  const figure = await seen.figure('sizes').ready();
  await press(figure, 'play');
  await finished(figure, 1);
  assert.equal(await text(figure, 'count'), '2,150 pictures, the first 2,000 shown');
  assert.deepEqual(await violations(seen.page), []);
  assert.deepEqual(seen.complaints, []);
});
