// If the browser's database is full or in use by another tab, the run continues, the reader is told, and the stored run stays consistent.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress } from './support/browser.mjs';
import { hurry } from './support/clock.mjs';
import { press, small, stepOf, steps, stored, storedAt, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(options) {
  seen = await visit({ from: figureAddress('train'), ...options });
  figure = await seen.figure('train').ready();
  await small(figure);
}

const warning = async () => (await figure.part('unsaved')).evaluate((node) => (node.hidden ? '' : node.textContent));

/** Runs a function in another tab of the same site. */
async function elsewhere(work) {
  const page = await seen.page.browserContext().newPage();
  await page.goto(new URL('icon.svg', seen.page.url()).href);
  const answer = await page.evaluate(work);
  await page.close();
  return answer;
}

test('if the storage is full, the run continues, and the reader is told and can save the file until there is space', async () => {
  await train({ before: catchDownloads });
  const { origin } = new URL(seen.page.url());
  const client = await seen.page.createCDPSession();
  await client.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await press(figure, 'play');
  await eventually(async () =>
    assert.match(
      await warning(),
      /does not keep the run for your next visit: there is no room left for it\. Training continues\./,
    ),
  );
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before + 5));
  assert.notEqual(await warning(), '');
  await press(figure, 'save-unsaved');
  await eventually(async () =>
    assert.deepEqual(await seen.page.evaluate(() => globalThis.saved.map((name) => name.split('-')[0])), [
      'variational',
      'autoencoder',
    ]),
  );
  await client.send('Storage.overrideQuotaForOrigin', { origin });
  await press(figure, 'play');
  await eventually(async () => assert.equal(await warning(), ''));
  const { run, progress } = await storedAt(seen.page, await stepOf(figure));
  assert.equal(run.pictures, 64 * 144);
  assert.equal(progress.weights.length, 2);
});

test('if there is no space for the history, the run is still stored', async () => {
  await train();
  const kept = await seen.page.evaluate(async () => {
    const { Record } = await import('/training/page/record.js');
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (key === 'test history' && value.length > 1) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
    const reasons = [];
    const record = new Record('test', (reason) => reasons.push(reason ?? null));
    record.start(1);
    const snapshot = (step) => ({ step, states: [new Float32Array(3)] });
    record.history.add(snapshot(0));
    await record.begin({ settings: {}, data: {} });
    for (const step of [1, 2, 3]) record.history.add(snapshot(step));
    await record.save(true);
    const { snapshot: last, history } = await new Record('test', () => {}).read();
    return { reasons, step: last.step, history: history.length };
  });
  assert.deepEqual(kept, { reasons: [null, 'there is no room left for it', null], step: 3, history: 0 });
});

test('a run stored by an earlier version can be read, and is written under the same names', async () => {
  await train();
  const found = await seen.page.evaluate(async () => {
    const { Record } = await import('/training/page/record.js');
    const { read, write } = await import('/training/page/store.js');
    const entries = {
      'old run': { settings: { latent: 2 }, data: { name: 'bars' } },
      'old progress': { moment: { step: 4, states: [new Float32Array(3)] }, curve: Float64Array.of(4, 9, 1), span: 1 },
      'old history': [{ step: 2, states: [new Uint16Array(3)] }],
    };
    await write({ key: 'old owner', owner: 'an earlier page' }, entries, () => entries);
    const record = new Record('old', () => {});
    const saved = await record.read();
    record.restore(1, saved);
    await record.save(true);
    const { moment, span } = await read('old progress');
    return {
      settings: saved.settings,
      name: saved.data.name,
      steps: record.history.steps,
      curve: record.curve.columns,
      written: [moment.step, span, (await read('old history')).map(({ step }) => step)],
    };
  });
  assert.deepEqual(found, {
    settings: { latent: 2, fall: 0, threads: 0, critic: 0, held: 0 },
    name: 'bars',
    steps: [2, 4],
    curve: [[4], [9], [1]],
    written: [4, 1, [2, 4]],
  });
});

/**
 * Rewrites the database as version 0.1.0 left it: the same three entries with only its fields, and no owner. Runs in a page of the site
 * without a figure.
 */
async function asVersion010() {
  const database = await new Promise((resolve) => {
    indexedDB.open('latent-lab', 1).onsuccess = (event) => resolve(event.target.result);
  });
  const store = database.transaction('run', 'readwrite').objectStore('run');
  const get = (key) => new Promise((resolve) => (store.get(key).onsuccess = (event) => resolve(event.target.result)));
  const only = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]));
  const [run, progress, history] = [await get('run'), await get('progress'), await get('history')];
  const settings = ['kind', 'latent', 'layers', 'likelihood', 'beta', 'learningRate', 'batch', 'seed', 'pace'];
  const old = {
    run: {
      settings: only(run.settings, ...settings, 'awake', 'augment', 'copies'),
      data: only(run.data, 'shape', 'pixels', 'labels', 'name', 'isInk'),
    },
    progress: { ...only(progress, 'curve', 'span'), moment: only(progress.moment, 'step', 'states') },
    history: history.map((snapshot) => only(snapshot, 'step', 'states')),
  };
  store.clear();
  for (const [key, value] of Object.entries(old)) store.put(value, key);
  await new Promise((resolve) => (store.transaction.oncomplete = resolve));
  database.close();
  return Object.keys(old);
}

