// Several workers share the steps of a run without shared memory, and in every browser engine the results equal one worker's bit for bit.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { address } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';
import { shareInBrowser } from './support/shared-steps.mjs';

/** A document of the site's origin without scripts. */
const bare = new URL('icon.svg', address).href;

/** Steps of each stage that its workers share. */
const STEPS = 6;

/** Steps of the run on one worker, for comparison: enough for most tests, since a second run would cost more than the steps. */
const MOST = 80;

for (const [name, open] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    /** Losses of the longest run on one worker so far. */
    let alone = [];
    before(async () => {
      browser = await open();
      await browser.open(bare);
    });
    after(() => browser?.close());

    /** Runs the stages, and asserts that each loss equals that of a run on one worker. */
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

    // Each worker compiles the module, which costs more than the steps, so no number of workers is tested twice.
    test('8 workers have the losses of one worker', () => isAsAlone([{ threads: 8 }]));

    test('the number of workers can change during a run', () =>
      isAsAlone([{ threads: 2 }, { threads: 5 }, { threads: 1 }, { threads: 3 }]));

    test('a run continues after a reload with another number of workers', () =>
      isAsAlone([{ threads: 3 }, { threads: 2, reload: true }]));

    test('a worker that crashes is replaced, and its share is computed again', () =>
      isAsAlone([{ threads: 3, loss: 'crash' }]));

    test('a worker that the browser ends without an event is replaced too', () =>
      isAsAlone([{ threads: 2, loss: 'silence' }]));
  });
}
