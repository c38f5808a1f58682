// In every browser engine: the posterior, lenses and checks, a morph between two people's drawings, and the address and German version of
// the article. Other figures are in browsers-figures.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress, selectorOf } from './support/browser.mjs';
import { inEveryBrowser } from './support/browsers.mjs';
import { scrollTo, statusOf } from './support/in-browser.mjs';
import { drawByKeys, give, keepFiles, posterior, press, startOfFile, textOf, where } from './support/instruments.mjs';

/** The codes of two drawings. */
const CODES = [0.5, -0.5].map((first) => [first, ...Array(15).fill(0.25)].join(','));

inEveryBrowser((browser) => {
  /** Scrolls to a figure until its pictures are drawn. */
  const arrive = (selector) =>
    eventually(async () => {
      await browser.run(scrollTo, selector);
      assert.equal(await browser.run(statusOf, selector), 'ready');
    });

  /** Opens the page of a single figure. */
  async function figure(kind, attributes) {
    await browser.open(figureAddress(kind, attributes));
    await arrive('latent-lab');
  }

  const says = (part, pattern) => eventually(async () => assert.match(await browser.run(textOf, part), pattern));

  test('draws from a posterior are shown, new ones on request, and pixels where they differ are painted', async () => {
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

  test('a lens along a path states the density at the slider', async () => {
    await figure('morph', { lens: 'density', t: 0 });
    await says('lens-value', /^Log density −\d+\.\d\d$/);
    const before = await browser.run(textOf, 'lens-value');
    await browser.run(give, { part: 't', value: 0.5 });
    await eventually(async () => assert.notEqual(await browser.run(textOf, 'lens-value'), before));
    await says('near-source', /^1,000 of the pictures that the network was trained on/);
  });

  test('random pictures that change in a round trip are counted', async () => {
    await figure('samples', { check: '' });
    // Networks and seed are the same in every browser, but pictures near the threshold depend on the rounding of the module.
    await says('check-model', /^1[5-9] of 40 come back as something else$/);
    await says('check-compare', /^3[5-9] of 40 come back as something else$/);
  });

  test('a drawing in a link is answered with another, and the morph between them is saved as a GIF', async () => {
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

  test('changing a figure updates the address of the article', async () => {
    await browser.open(address);
    await arrive(selectorOf('morph'));
    await browser.run(give, { part: 't', value: 0.5 });
    await eventually(async () =>
      assert.match((await browser.run(where)).hash, /^#latent-lab\?at=figure-morph&figure=morph&.*t=0\.5/),
    );
  });

  test('the parameter `lang=de` opens the German article, whose figures are in German too', async () => {
    await browser.open(`${address}?lang=de#cloud`);
    await eventually(async () => {
      const { page, hash, language } = await browser.run(where);
      assert.deepEqual([page, hash, language], ['/de.html', '#cloud', 'de']);
    });
    await arrive(selectorOf('morph'));
    assert.equal(await browser.run(textOf, 'export'), 'Exportieren');
  });
});
