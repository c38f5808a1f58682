// Several workers share the steps of a run, in every browser engine and without shared memory: the bits are those of one worker.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { address } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';
import { shareInBrowser } from './support/shared-steps.mjs';

/** A document of the site's origin that runs nothing by itself. */
const bare = new URL('icon.svg', address).href;

/** Steps of each stage, once its workers share them. */
const STEPS = 6;

/** Steps that one worker takes at once, to be compared with: as many as most runs have, since a second run of it costs more than steps. */
const MOST = 80;

for (const [name, open] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    /** Losses of one worker, as many as have been needed. */
    let alone = [];
    before(async () => {
      browser = await open();
      await browser.open(bare);
    });
    after(() => browser?.close());

    /** Runs the stages; each loss is that of a run on one worker. */
    async function isAsAlone(stages) {
      const { losses, workers } = await browser.run(shareInBrowser, { stages, steps: STEPS });
      assert.deepEqual(
        workers,
        stages.map(({ threads }) => threads),
      );
      if (alone.length < losses.length) {
        const one = { stages: [{ threads: 1 }], steps: Math.max(MOST, losses.length), pace: 1 };
        ({ losses: alone } = await browser.run(shareInBrowser, one));
      }
      assert.ok(losses.length >= stages.length * STEPS);
      assert.deepEqual(losses, alone.slice(0, losses.length));
    }

    // Each worker compiles the module, which costs more than the steps, so that no number of workers is tried twice.
    test('8 workers have the losses of one', () => isAsAlone([{ threads: 8 }]));

    test('the number of workers may change in the middle of a run', () =>
      isAsAlone([{ threads: 2 }, { threads: 5 }, { threads: 1 }, { threads: 3 }]));

    test('a run goes on after a reload with another number', () =>
      isAsAlone([{ threads: 3 }, { threads: 2, reload: true }]));

    test('a worker that crashes is replaced, and its share is computed again', () =>
      isAsAlone([{ threads: 3, loss: 'crash' }]));

    test('a worker that the browser ends without a word is replaced too', () =>
      isAsAlone([{ threads: 2, loss: 'silence' }]));
  });
}
