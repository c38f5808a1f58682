// Every browser engine computes the same: the plain module's results are bit for bit those of the native reproducible engine.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { address, openWholeChromium } from './support/browser.mjs';
import { inEveryBrowser, withPuppeteer } from './support/browsers.mjs';
import { codes, fingerprint, pixels, training } from './support/golden.mjs';
import { decodeInBrowser, sessionInBrowser, trainInBrowser } from './support/module.mjs';

/** A document of the site's origin without scripts. */
const bare = new URL('icon.svg', address).href;

/** The only allowed difference: a fused multiply-add rounds once where separate instructions round twice. */
const FUSED = 1e-4;

const bytes = (base64) => Uint8Array.from(Buffer.from(base64, 'base64'));

inEveryBrowser((browser) => {
  before(() => browser.open(bare));
  for (const build of ['cpu', 'training']) {
    test(`the plain module ${build} decodes bit for bit as the native engine does`, async () => {
      const decoded = await browser.run(decodeInBrowser, { build, model: 'digits', codes: [...codes] });
      assert.equal(fingerprint(bytes(decoded)), fingerprint(new Uint8Array(pixels.buffer)));
    });
  }

  test('the plain module trains bit for bit as the native engine does', async () => {
    const run = await browser.run(trainInBrowser, { build: 'training', golden: training });
    assert.deepEqual(run.losses, training.losses);
    for (const each of ['draws', 'weights', 'decoded']) {
      assert.equal(fingerprint(bytes(run[each])), training[each], each);
    }
  });

  test('a run of the page has the losses of the native engine, even if it is interrupted and resumed', async () => {
    const run = await browser.run(sessionInBrowser, { build: 'training', golden: training });
    const expected = training.losses.map(([reconstruction, kl]) => [reconstruction, kl]);
    assert.deepEqual(run.straight, expected);
    assert.deepEqual(run.resumed, expected);
    assert.ok(run.same, 'both runs end in the same state');
    assert.equal(fingerprint(bytes(run.weights)), training.weights);
  });
});

test('the relaxed module decodes to nearly the same picture and trains to nearly the same losses', async () => {
  const browser = await withPuppeteer(openWholeChromium());
  try {
    await browser.open(bare);
    const decoded = await browser.run(decodeInBrowser, { build: 'cpu-relaxed', model: 'digits', codes: [...codes] });
    const values = new Float32Array(bytes(decoded).buffer);
    assert.equal(values.length, pixels.length);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - pixels[i])), 0);
    assert.ok(worst <= FUSED, `${worst} away`);
    const { losses, draws } = await browser.run(trainInBrowser, { build: 'training-relaxed', golden: training });
    assert.equal(fingerprint(bytes(draws)), training.draws);
    losses.flat().forEach((loss, i) => {
      const golden = training.losses.flat()[i];
      assert.ok(Math.abs(loss - golden) <= FUSED * Math.abs(golden), `${loss} for ${golden}`);
    });
  } finally {
    await browser.close();
  }
});
