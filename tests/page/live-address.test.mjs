// The address of the article contains the state of the figure that the reader changed last.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { address, eventually } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const embed = (parameters) => new URL(`embed.html?${parameters}`, address).href;

/** Presses the right arrow key on a slider. */
async function nudge(figure, part, times = 3) {
  await figure.focus(part);
  for (let i = 0; i < times; i++) await figure.page.keyboard.press('ArrowRight');
}

const hashOf = (page) => page.evaluate(() => location.hash);
const entries = (page) => page.evaluate(() => history.length);

describe('the article', () => {
  test('has the state of the figure changed last in its address, and opens with it', async () => {
    const { page, figure: of } = await visit({ from: new URL('?from=mail', address).href });
    const before = await entries(page);
    const cats = await of('cats').ready();
    await nudge(cats, 't');
    await eventually(async () => assert.match(await hashOf(page), /^#latent-lab\?at=figure-cats&.*&t=0\.\d+/));
    const samples = await of('samples').ready();
    await samples.click('new-seed');
    await eventually(async () => assert.match(await hashOf(page), /^#latent-lab\?at=figure-samples&/));
    await nudge(cats, 't');
    await eventually(async () => assert.match(await hashOf(page), /at=figure-cats/));
    const { t, from } = await cats.state();
    await eventually(async () => assert.equal(new URLSearchParams((await hashOf(page)).slice(12)).get('t'), String(t)));
    assert.equal(await entries(page), before);
    assert.equal(await page.evaluate(() => location.search), '?from=mail');
    await page.reload();
    await eventually(async () => assert.equal((await of('cats').state()).t, t));
    assert.deepEqual((await of('cats').state()).from, from);
    assert.equal((await of('samples').state()).seed, 7);
    assert.equal((await of('morph').state()).model, 'digits');
  });

  test('opens a link with the default values for attributes that it omits, not those of the article’s figure', async () => {
    const { figure: of } = await visit({
      from: new URL('#latent-lab?at=figure-morph&figure=morph&t=0.25', address).href,
    });
    const morph = await of('morph').ready();
    await eventually(async () => assert.equal((await morph.state()).t, 0.25));
    const { from, to, autoplay } = await morph.state();
    assert.deepEqual([from, to, autoplay], [{ digit: 3, nth: 2 }, { digit: 8, nth: 4 }, false]);
  });

  test('applies a link to an unknown figure to the first figure of its kind', async () => {
    const link = new URL('#latent-lab?at=<img src=x>&figure=samples&seed=12', address).href;
    const { page, figure: of } = await visit({ from: link });
    await eventually(async () => assert.equal((await of('samples').state()).seed, 12));
    assert.equal(await page.evaluate(() => document.querySelectorAll('img[src=x]').length), 0);
  });
});

describe('a caption', () => {
  test('is typed in the embed dialog, is part of the link, and is shown as text', async () => {
    const { page, figure: of, complaints } = await visit({ from: embed('figure=samples') });
    const figure = await of('samples').ready();
    await figure.click('embed');
    const title = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('#embed-title')?.textContent);
    await eventually(async () => assert.equal(await title(), 'Embed: Random pictures of digits'));
    const [edge, other] = await Promise.all(
      ['embed-caption', 'embed-text'].map(async (part) =>
        (await figure.part(part)).evaluate((node) => getComputedStyle(node).border),
      ),
    );
    assert.equal(edge, other, 'both fields have the same border');
    await figure.focus('embed-caption');
    await page.keyboard.type('Which <b>one</b> is wrong & why?');
    const link = await (await figure.part('embed-text')).evaluate(({ value }) => value);
    await page.goto(link);
    const opened = await of('samples').ready();
    const shown = await (
      await opened.part('question')
    ).evaluate((node) => [node.textContent, node.children.length, node.hidden]);
    assert.deepEqual(shown, ['Which <b>one</b> is wrong & why?', 0, false]);
    await opened.evaluate((element) => element.setAttribute('caption', 'x'.repeat(301)));
    await eventually(async () =>
      assert.equal(await (await opened.part('question')).evaluate((node) => node.hidden), true),
    );
    assert.match(complaints.splice(0).join(), /invalid caption="x{60}"/);
  });
});

describe('the device', () => {
  test('can be chosen in the line about it, computes the next picture, and is part of links', async () => {
    const { page, figure: of } = await visit({ from: embed('figure=samples') });
    const figure = await of('samples').ready();
    await figure.evaluate((element) => {
      globalThis.seen = [];
      element.addEventListener('change', ({ detail }) => globalThis.seen.push(detail));
    });
    await figure.click('device');
    await figure.click('engine-webgpu');
    assert.equal((await figure.state()).engine, 'webgpu');
    assert.deepEqual(await page.evaluate(() => globalThis.seen), [{ engine: 'webgpu' }]);
    const line = async () => (await figure.part('device')).evaluate(({ textContent }) => textContent);
    await eventually(async () => assert.match(await line(), /WebGPU/));
    await figure.click('engine-cpu');
    await eventually(async () => assert.doesNotMatch(await line(), /WebGPU/));
    await figure.click('new-seed');
    await eventually(async () => assert.match(await line(), /^CPU · /));
    await figure.click('embed');
    await eventually(async () =>
      assert.match(await (await figure.part('embed-text')).evaluate(({ value }) => value), /engine=cpu/),
    );
    assert.deepEqual(await page.evaluate(() => document.querySelectorAll('latent-lab').length), 1);
  });
});
