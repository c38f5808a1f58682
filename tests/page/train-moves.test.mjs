// Runs survive changes to their figure and the loss of their worker.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress } from './support/browser.mjs';
import { hurry } from './support/clock.mjs';
import { bars, press, SMALL, stepOf, stored, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(options) {
  seen = await visit({ from: figureAddress('train', SMALL), ...options });
  figure = await seen.figure('train').ready();
  await bars(figure);
}

const word = async () => (await figure.part('play')).evaluate((node) => node.textContent);
const reaches = (step) => eventually(async () => assert.ok((await stepOf(figure)) >= step));

/** In the page: removes the database. */
function withoutDatabase() {
  Object.defineProperty(globalThis, 'indexedDB', {
    value: {
      databases: async () => [],
      open() {
        throw new DOMException('not here', 'SecurityError');
      },
    },
  });
}

test('a figure moved within the document trains on without interruption', async () => {
  await train({ before: withoutDatabase });
  await press(figure, 'play');
  await reaches(5);
  for (const way of ['append', 'moveBefore']) {
    const before = await stepOf(figure);
    await figure.evaluate((element, way) => {
      const place = document.createElement('section');
      element.parentElement.append(place);
      if (place.moveBefore && way === 'moveBefore') place.moveBefore(element, null);
      else place.append(element);
      element.scrollIntoView();
    }, way);
    await eventually(async () => assert.ok((await stepOf(figure)) >= before));
    await reaches(before + 10);
    await eventually(async () => assert.equal(await word(), 'Pause'));
  }
});

test('a figure that is removed from the document and put back continues its run, even if the browser has stored nothing', async () => {
  await train({ before: `(${withoutDatabase})(); (${hurry})();` });
  await press(figure, 'play');
  await reaches(5);
  await figure.evaluate((element) => {
    globalThis.taken = element;
    globalThis.place = element.parentElement;
    element.remove();
  });
  // The worker ends, since no figure needs it.
  await eventually(async () => assert.deepEqual(seen.page.workers(), []));
  await seen.page.evaluate(() => {
    globalThis.place.append(globalThis.taken);
    globalThis.taken.scrollIntoView();
  });
  await figure.ready();
  await reaches(5);
  const back = await stepOf(figure);
  await reaches(back + 5);
  await eventually(async () => assert.equal(await text(figure, 'count'), '64 pictures'));
});

test('a moved figure keeps its pictures and does not load again', async () => {
  seen = await visit({ from: figureAddress('morph') });
  const morph = await seen.figure('morph').ready();
  const before = await morph.pictures('strip');
  await morph.evaluate((element) => {
    globalThis.loads = 0;
    element.addEventListener('load', () => (globalThis.loads += 1));
    const place = document.createElement('div');
    element.before(place);
    place.append(element);
  });
  await eventually(async () => assert.equal(await morph.status(), 'ready'));
  await eventually(async () => assert.deepEqual(await morph.pictures('strip'), before));
  assert.equal(await seen.page.evaluate(() => globalThis.loads), 0);
});

test('a run continues after its worker has closed itself silently', async () => {
  await train({
    // Pings are ten times as frequent, so that the test need not wait for half a minute.
    before: () => {
      const { setInterval: original } = globalThis;
      globalThis.setInterval = (work, time, ...more) => original(work, time / 10, ...more);
    },
  });
  await press(figure, 'play');
  await reaches(10);
  for (const worker of seen.page.workers()) await worker.evaluate(() => self.close());
  await eventually(async () =>
    assert.match(
      await text(figure, 'problem'),
      /The worker was lost \(it no longer answers\)\. The run continues from step [\d,]+\./,
    ),
  );
  const step = Number(/step ([\d,]+)/.exec(await text(figure, 'problem'))[1].replaceAll(',', ''));
  await reaches(step + 5);
  assert.equal(await word(), 'Pause');
});

test('pressing Start while pictures are being decoded waits for them and decodes no more', async () => {
  seen = await visit({ from: figureAddress('train') });
  figure = await seen.figure('train').ready();
  // Both in one task, so that no picture has been decoded when the button is pressed.
  await figure.evaluate(({ shadowRoot }) => {
    for (const part of ['use-digits', 'play']) shadowRoot.querySelector(`[part=${part}]`).click();
  });
  await reaches(1);
  assert.equal(await text(figure, 'count'), '2,000 pictures');
  await eventually(async () => assert.equal((await stored(seen.page)).run?.pictures, 2_000 * 28 * 28));
});

test('changes of size cause no errors, such as a loop of a ResizeObserver', async () => {
  seen = await visit({
    before: () => {
      globalThis.errors = [];
      addEventListener('error', ({ message }) => globalThis.errors.push(message));
    },
  });
  for (const name of ['morph', 'samples', 'map', 'train']) await seen.figure(name).ready();
  for (const width of [390, 1440, 700, 320, 1000]) {
    await seen.page.setViewport({ width, height: 900 });
    for (const name of ['train', 'map', 'samples', 'morph']) {
      await seen.figure(name).evaluate((element) => element.scrollIntoView());
      await seen.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    }
  }
  assert.deepEqual(await seen.page.evaluate(() => globalThis.errors), []);
});