test('a run stored by version 0.1.0 is found, and continues as if it had not been interrupted', async () => {
  // That version trained on all pictures, at a constant learning rate.
  const asThen = async () => {
    await train();
    await type(figure, 'held', 0);
    await figure.focus('fall');
    await seen.page.keyboard.press('Home');
  };
  await asThen();
  await steps(figure, 4);
  const { progress: straight } = await storedAt(seen.page, 4);
  await seen.close();

  await asThen();
  await steps(figure, 2);
  await storedAt(seen.page, 2);
  const home = seen.page.url();
  await seen.page.goto(new URL('icon.svg', home).href);
  assert.deepEqual(await seen.page.evaluate(asVersion010), ['run', 'progress', 'history']);
  await seen.page.goto(home);
  figure = await seen.figure('train').ready();
  await eventually(async () => assert.equal(await stepOf(figure), 2));
  await steps(figure, 2);
  const { progress: continued } = await storedAt(seen.page, 4);
  assert.deepEqual(continued, straight);
});

test('a warning names a newer version of the page in another tab, and the run continues', async () => {
  await train();
  await elsewhere(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('latent-lab', 2);
        opening.onsuccess = () => resolve(opening.result.close());
        opening.onerror = () => reject(opening.error);
      }),
  );
  await press(figure, 'play');
  await eventually(async () => assert.match(await warning(), /another tab has a newer version of this page/));
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before));
});

test('a database that other tabs keep from opening does not prevent training', async () => {
  seen = await visit({ from: figureAddress('train', { loading: 'lazy' }), before: hurry });
  const holder = await seen.page.browserContext().newPage();
  await holder.goto(new URL('icon.svg', seen.page.url()).href);
  // One connection stays open, and a deletion of the database waits for it.
  await holder.evaluate(async () => {
    await new Promise(
      (resolve) =>
        (indexedDB.open('latent-lab', 1).onsuccess = (event) => resolve((globalThis.held = event.target.result))),
    );
    await new Promise((resolve) => (indexedDB.deleteDatabase('latent-lab').onblocked = resolve));
  });
  figure = await seen.figure('train').ready();
  await small(figure);
  await press(figure, 'play');
  await eventually(async () => assert.match(await warning(), /another tab holds the database/));
  const before = await stepOf(figure);
  await eventually(async () => assert.ok((await stepOf(figure)) > before));
  await holder.evaluate(() => globalThis.held.close());
  await press(figure, 'play');
  await eventually(async () => assert.equal(await warning(), ''));
  await storedAt(seen.page, await stepOf(figure));
  await holder.close();
});

test('another tab can delete the database during a run, and the whole run is written again', async () => {
  await train();
  await steps(figure, 1);
  await storedAt(seen.page, 1);
  const answer = await elsewhere(
    () =>
      new Promise((resolve) => {
        const deleting = indexedDB.deleteDatabase('latent-lab');
        for (const type of ['success', 'error', 'blocked']) deleting.addEventListener(type, () => resolve(type));
      }),
  );
  assert.equal(answer, 'success');
  await steps(figure, 1);
  const { run } = await storedAt(seen.page, 2);
  assert.equal(run.pictures, 64 * 144);
  await eventually(async () => assert.equal(await warning(), ''));
});

test('if two tabs train under the same name, the database contains one whole run, not halves of two', async () => {
  await train();
  await steps(figure, 1);
  await storedAt(seen.page, 1);
  const name = (await stored(seen.page)).run.name;
  await seen.page.evaluate(async () => {
    // As in another tab, a new record has another owner.
    const { Record } = await import('/training/page/record.js');
    const record = new Record('', () => {});
    record.start(1);
    record.history.add({ step: 0, states: [new Float32Array(3)] });
    await record.begin({ settings: {}, data: { name: 'of another tab', pixels: new Uint8Array(1) } });
  });
  assert.equal((await stored(seen.page)).run.name, 'of another tab');
  await steps(figure, 1);
  const { run, history } = await storedAt(seen.page, 2);
  assert.equal(run.name, name);
  assert.ok(history.includes(1), `${history}`);
});

/** In the page: records the names of files that a link would save. */
function catchDownloads() {
  globalThis.saved = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (this.download) globalThis.saved.push(this.download);
    else click.call(this);
  };
}

test('a page entering the back/forward cache starts no write, which could block other pages, but a closing page does', async () => {
  await train();
  await press(figure, 'step');
  await storedAt(seen.page, 1);
  const writes = (persisted) =>
    seen.page.evaluate(async (isPutAside) => {
      const { transaction } = IDBDatabase.prototype;
      const modes = [];
      IDBDatabase.prototype.transaction = function (...args) {
        modes.push(args[1]);
        return transaction.apply(this, args);
      };
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: isPutAside }));
      await new Promise((resolve) => setTimeout(resolve, 500));
      IDBDatabase.prototype.transaction = transaction;
      return modes;
    }, persisted);
  assert.deepEqual(await writes(true), []);
  assert.deepEqual(await writes(false), ['readwrite']);
});
