// A critic in the tab: it is added at a step, removed, kept after a reload and in branches, and noted in a saved network.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress, violations } from './support/browser.mjs';
import { frames, isFocused, phase, trainVisits } from './support/train-figure.mjs';
import { drop, idx, press, SMALL, stepOf, steps, storedAsShown, storedAt, text } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

/** As in `SMALL`, but only the VAE, which gets a critic after three steps. */
const PLANNED = { plan: `${SMALL.plan}; kind: variational; critic: 3` };

const label = async (figure) => (await figure.part('critic')).evaluate((node) => node.textContent);

const isShown = async (figure, part) => (await figure.part(part)).evaluate((node) => node.checkVisibility());

/** The numbers in the legends of the critic's charts. */
const legends = async (figure) =>
  (await figure.part('verdicts')).evaluate((node) =>
    [...node.querySelectorAll('.key b')].map((key) => key.textContent),
  );

/** Trains until step 100, from which a critic is offered, and pauses. */
async function trained(figure) {
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) >= 100));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
}

test('a critic is offered after 100 steps, shows its verdicts, and can be removed', async () => {
  const { seen, figure } = await trainSmall();
  await steps(figure, 1);
  assert.equal(await isShown(figure, 'critic'), false);
  await eventually(async () => assert.match(await text(figure, 'sharpness'), /^Sharpness: \d+% of/));
  await trained(figure);
  assert.equal(await label(figure), 'Add a critic');
  assert.equal(await isShown(figure, 'verdicts'), false);

  await (await figure.part('critic')).focus();
  await seen.page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await label(figure), 'Remove the critic'));
  await isFocused(seen.page, 'critic');
  await eventually(async () => assert.match(await text(figure, 'status'), /with a critic, on one processor/));
  await eventually(async () => assert.match(await text(figure, 'verdict'), /^The critic takes \d+ of 16 for real$/));
  await steps(figure, 2);
  await eventually(async () => assert.equal(await isShown(figure, 'verdicts'), true));
  await eventually(async () => {
    const values = await legends(figure);
    assert.equal(values.length, 3);
    for (const value of values) assert.match(value, /^-?\d+\.\d\d$/);
  });
  const marks = await figure.inside('.drawn .verdicts');
  assert.equal(await marks.evaluate((node) => node.children.length), 16);
  assert.deepEqual(await violations(seen.page), []);

  await press(figure, 'critic');
  await eventually(async () => assert.equal(await label(figure), 'Add a critic'));
  await eventually(async () => assert.doesNotMatch(await text(figure, 'status'), /critic/));
  await eventually(async () => assert.equal(await isShown(figure, 'verdict'), false));
  await steps(figure, 2);
  const { progress } = await storedAsShown(figure);
  assert.equal(progress.critic.steps.length, 2);
  // Two steps against the critic, each with its number and four values.
  assert.equal(progress.verdicts.length, 10);
});

test('a run continues while a critic is added and removed', async () => {
  const { figure } = await trainSmall({ from: figureAddress('train', { plan: `${SMALL.plan}; kind: variational` }) });
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) >= 100));
  await press(figure, 'critic');
  await eventually(async () => assert.equal(await label(figure), 'Remove the critic'));
  const added = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > added + 5));
  assert.equal(await phase(figure), 'Pause');
  await press(figure, 'critic');
  await eventually(async () => assert.equal(await label(figure), 'Add a critic'));
  const removed = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > removed + 5));
});

test('a planned critic is added at its step, and a reloaded run continues bit for bit', async () => {
  const { seen, figure } = await trainSmall({ from: figureAddress('train', PLANNED) });
  await steps(figure, 7);
  const { progress: straight } = await storedAt(seen.page, 7);
  assert.deepEqual(straight.critic.steps, [3]);
  assert.deepEqual(
    straight.verdicts.filter((_, i) => i % 5 === 0),
    [4, 5, 6, 7],
  );
  await press(figure, 'reset');
  await eventually(async () => assert.equal(await phase(figure), 'Start'));

  await steps(figure, 5);
  await storedAt(seen.page, 5);
  await seen.page.reload();
  await figure.ready();
  await eventually(async () => assert.equal(await stepOf(figure), 5));
  await eventually(async () => assert.equal(await label(figure), 'Remove the critic'));
  await eventually(async () => assert.match(await text(figure, 'verdict'), /of 16 for real/));
  await steps(figure, 2);
  const { progress: broken } = await storedAt(seen.page, 7);
  assert.deepEqual(broken, straight);
});

test('a critic survives the loss of the worker', async () => {
  const { seen, figure } = await trainSmall({ from: figureAddress('train', PLANNED) });
  await steps(figure, 5);
  const { progress: before } = await storedAt(seen.page, 5);
  for (const worker of seen.page.workers()) await worker.evaluate(() => self.postMessage({ crash: 'made up' }));
  await eventually(async () => assert.match(await text(figure, 'problem'), /continues from step 5/));
  await steps(figure, 1);
  const { progress: after } = await storedAt(seen.page, 6);
  assert.deepEqual(after.verdicts.slice(0, before.verdicts.length), before.verdicts);
  assert.deepEqual(after.critic.steps, [3]);
});

