// Two training figures on one page share one worker: each has its own run and gets no events of the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress } from './support/browser.mjs';
import { bars, press, SMALL, stepOf, steps, stored, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let free;
let lesson;

/** @param {Record<string, string>} [attributes] of the figure without a prepared lesson */
async function both(attributes = SMALL) {
  seen = await visit({ from: figureAddress('one-picture') });
  await add(seen.page, { ...ARTICLE.train, ...attributes });
  lesson = await seen.figure('one-picture').ready();
  free = await seen.figure('train').ready();
  await bars(free);
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

/** Number of losses that are compared. */
const COMPARED = 5;

/** The first losses in a stored run: its steps, with reconstruction and KL of each network. */
async function firstLosses(figure, networks, name) {
  const { progress } = await eventually(async () => {
    const all = await stored(figure.page, name);
    assert.ok(all.progress?.curve.length >= COMPARED * (1 + 2 * networks), `${name} is stored`);
    return all;
  });
  return progress.curve.slice(0, COMPARED * (1 + 2 * networks));
}

/** The names of the stored runs, and their numbers of networks. */
const RUNS = { lesson: ['one-picture', 1], free: [undefined, 2] };

/** Slow, since a curve of more than 6,000 steps has means of several losses in place of the first ones. */
const SLOW = { plan: `${SMALL.plan}; pace: 0.1` };

test('if both figures are started at the same time, one runs, the other waits, and their losses do not mix', async () => {
  await both(SLOW);
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
  const losses = {};
  for (const [key, figure] of Object.entries({ lesson, free })) {
    // A run that waits until it is on the screen starts by itself there, and a press would pause it.
    await figure.evaluate((element) => element.scrollIntoView());
    await eventually(async () => assert.doesNotMatch(await text(figure, 'status'), /waiting until/));
    if ((await word(figure)) === 'Continue') await press(figure, 'play');
    await reaches(figure, COMPARED);
    await press(figure, 'play');
    losses[key] = await firstLosses(figure, RUNS[key][1], RUNS[key][0]);
  }
  await seen.close();

  // The same runs in a page of their own.
  seen = await visit({ from: figureAddress('one-picture') });
  lesson = await seen.figure('one-picture').ready();
  await steps(lesson, COMPARED);
  assert.deepEqual(losses.lesson, await firstLosses(lesson, 1, 'one-picture'));
  seen = await visit({ from: figureAddress('train', SLOW) });
  free = await seen.figure('train').ready();
  await bars(free);
  await steps(free, COMPARED);
  assert.deepEqual(losses.free, await firstLosses(free, 2));
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
