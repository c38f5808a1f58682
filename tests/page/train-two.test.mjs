// Two training figures on one page share one worker: each has its own run and gets no events of the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress } from './support/browser.mjs';
import { press, small, stepOf, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let free;
let lesson;

async function both() {
  seen = await visit({ from: figureAddress('one-picture') });
  await add(seen.page, ARTICLE.train);
  lesson = await seen.figure('one-picture').ready();
  free = await seen.figure('train').ready();
  await small(free);
}

const word = async (figure) => (await figure.part('play')).evaluate((node) => node.textContent);
const reaches = (figure, step) => eventually(async () => assert.ok((await stepOf(figure)) >= step));

/** Waits until all pictures of a figure's run are drawn and its KL is shown. */
async function isShown(figure, panels) {
  for (const panel of panels) {
    await eventually(async () => {
      const contrasts = await (
        await figure.part(panel)
      ).evaluate((node) =>
        [...node.querySelectorAll('canvas')].slice(0, 3).map((canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const opaque = [...data].filter((_, i) => i % 4 === 1 && data[i + 2] === 255);
          return Math.max(...opaque) - Math.min(...opaque);
        }),
      );
      assert.ok(contrasts.length > 0 && contrasts.every((contrast) => contrast > 10), `${panel}: ${contrasts}`);
    });
  }
  await eventually(async () => assert.match(await text(figure, 'divergence-text'), /in use/));
}

test('starting a second figure pauses the first, and the first can then continue where it was', async () => {
  await both();
  await press(lesson, 'play');
  await reaches(lesson, 5);
  await press(free, 'play');
  await reaches(free, 5);
  await isShown(free, ['drawn-variational', 'drawn-autoencoder', 'panel-variational', 'panel-autoencoder']);
  await eventually(async () => assert.match(await text(lesson, 'status'), /paused/));
  const paused = await stepOf(lesson);
  await press(lesson, 'play');
  await reaches(lesson, paused + 3);
  await isShown(lesson, ['drawn-variational', 'panel-variational']);
  await eventually(async () => assert.match(await text(free, 'status'), /paused/));
});

test('if both figures are started at the same time, one runs and the other waits', async () => {
  await both();
  await seen.page.evaluate(
    (...selectors) => {
      for (const selector of selectors) {
        document.querySelector(selector).shadowRoot.querySelector('[part=play]').click();
      }
    },
    lesson.selector,
    free.selector,
  );
  // Only after both runs are created is it decided which one runs. Off the screen it waits.
  await eventually(async () => {
    const states = [await text(lesson, 'status'), await text(free, 'status')];
    const words = [await word(lesson), await word(free)];
    const chosen = [lesson, free].find((_, i) => words[i] === 'Pause' || /waiting until/.test(states[i]));
    assert.ok(chosen, `${states}`);
    await chosen.evaluate((element) => element.scrollIntoView());
    assert.deepEqual(words.toSorted(), ['Continue', 'Pause']);
    assert.ok((await stepOf(chosen)) >= 10);
  });
  for (const figure of [lesson, free]) assert.match(await text(figure, 'status'), /^Step [\d,]+ ·/);
});

test('moving the cursor on the plane of a paused run does not stop the other run', async () => {
  await both();
  await press(free, 'step');
  await reaches(free, 1);
  await eventually(async () =>
    assert.equal(await (await free.part('plane')).evaluate((node) => node.querySelectorAll('g path').length > 0), true),
  );
  await press(lesson, 'play');
  // The settings move when the run starts.
  await reaches(lesson, 1);
  await press(lesson, 'awake');
  await reaches(lesson, 3);
  await (await free.part('plane')).evaluate((node) => node.parentElement.scrollIntoView());
  await free.inside('.scatter').then((node) => node.focus());
  await seen.page.keyboard.press('ArrowLeft');
  const before = await stepOf(lesson);
  await reaches(lesson, before + 5);
  assert.equal(await word(lesson), 'Pause');
});
