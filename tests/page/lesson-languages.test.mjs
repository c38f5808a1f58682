// Lessons in other languages, without a browser: each has the same parts as the English one.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { languages } from '../../article/languages.mjs';
import { markdown, readLesson } from '../../www/page/lesson/read.js';
import Library from '../../www/vendor/markdown-it/markdown-it.js';
import { textsOf } from './support/texts.mjs';

const folder = new URL('../../www/lessons/', import.meta.url);
const library = markdown(Library);
const files = readdirSync(folder).sort();
const names = files.filter((file) => /^[^.]+\.md$/.test(file)).map((file) => file.replace('.md', ''));
const read = (file) => readLesson(readFileSync(new URL(file, folder), 'utf8'), library);

/** Fields that contain text; all others are the same in every language. */
const WORDS = ['text', 'ask', 'because', 'caption', 'unit'];

/** Nodes that are compared one by one. Those within a text, such as links, can have another order in another language. */
const BLOCKS = ['heading', 'paragraph', 'tight', 'list', 'numbered', 'item', 'quote', 'table', 'row', 'cell', 'block'];

/** A value in which texts are replaced by whether they are present, and without line numbers. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== 'object') return value;
  const own = Object.entries(value).filter(([name]) => name !== 'line' && name !== 'children');
  return Object.fromEntries(own.map(([name, each]) => [name, WORDS.includes(name) ? Boolean(each) : bare(each)]));
}

/** The properties that are the same in every language: kinds of blocks, attributes of figures, and measures and limits of questions. */
const shapeOf = (part) => ({
  ...bare(part),
  inside: (part.children ?? []).filter(({ type }) => BLOCKS.includes(type)).map(shapeOf),
});

/** A part and all nodes in it, parents first. */
const nodesOf = (part) => [part, ...(part.children ?? []).flatMap(nodesOf)];

/** Texts of a part: those of its nodes, or the fields of a figure or question. */
const textsIn = (part) =>
  nodesOf(part)
    .flatMap((node) => [...WORDS.map((name) => node[name]), ...(node.choices ?? []).map(({ text }) => text)])
    .filter(Boolean);

/** A part's text as one string. */
const wordsIn = (part) =>
  textsIn(part)
    .join(' ')
    .replace(/[ \n]+/g, ' ');

/** The groups of digits in a part's text, whether separated by a point, a comma or a space. */
const digitsIn = (part) => (wordsIn(part).match(/\d+/g) ?? []).sort();

/** The texts that a part emphasizes or quotes. */
const marked = (part) => [
  ...nodesOf(part).flatMap((node) => (node.type === 'em' ? [wordsIn(node)] : [])),
  ...[...wordsIn(part).matchAll(/[“„]([^”“]+)[”“]/g)].map(([, quoted]) => quoted),
];

const linksIn = (part) => nodesOf(part).flatMap(({ type, href }) => (type === 'link' ? [href] : []));

const commandsIn = (part) => nodesOf(part).flatMap(({ type, text }) => (type === 'code' ? [text] : []));

/** Texts with several words, apart from names of publications and commands. */
const sentencesIn = (part) => {
  const isKept = ({ type, href = '' }) => type === 'code' || /^https:/.test(href);
  const kept = nodesOf(part).filter(isKept).flatMap(textsIn);
  return textsIn(part).filter((text) => /\p{L}{2}.* .*\p{L}{2}/u.test(text) && !kept.includes(text));
};

test('every lesson exists in every language of the article', () => {
  assert.ok(names.length >= 3 && languages.includes('de'));
  const expected = names.flatMap((name) =>
    ['md', ...languages.map((code) => `${code}.md`)].map((end) => `${name}.${end}`),
  );
  assert.deepEqual(files, expected.sort());
});

for (const language of languages) {
  for (const name of names) {
    describe(`${name}.${language}.md`, () => {
      const [english, own] = [read(`${name}.md`), read(`${name}.${language}.md`)];
      const pairs = english.parts.map((part, i) => [part, own.parts[i] ?? {}]);

      test('has the fields of the English lesson', () => {
        const filled = ({ meta }) => Object.entries(meta).map(([field, value]) => [field, Boolean(value)]);
        assert.deepEqual(filled(own), filled(english));
        assert.deepEqual([own.meta.lang, own.meta.minutes], [language, english.meta.minutes]);
      });

      test('has the same headings, paragraphs, tables and figures, and questions with the same answers', () => {
        assert.deepEqual(own.parts.map(shapeOf), english.parts.map(shapeOf));
      });

      test('has the same numbers in each part', () => {
        for (const [part, other] of pairs) assert.deepEqual(digitsIn(other), digitsIn(part), wordsIn(other));
      });

      test('has the same commands and links in each part, with links to lessons and the article in its own language', () => {
        const inLanguage = (address) =>
          address === '../index.html'
            ? `../${language}.html`
            : address.replace(/^([^./]+)\.md$/, (_, lesson) => `${lesson}.${language}.md`);
        for (const [part, other] of pairs) {
          assert.deepEqual(commandsIn(other).sort(), commandsIn(part).sort());
          assert.deepEqual(linksIn(other).sort(), linksIn(part).map(inLanguage).sort());
        }
      });

      test('has no sentence in English', () => {
        const sentences = english.parts.flatMap(sentencesIn);
        assert.ok(sentences.length > 50);
        assert.deepEqual(
          own.parts.flatMap(sentencesIn).filter((text) => sentences.includes(text)),
          [],
        );
      });

      test('names controls as the figures do', async () => {
        const texts = await textsOf(language);
        let count = 0;
        for (const [part, other] of pairs) {
          const controls = marked(part).filter((text) => /^\p{Lu}/u.test(text) && typeof texts[text] === 'string');
          for (const control of controls) assert.ok(marked(other).includes(texts[control]), `${marked(other)}`);
          count += controls.length;
        }
        assert.ok(count > 0);
      });
    });
  }
}

describe('German lessons', () => {
  const parts = names.flatMap((name) => read(`${name}.de.md`).parts);
  const matches = (pattern, some = parts) => some.map(wordsIn).filter((text) => pattern.test(text));

  test('address the reader as du, and use the words of the article', () => {
    assert.deepEqual(matches(/(?<!^|[.:;?!)“] )\b(Sie|Ihnen|Ihre?[mnrs]?)\b/), []);
    assert.ok(matches(/\bdu\b/).length > 5);
    assert.deepEqual(
      matches(/[dD]ecodi|[eE]ncodi|so dass|daß|Beschriftung|Label|Batch|Frames?\b|Variationa(?!l Autoencoder)/),
      [],
    );
  });

  test('have German quotation marks and decimal commas, and keep a number and its unit on one line', () => {
    assert.deepEqual(matches(/["”»«‚‘']/), []);
    assert.deepEqual(matches(/(?<!CC BY-NC\u00a0)\b\d\.\d(?!\d\d)/), []);
    // The fields of questions and figures have no entities.
    const prose = parts.filter(({ type }) => type !== 'question' && type !== 'figure');
    assert.deepEqual(matches(/\d (Pixel|Nats|Prozent|Megabyte|%)/, prose), []);
    assert.ok(matches(/\d\u00a0(Pixel|Prozent)/, prose).length > 2);
  });
});
