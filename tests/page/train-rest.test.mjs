// Pauses of a run: between steps, off the screen, and in a hidden tab.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { trainVisits } from './support/train-figure.mjs';
import { press, stepOf, storedAt, text } from './support/training.mjs';

const { train, trainSmall } = trainVisits();

/** Asserts that a run takes no step for a while in which it would take many. */
async function staysAt(figure, step) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal(await stepOf(figure), step);
}

test('waiting requests are answered between any two steps', async () => {
  const { seen } = await train();
  const list = await seen.page.evaluate(async () => {
    const { Session } = await import('/training/worker/session.js');
    const list = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => list.push('request');
    let networks = 0;
    const create = async () => {
      const name = ++networks;
      const stepPart = async () => {
        list.push(`step ${name}`);
        // This request arrives during the step.
        port2.postMessage(null);
        return { reconstruction: 1, kl: 0, total: 1 };
      };
      return { stepPart, setImages() {}, setAugment() {}, free() {}, state: async () => new Float32Array(3) };
    };
    const session = new Session({ Trainer: { create } }, () => {});
    const image = { channels: 1, height: 8, width: 8 };
    const configs = ['variational', 'autoencoder'].map((kind) => ({
      image,
      layers: [],
      latent: 2,
      kind,
      likelihood: 'bernoulli',
    }));
    const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
    const config = { configs, seed: 1, batch: 1, augment, pixels: new Uint8Array(64), copies: 1 };
    await session.create({ config, settings: { beta: 1, learningRate: 0.001, pace: 1 } });
    session.watch({ isWatched: false });
    session.run();
    while (list.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    await session.halt();
    return list.slice(0, 40);
  });
  assert.deepEqual(
    list,
    Array.from({ length: 40 }, (_, i) => (i % 2 ? 'request' : `step ${1 + ((i / 2) % 2)}`)),
  );
});

test('a run pauses off the screen and continues when it is visible again', async () => {
  const { seen, figure } = await trainSmall();
  await seen.page.evaluate(() => {
    const above = document.createElement('div');
    above.style.blockSize = '3000px';
    document.body.prepend(above);
  });
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  await seen.page.evaluate(() => scrollTo(0, 0));
  await eventually(async () => assert.match(await text(figure, 'status'), /waiting until/));
  const resting = await stepOf(figure);
  await staysAt(figure, resting);
  await seen.page.$eval(figure.selector, (element) => element.scrollIntoView());
  await eventually(async () => assert.ok((await stepOf(figure)) > resting));
});

test('a run pauses in a hidden tab, unless it is set to continue', async () => {
  const { seen, figure } = await trainSmall();
  const turn = (isHidden) =>
    seen.page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 3));
  await turn(true);
  await eventually(async () => assert.match(await text(figure, 'status'), /waiting until/));
  // When the tab is hidden, the run is stored so that nothing can be lost.
  const resting = await stepOf(figure);
  await storedAt(seen.page, resting);
  await staysAt(figure, resting);
  await turn(false);
  await eventually(async () => assert.ok((await stepOf(figure)) > resting));
  await press(figure, 'awake');
  await turn(true);
  const hidden = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > hidden + 5));
});
