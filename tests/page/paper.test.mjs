// Figures on paper, printed without backgrounds as browsers do by default: pictures and text, but no controls, black bars or empty pages.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { constants, inflateSync } from 'node:zlib';

import { address, eventually, KINDS, openChromium, openFirefox, PATIENCE } from './support/browser.mjs';
import { longestBar, print, share } from './support/paper.mjs';

/** The number of pages in a PDF; Firefox writes them into compressed streams. @param {Uint8Array} pdf */
function pagesOf(pdf) {
  const text = Buffer.from(pdf).toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n([^]*?)endstream/g)].map(([, bytes]) =>
    inflated(Buffer.from(bytes, 'latin1')),
  );
  return [text, ...streams].join('\n').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

/** @param {Buffer} bytes */
function inflated(bytes) {
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return '';
  }
}

/** A page with the article's style, whose folded part is longer than a sheet of paper. */
const FOLDED = `<link rel="stylesheet" href="/style.css"><script type="module" src="/page/unfold.js"></script>
  <details><summary>Numbers</summary>${'<p>One.</p>'.repeat(120)}</details><aside class="maths"><details><summary>Formulas</summary><p>x</p></details></aside>`;

/** The greatest length of a black bar, in dots: strokes of digits are shorter, and bars between pictures used to be longer. */
const STROKE = 40;

/** The smallest share of printed dots on a page that is not empty. */
const INK = 0.003;

/** Texts of the figure's visible buttons. */
const buttons = (page) =>
  page.evaluate(() => {
    const all = [...document.querySelector('latent-lab').shadowRoot.querySelectorAll('button, summary, select')];
    return all
      .filter((node) => node.checkVisibility())
      .map((node) => node.textContent.trim())
      .filter((text) => text.length > 2);
  });

/** The separate pieces of a page's text. */
const pieces = (text) =>
  text
    .normalize('NFKC')
    .split(/\n|\s{2,}/)
    .map((piece) => piece.trim());

for (const [name, open] of [
  ['Chromium', openChromium],
  ['Firefox', openFirefox],
]) {
  describe(name, () => {
    let browser;
    before(async () => (browser = await open()));
    after(() => browser?.close());

    async function visit(path) {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(new URL(path, address).href);
      return page;
    }

    async function figure(parameters) {
      const page = await visit(`embed.html?figure=${parameters}`);
      await page.evaluate(() =>
        document
          .querySelector('latent-lab')
          .whenReady()
          .then(() => true),
      );
      return page;
    }

    // A run that has not started prints only its caption, which a test below checks.
    for (const kind of KINDS.filter((each) => each !== 'train')) {
      test(`${kind} is printed as its pictures and text, without controls`, async () => {
        const page = await figure(kind);
        if (kind === 'map') {
          await eventually(async () =>
            assert.ok(
              await page.evaluate(
                () => 'complete' in document.querySelector('latent-lab').shadowRoot.querySelector('.backdrop').dataset,
              ),
            ),
          );
        }
        const pressable = await buttons(page);
        assert.ok(pressable.length > 1, `${pressable}`);
        const caption = await page.evaluate(() =>
          document.querySelector('latent-lab').shadowRoot.querySelector('figcaption').textContent.slice(0, 30),
        );
        const { pages, text } = await print(page);
        for (const each of pages) {
          assert.ok(longestBar(each, 3) <= STROKE, `a bar of ${longestBar(each, 3)} dots`);
          assert.ok(share(each, 250) > INK, 'a page is empty');
        }
        assert.ok(
          pages.some((each) => share(each, 60) > 0.001),
          'some dots are dark',
        );
        assert.deepEqual(
          pieces(text).filter((piece) => pressable.includes(piece)),
          [],
        );
        assert.ok(text.normalize('NFKC').replace(/\s+/g, ' ').includes(caption), caption);
        await page.close();
      });
    }

    test('a figure with a dark theme is printed dark on light', async () => {
      const ink = [];
      for (const theme of ['light', 'dark']) {
        const page = await figure(`samples&theme=${theme}`);
        const { pages } = await print(page);
        ink.push(share(pages[0], 100));
        await page.close();
      }
      assert.ok(Math.abs(ink[0] - ink[1]) < 0.1 * ink[0], `${ink}`);
    });

    test('a figure that trains is printed as the pictures of its networks or, before the first ones, as its caption alone', async () => {
      const page = await figure('train');
      const before = await print(page);
      assert.equal(before.pages.length, 1);
      assert.deepEqual(
        pieces(before.text).filter((piece) => ['Start', 'Pictures', 'Training', 'Our digits'].includes(piece)),
        [],
      );
      assert.match(before.text, /Everything happens in this tab/);
      await page.evaluate(() => document.querySelector('latent-lab').shadowRoot.querySelector('[part=step]').click());
      await eventually(async () =>
        assert.ok(
          await page.evaluate(() =>
            document
              .querySelector('latent-lab')
              .toBlob()
              .then(
                () => true,
                () => false,
              ),
          ),
        ),
      );
      const after = await print(page);
      assert.ok(share(after.pages[0], 250) > 2 * share(before.pages[0], 250), 'pictures are printed');
      assert.ok(after.pages.every((each) => longestBar(each, 3) <= STROKE));
      await page.close();
    });

    test('folded tables and formulas are open in print and folded again afterward', async () => {
      const page = await visit('variants/index.html');
      await page.setContent(FOLDED, { waitUntil: 'load' });
      const open = () => page.evaluate(() => [...document.querySelectorAll('details')].map(({ open }) => open));
      assert.deepEqual(await open(), [false, false]);
      const printed = pagesOf(await page.pdf());
      await eventually(async () => assert.deepEqual(await open(), [false, false]));
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      assert.equal(printed, pagesOf(await page.pdf()));
      assert.ok(printed > 2, `${printed} pages`);
      await page.close();
    });
  });
}

test('the printed article has no empty page, whether its figures were drawn or not', async (t) => {
  const browser = await openChromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(address);
  await page.evaluate(() =>
    document
      .querySelector('latent-lab')
      .whenReady()
      .then(() => true),
  );
  const unseen = await print(page);
  assert.ok(unseen.pages.length > 10, `${unseen.pages.length} pages`);
  for (const each of unseen.pages) assert.ok(share(each, 250) > INK, 'a page is empty');
  for (const words of [
    'Forty lists of random numbers',
    'Wherever you point',
    'Above, one filter by hand',
    'Press Start for digits',
  ]) {
    assert.ok(unseen.text.replace(/\s+/g, ' ').includes(words), words);
  }
  await page.evaluate(async () => {
    for (const figure of document.querySelectorAll('latent-lab')) {
      figure.scrollIntoView();
      await figure.whenReady();
    }
  });
  const seen = await print(page);
  assert.ok(seen.pages.length > 10, `${seen.pages.length} pages`);
  for (const each of seen.pages) assert.ok(share(each, 250) > INK, 'a page is empty');
});
