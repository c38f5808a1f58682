// Preferences of the reader's browser: little data, by either of two settings, and reduced motion, even if it changes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

/** Media queries that match now. @type {Set<string>} */
const matching = new Set();
/** @type {Map<string, EventTarget>} by query */
const queries = new Map();

globalThis.matchMedia = /** @type {any} */ (
  (/** @type {string} */ query) => {
    const list = queries.get(query) ?? new EventTarget();
    queries.set(query, list);
    Object.defineProperty(list, 'matches', { get: () => matching.has(query), configurable: true });
    return list;
  }
);

/** @param {object} properties */
function setNavigator(properties) {
  Object.defineProperty(globalThis, 'navigator', { value: properties, configurable: true, writable: true });
}

const { MotionPreference, savesData } = await import('../../www/state/reader.js');

beforeEach(() => {
  matching.clear();
  setNavigator({});
});

test('a reader saves data if the browser’s or the system’s setting says so', () => {
  assert.equal(savesData(), false);
  setNavigator({ connection: { saveData: false } });
  assert.equal(savesData(), false);
  setNavigator({ connection: { saveData: true } });
  assert.equal(savesData(), true);
  setNavigator({});
  matching.add('(prefers-reduced-data: reduce)');
  assert.equal(savesData(), true);
});

/** Loads a new instance of page/offline.js. @returns {Promise<number>} the number of service workers it registered */
async function registrations(/** @type {object} */ properties) {
  let count = 0;
  setNavigator({ ...properties, serviceWorker: { register: async () => void count++ } });
  globalThis.document = /** @type {any} */ ({ readyState: 'complete' });
  await import(`../../www/page/offline.js?${Math.random()}`);
  return count;
}

test('the site is cached for offline use unless the reader saves data', async () => {
  assert.equal(await registrations({}), 1);
  assert.equal(await registrations({ connection: { saveData: true } }), 0);
  matching.add('(prefers-reduced-data: reduce)');
  assert.equal(await registrations({}), 0);
});

test('changes of the preference for reduced motion are followed until the figure is removed', () => {
  let changes = 0;
  const motion = new MotionPreference(() => changes++);
  const query = /** @type {EventTarget} */ (queries.get('(prefers-reduced-motion: reduce)'));
  assert.equal(motion.isReduced, false);
  matching.add('(prefers-reduced-motion: reduce)');
  query.dispatchEvent(new Event('change'));
  assert.equal(motion.isReduced, true);
  assert.equal(changes, 1);
  motion.destroy();
  query.dispatchEvent(new Event('change'));
  assert.equal(changes, 1);
});
