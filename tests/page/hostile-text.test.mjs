// Text from links and files: no input, however hostile, makes a parser block the tab.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { address, eventually } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** The time limit for parsing a text of 10,000 characters, in milliseconds. */
const MOST = 50;

/** After this many milliseconds without a message, the thread counts as hung. */
const PATIENCE = 30_000;

/** Each parser with the time of its slowest text, measured in a thread. A parser that hangs has no time. */
function read() {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('support/hostile.mjs', import.meta.url));
    /** @type {Map<string, number>} */
    const slowest = new Map();
    const end = () => thread.terminate().then(() => resolve(slowest));
    let watch = setTimeout(end, PATIENCE);
    thread.on('error', reject);
    thread.on('message', ({ name, slowest: time, done }) => {
      clearTimeout(watch);
      if (done) return end();
      watch = setTimeout(end, PATIENCE);
      slowest.set(name, time ?? Infinity);
    });
  });
}

test('every attribute and every other parser reads 10,000 characters of any kind within 50 ms', async () => {
  const slowest = await read();
  assert.deepEqual(
    [...slowest].filter(([, time]) => time > MOST),
    [],
  );
  assert.ok(slowest.size > 40, `${slowest.size} parsers`);
});

test('a link with invalid names of controls causes a warning, and the figure still shows its pictures', async () => {
  for (const controls of [`${'a'.repeat(40)}!`, 'a '.repeat(5000), `-${'b'.repeat(10_000)}`]) {
    const { figure, complaints, page } = await visit({
      from: new URL(`embed.html#figure=morph&controls=${encodeURIComponent(controls)}`, address).href,
    });
    const morph = await figure('morph').ready();
    assert.equal((await morph.state()).controls, 'all');
    const [warning] = complaints.splice(0);
    assert.match(warning, /controls="/);
    await page.close();
  }
});

test('a figure whose link has the maximum number of controls is drawn without delay', async () => {
  const controls = Array.from({ length: 120 }, (_, i) => `name-${i}`).join(' ');
  const { figure } = await visit({
    from: new URL(`embed.html?figure=microscope&controls=${encodeURIComponent(controls)}`, address).href,
  });
  const microscope = await figure('microscope').ready();
  await eventually(async () =>
    assert.equal(await (await microscope.part('steps')).evaluate((node) => node.checkVisibility()), false),
  );
});
