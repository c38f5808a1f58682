// A training run: steps, changes of settings during the run, and returning to earlier steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { frames, phase, trainVisits } from './support/train-figure.mjs';
import { press, stepOf, steps, stored, storedAsShown, storedAt, text } from './support/training.mjs';

const { trainSmall } = trainVisits();

test('the step button takes one step, and reset deletes the run', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 3);
  await storedAt(seen.page, 3);
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));
  await eventually(async () => assert.deepEqual(await stored(seen.page), { run: null, progress: null, history: null }));
  await steps(figure, 1);
  await eventually(async () => assert.equal(await stepOf(figure), 1));
});

test('a run that is paused, reloaded and continued equals an uninterrupted run', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 6);
  const { progress: straight } = await storedAt(seen.page, 6);
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));

  await steps(figure, 3);
  await storedAt(seen.page, 3);
  await seen.page.reload();
  await figure.ready();
  await eventually(async () => assert.equal(await stepOf(figure), 3));
  await eventually(async () => assert.match(await text(figure, 'sources-status'), /earlier visit, at step 3/));
  await steps(figure, 3);
  const { progress: broken } = await storedAt(seen.page, 6);
  assert.deepEqual(broken, straight);
});

test('the time machine shows earlier steps, and a run that continues from one repeats the same steps', async () => {
  const { seen, figure } = await trainSmall();
  const redrawn = async () => (await figure.pictures('redrawn'))[0];
  await steps(figure, 3);
  // A step is stored after its previews have arrived.
  await storedAt(seen.page, 3);
  await frames(seen.page);
  const then = await redrawn();
  await steps(figure, 2);
  const { progress: first } = await storedAt(seen.page, 5);
  await eventually(async () => assert.notDeepEqual(await redrawn(), then));
  // There is a snapshot of the start and one of each step; the right end is the present.
  await figure.focus('time');
  for (const _ of [1, 2, 3]) await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.deepEqual(await redrawn(), then));
  await eventually(async () => assert.equal(await stepOf(figure), 5, 'looking back does not change the run'));
  await press(figure, 'branch');
  await eventually(async () => assert.equal(await phase(figure), 'Pause'));
  await eventually(async () => assert.ok((await stepOf(figure)) > 5));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  const { progress: again } = await storedAsShown(figure);
  assert.deepEqual(again.curve.slice(0, first.curve.length), first.curve);
});

test('beta, learning rate, pace and training in the background can be changed during a run', async () => {
  const { seen, figure } = await trainSmall();
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  for (const setting of ['beta', 'learning-rate', 'pace']) {
    await figure.focus(setting);
    await seen.page.keyboard.press('Home');
  }
  await figure.focus('fall');
  await seen.page.keyboard.press('End');
  await press(figure, 'awake');
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before + 3));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  await eventually(async () => {
    const { beta, learningRate, fall, pace, awake } = (await stored(seen.page)).run?.settings ?? {};
    assert.deepEqual(
      { beta, learningRate, fall, pace, awake },
      { beta: 0, learningRate: 0.00001, fall: 1_000_000, pace: 0.1, awake: true },
    );
  });
});

test('a falling learning rate is shown with its value at the current step', async () => {
  const { seen, figure } = await trainSmall();
  const said = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[data-control=fall] output').value);
  assert.equal(await said(), 'to a tenth, over 2,000 steps');
  await steps(figure, 3);
  // In the first steps the learning rate rises to 0.012; after three steps it is 4/21 of that.
  await eventually(async () => assert.equal(await said(), 'to a tenth, over 2,000 steps; now 0.0023'));
  await figure.focus('fall');
  await seen.page.keyboard.press('Home');
  assert.equal(await said(), 'never');
});

test('settings changed while the networks are being created apply to the run', async () => {
  const { seen, figure } = await trainSmall();
  await figure.evaluate(({ shadowRoot }) => {
    const status = shadowRoot.querySelector('[part=status]');
    new MutationObserver((_, observer) => {
      if (!/networks: \d/.test(status.textContent)) return;
      observer.disconnect();
      shadowRoot.querySelector('[part=awake]').click();
    }).observe(status, { childList: true, characterData: true, subtree: true });
    shadowRoot.querySelector('[part=play]').click();
  });
  await eventually(async () => assert.equal((await stored(seen.page)).run?.settings.awake, true));
});

test('an exploding loss stops the run, with the reason and an offer to go back', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 2);
  await figure.focus('learning-rate');
  await seen.page.keyboard.press('End');
  // With a learning rate that rises first, the loss does not explode.
  await figure.focus('fall');
  await seen.page.keyboard.press('Home');
  await press(figure, 'play');
  await eventually(async () =>
    assert.match(await text(figure, 'problem'), /The run has stopped: .*(exploded|not finite)/),
  );
  await press(figure, 'recover');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  await eventually(async () => {
    const { run } = await stored(seen.page);
    assert.ok(Math.abs(run.settings.learningRate - 0.1 / 3) < 1e-9, `${run.settings.learningRate}`);
  });
  await steps(figure, 1);
});

test('a run continues after the loss of its worker', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 4);
  const { progress: before } = await storedAt(seen.page, 4);
  for (const worker of seen.page.workers()) await worker.evaluate(() => self.postMessage({ crash: 'made up' }));
  await eventually(async () => assert.match(await text(figure, 'problem'), /continues from step 4/));
  await steps(figure, 1);
  const { progress: after } = await storedAt(seen.page, 5);
  assert.deepEqual(after.curve.slice(0, before.curve.length), before.curve);
});

test('a rebuilt figure finds its run, even with changed settings', async () => {
  const { figure } = await trainSmall();
  await steps(figure, 2);
  assert.notEqual((await figure.state()).plan, '');
  const old = await figure.part('play');
  await figure.evaluate((element) => element.shadowRoot.dispatchEvent(new Event('latent-retry')));
  await eventually(async () => assert.equal(await old.evaluate((node) => node.isConnected), false));
  await figure.ready();
  await eventually(async () => assert.equal(await stepOf(figure), 2));
});
