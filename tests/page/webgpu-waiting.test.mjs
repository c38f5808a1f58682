// The texts while WebGPU is started and a run's networks are created on it, which takes long on a slow adapter.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { eventually, figureAddress, openChromiumWithWebGpu, visit } from './support/browser.mjs';
import { bars, press, SMALL, stepOf } from './support/training.mjs';

let browser;
let seen;
before(async () => (browser = await openChromiumWithWebGpu()));
after(async () => {
  await seen?.close();
  await browser?.close();
});

/** In the page: records every text that a part of the figure shows, in order. */
function note(selector, part, into) {
  globalThis[into] = [];
  const node = document.querySelector(selector).shadowRoot.querySelector(`[part=${part}]`);
  const add = () => {
    if (node.textContent !== globalThis[into].at(-1)) globalThis[into].push(node.textContent);
  };
  add();
  new MutationObserver(add).observe(node, { childList: true, characterData: true, subtree: true });
}

test('a run on WebGPU says what it is waiting for until its first step, and the line about the device is always correct', async () => {
  seen = await visit(browser, { from: figureAddress('train', { ...SMALL, engine: 'webgpu' }) });
  const figure = await seen.figure('train').ready();
  await figure.part('device');
  await seen.page.evaluate(
    `(${note})(${JSON.stringify(figure.selector)}, 'device', 'lines'); (${note})(${JSON.stringify(figure.selector)}, 'status', 'texts');`,
  );
  await bars(figure);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) >= 2));
  const { lines, texts } = await seen.page.evaluate(() => ({ lines: globalThis.lines, texts: globalThis.texts }));
  const before = texts.slice(
    0,
    texts.findIndex((text) => text.startsWith('Step')),
  );
  const compared = before.flatMap(
    (text) => /first steps, to be compared with the CPU: (\d) of 6/.exec(text)?.[1] ?? [],
  );
  assert.deepEqual(compared, ['1', '2', '3', '4', '5', '6']);
  assert.ok(before.includes('Making the networks: 1 of 2…'), `${before}`);
  assert.ok(
    before.every((text) => text.endsWith('…') || text === ''),
    `${before}`,
  );
  assert.equal(lines.at(-1), 'WebGPU');
  assert.ok(
    lines.every((line) => ['WebGPU is being started…', 'WebGPU is ready', 'WebGPU'].includes(line)),
    `${lines}`,
  );
  assert.deepEqual(seen.complaints, []);
});
