// What lies in the latent space, and links that say so, in every browser engine: posterior, lenses and checks, two people and one morph,
// the article's address and its German. Other figures are in browsers-figures.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress, selectorOf } from './support/browser.mjs';
import { inEveryBrowser } from './support/browsers.mjs';
import { scrollTo, statusOf } from './support/in-browser.mjs';
import { drawByKeys, give, keepFiles, posterior, press, startOfFile, textOf, where } from './support/instruments.mjs';

/** Codes of two drawings. */
const CODES = [0.5, -0.5].map((first) => [first, ...Array(15).fill(0.25)].join(','));

inEveryBrowser((browser) => {
  /** Scrolls to a figure until it has its pictures. */
  const arrive = (selector) =>
    eventually(async () => {
      await browser.run(scrollTo, selector);
      assert.equal(await browser.run(statusOf, selector), 'ready');
    });

  /** The page of one figure. */
  async function figure(kind, attributes) {
    await browser.open(figureAddress(kind, attributes));
    await arrive('latent-lab');
  }

  const says = (part, pattern) => eventually(async () => assert.match(await browser.run(textOf, part), pattern));

  test('a posterior is drawn from, drawn from again, and painted where its pictures differ', async () => {
    await figure('posterior');
    const first = await eventually(async () => {
      const shown = await browser.run(posterior);
      assert.ok(shown.painted > 20 && shown.painted < 28 * 28, `${shown.painted} pixels`);
      return shown;
    });
    assert.equal(new Set(first.draws).size, 8);
    assert.match(await browser.run(textOf, 'changes-text'), /^A pixel’s deviation is up to 0\.\d\d/);
    await browser.run(press, 'draw-again');
    await eventually(async () => {
      const { draws, seed } = await browser.run(posterior);
      assert.notEqual(seed, first.seed);
      assert.equal(new Set([...draws, ...first.draws]).size, 16);
    });
  });

  test('a lens along a path says the density where the slider is', async () => {
    await figure('morph', { lens: 'density', t: 0 });
    await says('lens-value', /^Log density −\d+\.\d\d$/);
    const before = await browser.run(textOf, 'lens-value');
    await browser.run(give, { part: 't', value: 0.5 });
    await eventually(async () => assert.notEqual(await browser.run(textOf, 'lens-value'), before));
    await says('near-source', /^Held-out test images/);
  });

  test('random pictures that come back as something else are counted', async () => {
    await figure('samples', { check: '' });
    // The same networks and the same seed everywhere; near the threshold, modules may round differently.
    await says('check-model', /^1[5-9] of 40 come back as something else$/);
    await says('check-compare', /^3[5-9] of 40 come back as something else$/);
  });

  test('a drawing in a link is answered, and the morph between both is a GIF', async () => {
    await figure('morph', { z: CODES[0], invite: '' });
    await says('two-about', /^Somebody has drawn the first digit/);
    await browser.run(press, 'two-draw');
    await eventually(async () => assert.equal(await browser.run(drawByKeys), true));
    await eventually(async () => {
      await browser.run(press, 'pad-use');
      assert.match(await browser.run(textOf, 'two-about'), /^Two drawings/);
    });
    await browser.run(keepFiles);
    await browser.run(press, 'two-save');
    await says('two-status', /^two-drawings\.gif$/);
    assert.equal(await browser.run(startOfFile), 'GIF89a');
  });

  test('the address of the article follows the figure that was changed', async () => {
    await browser.open(address);
    await arrive(selectorOf('morph'));
    await browser.run(give, { part: 't', value: 0.5 });
    await eventually(async () =>
      assert.match((await browser.run(where)).hash, /^#latent-lab\?at=figure-morph&figure=morph&.*t=0\.5/),
    );
  });

  test('the article in German is one word of the address away, and its figures follow', async () => {
    await browser.open(`${address}?lang=de#cloud`);
    await eventually(async () => {
      const { page, hash, language } = await browser.run(where);
      assert.deepEqual([page, hash, language], ['/de.html', '#cloud', 'de']);
    });
    await arrive(selectorOf('morph'));
    assert.equal(await browser.run(textOf, 'export'), 'Exportieren');
  });
});
