// Two training figures on one page and one worker: each has its own run, and neither hears of the other's.

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

/** Everything that a figure draws of its run has come, and its curve has the columns of its own networks. */
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

test('the second figure that is started shows its pictures, random codes and KL; the first pauses and goes on where it was', async () => {
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

test('started at once, one of them runs and the losses of the other never mix with its own', async () => {
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
  // Which of them runs is settled only when both have been created. It waits where it is off screen.
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

test('pointing at the plane of a run that rests does not stop the one that runs', async () => {
  await both();
  await press(free, 'step');
  await reaches(free, 1);
  await eventually(async () =>
    assert.equal(await (await free.part('plane')).evaluate((node) => node.querySelectorAll('g path').length > 0), true),
  );
  await press(lesson, 'play');
  // The settings take another place when the run begins.
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