test('the time machine shows the verdict only for steps with a critic, and a branch from before adds it again', async () => {
  const { seen, figure } = await trainSmall({
    from: figureAddress('train', { plan: `${SMALL.plan}; kind: variational; critic: 4` }),
  });
  await steps(figure, 6);
  const { progress: first } = await storedAt(seen.page, 6);
  await eventually(async () => assert.equal(await isShown(figure, 'verdict'), true));
  const drawn = async () => (await figure.pictures('samples'))[0];
  await frames(seen.page);
  const now = await drawn();
  await figure.focus('time');
  // There is a snapshot of the start and one of each step; the right end is the present.
  for (const _ of [1, 2, 3, 4, 5]) await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal(await isShown(figure, 'verdict'), false));
  await eventually(async () => assert.notDeepEqual(await drawn(), now));
  await seen.page.keyboard.press('End');
  await eventually(async () => assert.deepEqual(await drawn(), now));
  await figure.focus('time');
  for (const _ of [1, 2, 3, 4, 5]) await seen.page.keyboard.press('ArrowLeft');
  await press(figure, 'branch');
  await eventually(async () => assert.ok((await stepOf(figure)) > 6));
  await press(figure, 'play');
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  // The plan adds it again at the same step.
  const { progress: again } = await storedAsShown(figure);
  assert.deepEqual(again.critic.steps, [4]);
  assert.equal(again.verdicts[0], first.verdicts[0]);
});

/** In the page: files that a link would save are kept here instead. */
function catchDownloads() {
  globalThis.saved = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.download) return click.call(this);
    globalThis.saved.push(fetch(this.href).then(async (answer) => new Uint8Array(await answer.arrayBuffer())));
  };
}

test('a saved network can be opened, has a prior fitted to its codes, and its card names the critic', async () => {
  const { seen, figure } = await trainSmall({ from: figureAddress('train', PLANNED), before: catchDownloads });
  await steps(figure, 5);
  await press(figure, 'save');
  await eventually(async () => assert.equal(await seen.page.evaluate(() => globalThis.saved.length), 1));
  const opened = await seen.page.evaluate(async () => {
    const { pageEngine } = await import('/engine/engine.js');
    return pageEngine.inspect(new Blob([await globalThis.saved[0]]));
  });
  assert.equal(opened.components, 1);
  assert.equal(opened.card.notes, 'trained against a critic from step 3');
  assert.equal(opened.config.kind, 'variational');
});

test('the texts about the critic are translated to German', async () => {
  const { figure } = await train({ from: figureAddress('train', { ...PLANNED, lang: 'de' }) });
  await drop(figure, [{ name: 'bars', bytes: idx(64, 12) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '64 Bilder'));
  // The helper `steps` expects English, so the German status is read here.
  for (const step of [1, 2, 3, 4, 5]) {
    await press(figure, 'step');
    await eventually(async () => assert.match(await text(figure, 'status'), new RegExp(`^Schritt ${step} `)));
  }
  await eventually(async () => assert.equal(await label(figure), 'Kritiker entfernen'));
  await eventually(async () => assert.match(await text(figure, 'verdict'), /^Der Kritiker hält \d+ von 16 für echt$/));
  await eventually(async () => assert.match(await text(figure, 'sharpness'), /^Schärfe: \d+\u00a0%/));
  await eventually(async () => assert.match(await text(figure, 'status'), /mit Kritiker, auf einem Prozessor/));
});

test('a plain autoencoder on its own can have a critic, and of two networks only the VAE gets one', async () => {
  const { seen, figure } = await trainSmall({
    from: figureAddress('train', { plan: `${SMALL.plan}; kind: autoencoder; critic: 2` }),
  });
  await steps(figure, 4);
  const { progress } = await storedAt(seen.page, 4);
  assert.equal(progress.verdicts.length, 10);
  await seen.close();

  const both = await trainSmall({ from: figureAddress('train', { plan: `${SMALL.plan}; critic: 2` }) });
  await steps(both.figure, 4);
  await eventually(async () => assert.equal(await isShown(both.figure, 'verdict'), true));
  const plain = await both.figure.inside('[part~=drawn-autoencoder] [part=verdict]');
  assert.equal(await plain.evaluate((node) => node.hidden), true);
  const { progress: paired } = await storedAt(both.seen.page, 4);
  assert.deepEqual(paired.critic.steps, [2]);
  assert.equal(paired.weights.length, 2, 'both networks are trained');
  assert.equal(paired.critic.states.length, progress.critic.states.length, 'as many states as of one critic');
  assert.deepEqual(
    paired.verdicts.filter((_, i) => i % 5 === 0),
    [3, 4],
  );
});
