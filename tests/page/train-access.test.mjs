// Accessibility of the figure `train`: keyboard, axe, and messages if its code cannot be fetched.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress, violations } from './support/browser.mjs';
import { frames, isFocused, phase, trainVisits } from './support/train-figure.mjs';
import { press, small, stepOf, steps, stored, storedAt } from './support/training.mjs';

const { train, trainSmall, visit } = trainVisits();

/** In the page: blocks writes to the database until the returned function is called. */
async function holdDatabase() {
  const database = await new Promise((resolve) => {
    indexedDB.open('latent-lab', 1).onsuccess = ({ target }) => resolve(target.result);
  });
  const store = database.transaction('run', 'readwrite').objectStore('run');
  let isReleased = false;
  // A transaction ends as soon as it has no pending request.
  const renew = () => (store.get('').onsuccess = () => (isReleased ? database.close() : renew()));
  renew();
  return () => (isReleased = true);
}

test('with the keyboard, the focus stays on the pressed control or moves to the one that replaces it', async () => {
  const { seen, figure } = await train();
  // Typing unfolds the settings.
  await small(figure);
  const enter = async (part) => {
    await (await figure.part(part)).focus();
    await seen.page.keyboard.press('Enter');
  };
  await enter('play');
  await eventually(async () => assert.equal(await phase(figure), 'Pause'));
  await eventually(async () => assert.ok((await stepOf(figure)) > 1));
  await isFocused(seen.page, 'play');
  await seen.page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await phase(figure), 'Continue'));
  await isFocused(seen.page, 'play');
  await (await figure.part('time')).focus();
  await seen.page.keyboard.press('Home');
  await enter('now');
  await isFocused(seen.page, 'time');
  await enter('reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await isFocused(seen.page, 'play');
  await enter('step');
  await eventually(async () => assert.equal(await stepOf(figure), 1));
  await isFocused(seen.page, 'step');
  await enter('reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await enter('more-layers');
  await enter('more-layers');
  await isFocused(seen.page, 'fewer-layers');
});

test('no run starts until the old one is deleted, and then the focus stays where the reader has moved it', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 1);
  await storedAt(seen.page, 1);
  const release = await seen.page.evaluateHandle(holdDatabase);
  await press(figure, 'reset');
  const isHeld = async () => (await figure.part('play')).evaluate((node) => node.getAttribute('aria-disabled'));
  await eventually(async () => assert.equal(await isHeld(), 'true'));
  await press(figure, 'play');
  await figure.focus('choices');
  await frames(seen.page);
  assert.equal(await phase(figure), 'Continue');
  await release.evaluate((call) => call());
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await eventually(async () => assert.equal(await isHeld(), null));
  await isFocused(seen.page, 'choices');
  assert.deepEqual(await stored(seen.page), { run: null, progress: null, history: null });
  await steps(figure, 1);
});

for (const missing of ['/train/lesson.js', '/training/page/controller.js']) {
  test(`if its code cannot be fetched, the figure fails with a message: ${missing}`, async () => {
    const seen = await visit({ from: figureAddress('morph') });
    await seen.figure('morph').ready();
    await seen.page.setRequestInterception(true);
    seen.page.on('request', (request) => (request.url().endsWith(missing) ? request.abort() : request.continue()));
    await add(seen.page, ARTICLE.train);
    const figure = seen.figure('train');
    assert.equal(await figure.settled(), 'error');
    await eventually(async () =>
      assert.equal(await (await figure.part('failure')).evaluate((node) => node.dataset.kind), 'unreachable'),
    );
    await eventually(async () => assert.match(await figure.failure(), /train/));
    // The browser logs the failed request.
    const complaints = seen.complaints.splice(0);
    assert.ok(
      complaints.every((complaint) => complaint.includes('ERR_FAILED')),
      complaints.join(),
    );
  });
}

test('axe finds nothing before and during a run', async () => {
  for (const scheme of ['light', 'dark']) {
    const { seen, figure } = await train({ scheme });
    await small(figure);
    assert.deepEqual(await violations(seen.page), []);
    await steps(figure, 2);
    assert.deepEqual(await violations(seen.page), []);
    if (scheme === 'light') await seen.close();
  }
});
