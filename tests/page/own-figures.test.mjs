// The reader's own picture in the figures: the content of links and exports, and the original beside its redrawing.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';

import { add, ARTICLE, eventually, violations } from './support/browser.mjs';
import {
  dropOn,
  isOpen,
  isShown,
  PAPER,
  paste,
  placed,
  redrawn,
  rgba,
  rgbaOf,
  take,
  WIDE,
  withWide,
} from './support/own.mjs';

import { visits } from './support/visits.mjs';

const visit = visits();

/** Every shipped model. */
const MODELS = readdirSync(new URL('../../www/models/', import.meta.url))
  .filter((name) => /^[\w-]+\.safetensors$/.test(name))
  .map((name) => name.replace('.safetensors', ''));

describe('links, exports and attributes', () => {
  test('a link omits the picture, as the dialog says, but exported pictures and animations contain it', async () => {
    const { seen, figure } = await withWide(visit);
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual((await rgbaOf(figure, '[part=strip]'))[0], picture));
    assert.deepEqual((await figure.state()).z, { from: null, to: null });
    await figure.click('embed');
    // The link has a code once the files have been hashed.
    await eventually(async () => {
      const text = await (await figure.part('embed-text')).evaluate((node) => node.value);
      assert.match(text, /from=7%3A3/);
      assert.doesNotMatch(text, /[?&]z=/);
    });
    const note = () =>
      figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[part=embed-private]').textContent);
    assert.match(await note(), /^Your picture is not in the link, which shows picture \d+ in its place\. Exports/);
    await figure.click('embed-close');
    const frames = await figure.evaluate(async (element) => {
      const first = async (blob, width, height) => {
        const bitmap = await createImageBitmap(blob);
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        canvas.getContext('2d').drawImage(bitmap, 0, 0);
        return [...canvas.getContext('2d').getImageData(0, 0, width, height).data];
      };
      const still = await first(await element.toBlob('image/png', { scale: 1 }), 32, 32);
      return { still, film: await first(await element.toGIF({ scale: 1, frames: 3 }), 32, 32) };
    });
    assert.deepEqual(frames.still, picture);
    const apart = picture.reduce((sum, value, i) => sum + Math.abs(value - frames.film[i]), 0) / picture.length;
    assert.ok(apart < 8, `the first frame of the GIF is ${apart} off on average, with its own palette`);
    // Without an own picture, the dialog has no such remark.
    await figure.click('from-another');
    await figure.click('embed');
    await eventually(async () =>
      assert.match(await (await figure.part('embed-text')).evaluate((node) => node.value), /from=/),
    );
    assert.equal(await note(), '');
    await figure.click('embed-close');
    assert.deepEqual(await seen.page.evaluate(() => location.hash), '');
  });

  test('setting the attribute of its end replaces the picture, and setting other attributes does not', async () => {
    const { figure } = await withWide(visit);
    const picture = await take(figure);
    const first = async () => (await rgbaOf(figure, '[part=strip]'))[0];
    await eventually(async () => assert.deepEqual(await first(), picture));
    await figure.set('path', 'lerp');
    await figure.set('to', '2:4');
    await eventually(async () => assert.equal((await figure.state()).to.digit, 2));
    await eventually(async () => assert.deepEqual(await first(), picture));
    await figure.set('from', '1:1');
    await eventually(async () => assert.notDeepEqual(await first(), picture));
    assert.equal(await (await figure.part('from-own')).evaluate((node) => node.textContent), 'Your picture');
  });

  test('if the host hides the button, dropped and pasted pictures are left to the page', async () => {
    const { page, figure: of } = await visit.shared('emoji', { controls: '-from-own -to-own' });
    const figure = await of('emoji').ready();
    assert.equal(await isShown(figure, 'from-own'), false);
    // Another figure accepts them by now, so this one would too if it were listening.
    await add(page, ARTICLE.microscope);
    const microscope = await of('microscope').ready();
    await eventually(async () => assert.ok(await dropOn(microscope, [])));
    assert.equal(await dropOn(figure, [WIDE()]), false);
    await figure.evaluate((element) => element.shadowRoot.querySelector('[part=figure]').focus());
    assert.equal(await paste(page, [WIDE()]), false);
  });
});

describe('with any model', () => {
  test('the models are found', () => assert.ok(MODELS.length >= 7 && MODELS.includes('cats-blurred'), `${MODELS}`));

  for (const model of MODELS) {
    for (const kind of ['morph', 'microscope']) {
      test(`${kind} uses a picture placed by hand, with ${model}`, async () => {
        const { figure: of } = await visit.shared(kind, { model, from: '1:1', to: '2:2' });
        const figure = await of(kind).ready();
        await eventually(async () => {
          if (!(await isOpen(figure))) await dropOn(figure, [PAPER()]);
          assert.ok(await isOpen(figure));
        });
        const before = await placed(figure);
        await (await figure.part('own-square')).press('ArrowRight');
        await eventually(async () => assert.notDeepEqual(await redrawn(figure), before));
        const seen = await rgba(figure, 'own-seen');
        const picture = await take(figure);
        const pair = kind === 'morph' ? '[part=from] .pair' : '[data-end=from] .pair';
        await eventually(async () => assert.deepEqual(await rgbaOf(figure, pair), [seen, picture]));
      });
    }
  }
});

describe('the microscope', () => {
  test('decodes the code of a picture, shows the original beside its redrawing, and can return to a stored digit', async () => {
    const { page, figure: of } = await visit.shared('microscope');
    const figure = await of('microscope').ready();
    const before = await rgba(figure, 'picture');
    await dropOn(figure, [PAPER()], { part: 'from' });
    await placed(figure);
    const seen = await rgba(figure, 'own-seen');
    const picture = await take(figure);
    await eventually(async () => assert.deepEqual(await rgba(figure, 'picture'), picture));
    await eventually(async () =>
      assert.deepEqual(await rgbaOf(figure, '[data-end=from] .pair'), [seen, picture], 'original and redrawn'),
    );
    const select = await figure.part('from');
    assert.equal(await select.evaluate((node) => node.selectedOptions[0].textContent), 'Your picture');
    await figure.click('embed');
    await eventually(async () =>
      assert.match(
        await (await figure.part('embed-private')).evaluate((node) => node.textContent),
        /which shows a handwritten 3 in its place/,
      ),
    );
    assert.doesNotMatch(await (await figure.part('embed-text')).evaluate((node) => node.value), /[?&]z=/);
    await figure.click('embed-close');
    await select.select('3');
    await eventually(async () => assert.deepEqual(await rgba(figure, 'picture'), before));
    assert.equal(await select.evaluate((node) => node.querySelector('[value=own]')), null);
    assert.deepEqual(await violations(page), []);
  });
});

test('a drawing is also shown beside its redrawing', async () => {
  const { page, figure: of } = await visit.shared('morph');
  const figure = await of('morph').ready();
  await figure.click('from-draw');
  const { x, y, width, height } = await figure.box('pad');
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + 0.8 * height, { steps: 5 });
  await page.mouse.up();
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200));
  const drawn = await rgba(figure, 'pad-seen');
  await figure.click('pad-use');
  await eventually(async () => {
    const [original, redrawing] = await rgbaOf(figure, '[part=from] .pair');
    assert.deepEqual(original, drawn);
    assert.deepEqual(redrawing, (await rgbaOf(figure, '[part=strip]'))[0]);
  });
});
