// The article in other languages, without a browser: the translation is complete, and only its texts differ from the English page.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import {
  addressOfManifest,
  addressOfPage,
  compared,
  languages,
  manifestIn,
  pageIn,
  textsIn,
} from '../../article/languages.mjs';
import { written } from '../../article/sources.mjs';
import { keysOf, translated } from '../../article/translate.mjs';
import { textsOf } from './support/texts.mjs';

const read = (address) => readFileSync(address, 'utf8');
const english = read(addressOfPage('en'));

/** Texts that are the same in both languages: names, and words that German has taken over. */
const SAME = ['Latent Lab', 'VAE', 'SSIM', 'Gradient', 'Code (KL)', 'Code'];

/** Names of models, which are not translated because the model cards use them too. */
const MODELS = /^(digits|digits-plain|map|cats|cats-blurred|fashion|emoji)$/;

/** Values of attributes that are displayed or spoken. */
const WORDS = /(?<= (?:alt|aria-label|aria-description|title|placeholder|label|content|summary)=")[^"]*/g;

/**
 * All texts of a page, in order, found independently of `article/translate.mjs`: the text between tags other than inline ones, and the
 * values of attributes that contain words.
 * @param {string} page
 */
function textsOfPage(page) {
  const body = page.replace(/<!--[^]*?-->/g, '').replace(/<math\b[^]*?<\/math>|<code>[^]*?<\/code>/g, '·');
  const spoken = [...body.matchAll(/<(?!meta name="(?:viewport|color|theme))[^>]+>/g)].flatMap(
    ([tag]) => tag.match(WORDS) ?? [],
  );
  const between = body.split(/<(?!\/?(?:a|em|span|data)\b)[^>]*>/).map((text) => text.replace(/<[^>]*>/g, ''));
  return [...between, ...spoken].map((text) => text.replace(/\s+/g, ' ').trim());
}

/** Texts that contain words. @param {string[]} texts */
const worded = (texts) => texts.filter((text) => /\p{L}{2}/u.test(text));

/** Tags of a page in order, without the parts that depend on its language. @param {string} page */
const tagsOf = (page) =>
  (page.match(/<[^!][^>]*>/g) ?? []).map((tag) =>
    tag
      .replace(WORDS, '')
      .replace(/\s+/g, ' ')
      .replace(' >', '>')
      .replace(/^<html lang="\w+"/, '<html')
      .replace(/(?<=<link rel="manifest" href=")\w+/, '')
      .replace(/^<a class="language" .*/, '<a class="language">')
      .replace(/^(<a href="embed\.html\?)lang=\w+&amp;/, '$1')
      .replace(/^(<a href="lesson\.html)\?lang=\w+/, '$1')
      // Posters that contain words have one file for each language.
      .replace(/\.[a-z]{2}(?=\.webp)/, '')
      .replace(/^(<img src="posters.*?) width="\d+" height="\d+"/, '$1'),
  );

/** The `data` elements of a page, which contain the numbers of the results. @param {string} page */
const dataOf = (page) =>
  [...page.matchAll(/<data value="([^"]+)" data-from="([^"]+)" data-digits="(\d)"[^>]*>([^<]+)</g)].map(
    ([, value, from, digits, shown]) => ({ value: Number(value), from, digits: Number(digits), shown }),
  );

const cellsOf = (page) =>
  [...page.matchAll(/<td class="number">([^<]*)<|text-anchor="end">([^<]*)</g)].map(([, a, b]) => a ?? b);

test('there is an article in German', () => {
  assert.deepEqual(languages, ['de']);
});

for (const language of languages) {
  describe(language, () => {
    const page = read(addressOfPage(language));
    const texts = textsIn(language);

    test('every text of the article is translated, and no translation is left over', () => {
      const { missing, unused, sorted } = compared(english, texts);
      const hint = `run node article/write.mjs, and fill the entries of article/texts/${language}.json`;
      assert.deepEqual({ hint, missing, unused }, { hint, missing: [], unused: [] });
      assert.deepEqual(Object.keys(texts), Object.keys(sorted), 'the entries are in the order of the page');
    });

    test('the page and the manifest equal what `node article/write.mjs` makes of the English ones', () => {
      const isFresh = page === pageIn(english, language, texts);
      assert.ok(isFresh, `www/${language}.html is out of date: run article/write.mjs, and commit the page`);
      assert.equal(read(addressOfManifest(language)), manifestIn(language, texts));
    });

    test('no paragraph, heading, caption, cell, alternative text or description is left in English', () => {
      const [own, others] = [textsOfPage(page), textsOfPage(english)];
      assert.ok(worded(others).length > 350, `${worded(others).length} texts`);
      assert.equal(own.length, others.length);
      const left = worded(own).filter((text) => others.includes(text) && !SAME.includes(text) && !MODELS.test(text));
      assert.deepEqual(left, []);
      assert.equal(worded(own).length, worded(others).length);
    });

    test('figures, tables, links and anchors are the same as in the English page', () => {
      const count = (tags) => tags.filter((tag) => !/^<\/?(a|em|data|math|m[a-z]+|code)\b/.test(tag));
      assert.deepEqual(count(tagsOf(page)), count(tagsOf(english)), 'in the same order');
      assert.deepEqual(
        tagsOf(page).sort(),
        tagsOf(english).sort(),
        'including those within texts, whose order may differ',
      );
    });

    test('every file that the page names exists', () => {
      const named = [...page.matchAll(/(?:href|src|srcset)="([^"#:]+)"/g)].map(([, file]) => file);
      assert.ok(named.length > 20);
      for (const file of named) assert.ok(existsSync(new URL(file, addressOfPage(language))), file);
    });

    test('numbers equal those of the English page, written as is usual in the language', () => {
      const order = (a, b) => a.from.localeCompare(b.from) || a.value - b.value;
      const [own, others] = [dataOf(page).sort(order), dataOf(english).sort(order)];
      assert.ok(others.length > 60);
      assert.equal(own.length, others.length);
      for (const [i, { value, from, digits, shown }] of own.entries()) {
        assert.deepEqual([value, from, digits], [others[i].value, others[i].from, others[i].digits]);
        assert.equal(
          shown,
          value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
        );
      }
      const [cells, otherCells] = [cellsOf(page), cellsOf(english)];
      assert.ok(otherCells.length > 200);
      assert.deepEqual(
        cells,
        otherCells.map((cell) =>
          /\d/.test(cell)
            ? written(Number(cell.replaceAll(',', '')), (cell.split('.')[1] ?? '').length, language)
            : cell,
        ),
      );
    });

    test('a translation contains every number of its text', () => {
      const numbers = (text) => (text.replace(/\{\d+\}|<[^>]*>|&#?\w+;/g, ' ').match(/\d+/g) ?? []).sort();
      for (const [key, text] of Object.entries(texts)) assert.deepEqual(numbers(text), numbers(key), text);
    });

    test('each page links to the other, for readers and for search engines', () => {
      const links = [
        ['en', './'],
        [language, `${language}.html`],
      ];
      for (const each of [english, page]) {
        for (const [code, address] of links) {
          assert.ok(each.includes(`<link rel="alternate" href="${address}" hreflang="${code}" />`), code);
        }
      }
      assert.match(
        english,
        new RegExp(`<a class="language" href="${language}.html" hreflang="${language}" lang="${language}">`),
      );
      assert.match(page, /<a class="language" href=".\/" hreflang="en" lang="en">English<\/a>/);
      assert.match(page, new RegExp(`<html lang="${language}">`));
    });
  });
}

describe('German', () => {
  const texts = Object.values(textsIn('de'));
  const all = texts.join('\n');
  const matches = (pattern) => texts.filter((text) => pattern.test(text));

  test('addresses the reader as du, and uses the words of the figures', () => {
    assert.deepEqual(matches(/\b(Sie|Ihnen|Ihr|Ihre[mnrs]?)\b(?<!(^|[.:;?!] )(Sie|Ihre?))/), []);
    assert.match(all, /\bdu\b/);
    assert.deepEqual(
      matches(/[dD]ecodi|[eE]ncodi|so dass|daß|Beschriftung|Label|Batch|Frames?\b|Variationa(?!l Autoencoder)/),
      [],
    );
  });

  test('quotes only names of controls, spelled as in the figures', async () => {
    const names = Object.values(await textsOf('de')).filter((text) => typeof text === 'string');
    const quoted = [...all.matchAll(/„([^“]*)“/g)].map(([, text]) => text);
    assert.ok(quoted.length > 10);
    const unknown = quoted.filter(
      (text) => !names.includes(text) && !names.some((name) => name.startsWith(`${text},`)),
    );
    assert.deepEqual(unknown, []);
    assert.deepEqual(matches(/["”»«‚‘']/), []);
  });

  test('keeps a number and its unit on one line, and has a decimal comma', () => {
    assert.deepEqual(matches(/[\d}] (Pixel|Nats|Prozent|dB|Sekunden|[kM]B|%)/), []);
    const words = texts.map((text) => text.replace(/CC BY-\w+ \d\.\d|Apache 2\.0/g, ''));
    assert.deepEqual(
      words.filter((text) => /\d\.\d/.test(text)),
      [],
    );
  });
});

describe('a text that', () => {
  const page =
    '<html lang="en"><p>See <a href="x">this</a> and <a href="y">that</a>, <data value="1.5" data-from="f" data-digits="1">1.5</data> of it.</p>';
  const key = 'See <a1>this</a1> and <a2>that</a2>, {1} of it.';

  test('contains links and numbers may have them in another order', () => {
    assert.deepEqual(keysOf(page), [key]);
    assert.equal(
      translated(page, 'de', { [key]: '{1} davon: <a2>das</a2> und <a1>dies</a1>.' }),
      '<html lang="de"><p><data value="1.5" data-from="f" data-digits="1">1,5</data> davon: <a href="y">das</a> und <a href="x">dies</a>.</p>',
    );
  });

  test('links to a figure on its own page or to the lessons keeps its language', () => {
    const one =
      '<html lang="en"><p>The same with <a href="embed.html?figure=map&amp;x=1">cats</a>, <a href="lessons/">more</a>, <a href="lesson.html">lessons</a>.</p>';
    assert.equal(
      translated(one, 'de', { [keysOf(one)[0]]: 'Mit <a1>Katzen</a1>, <a2>mehr</a2>, <a3>Lektionen</a3>.' }),
      '<html lang="de"><p>Mit <a href="embed.html?lang=de&amp;figure=map&amp;x=1">Katzen</a>, <a href="lessons/">mehr</a>, <a href="lesson.html?lang=de">Lektionen</a>.</p>',
    );
  });

  test('is missing or lacks a link or a number causes an error that names it', () => {
    assert.throws(() => translated(page, 'de', {}), /there is no text for "See <a1>this/);
    assert.throws(() => translated(page, 'de', { [key]: 'Sieh <a1>dies</a1>, {1}.' }), /"Sieh .* has .*, not .*<a2>/);
    assert.throws(() => translated(page, 'de', { [key]: key.replace('{1}', '{2}') }), /has .*\{2\}/);
  });

  test('belongs to the results is translated apart from its numbers, and an alternative text from its parts', () => {
    const results =
      '<!-- results x --><li><span>redrawn from 1,024</span><img alt="8 pictures: redrawn from 1,024" /></li><td>0.25</td><!-- end --><p>In 2019.</p>';
    assert.deepEqual(keysOf(results), ['redrawn from {1}', '{1} pictures', 'In 2019.']);
    assert.equal(
      translated(results, 'de', { 'redrawn from {1}': 'aus {1}', '{1} pictures': '{1} Bilder', 'In 2019.': '2019.' }),
      '<!-- results x --><li><span>aus 1.024</span><img alt="8 Bilder: aus 1.024" /></li><td>0,25</td><!-- end --><p>2019.</p>',
    );
  });

  test('is new gets an empty entry in its place, and the entry of a removed text moves to the end', () => {
    const { missing, unused, sorted } = compared('<p>One.</p><p>Two.</p>', { 'Two.': 'Zwei.', 'Zero.': 'Null.' });
    assert.deepEqual([missing[0], unused], ['One.', ['Zero.']]);
    assert.deepEqual(Object.keys(sorted).slice(0, 2), ['One.', 'Two.']);
    assert.equal(Object.keys(sorted).at(-1), 'Zero.');
    assert.equal(sorted['One.'], '');
  });
});
