// The parser of lessons, without a page: cases that it shares with `latent-lab lesson check`, mutated lessons, and the shipped lessons.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { numberAt, result } from '../../article/sources.mjs';
import { shippedModels } from '../../www/assets.js';
import { figureFields } from '../../www/page/lesson/figure-block.js';
import { measures, networks } from '../../www/page/lesson/measures.js';
import { texts } from '../../www/page/lesson/problems.js';
import { markdown, MOST_BYTES, readLesson, textOf } from '../../www/page/lesson/read.js';
import { attributes } from '../../www/state/attributes.js';
import Library from '../../www/vendor/markdown-it/markdown-it.js';
import { draws, mutated } from './support/mutations.mjs';
import { textsOf } from './support/texts.mjs';

const root = new URL('../../', import.meta.url);
const library = markdown(Library);
const read = (text) => readLesson(text, library);
const said = ({ problems }) => problems.map(({ line, text }) => `${line}: ${text}`);

const cases = JSON.parse(readFileSync(new URL('tests/fixtures/lessons.json', root), 'utf8'));
const folder = new URL('www/lessons/', root);
const files = readdirSync(folder).sort();
const shipped = new Map(files.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
const names = files.filter((name) => !/\.[a-z]+\.md$/.test(name));

test('the page and the command report the same problems in a lesson', () => {
  assert.ok(cases.length > 40);
  for (const { name, lesson, problems } of cases) assert.deepEqual(said(read(lesson.join('\n'))), problems, name);
});

test('every kind of problem has a case, except an excessive size, whose case would be very long', () => {
  const all = cases.flatMap(({ problems }) => problems);
  for (const [kind, text] of Object.entries(texts)) {
    const pieces = text.split(/\{\w+\}/);
    const isSaid = all.some((problem) => pieces.every((piece) => problem.includes(piece)));
    assert.equal(isSaid, kind !== 'size', kind);
  }
});

test('a lesson may have at most 65,536 bytes', () => {
  const start = '---\ntitle: T\n---\n';
  const whole = start + 'a'.repeat(MOST_BYTES - start.length);
  assert.deepEqual(said(read(whole)), []);
  assert.deepEqual(said(read(`${whole}a`)), ['1: the lesson is larger than 65536 bytes']);
});

test('bytes that are not UTF-8 are reported with their line', () => {
  const bytes = Buffer.concat([
    Buffer.from('---\ntitle: T\n---\na\n'),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('\nb\0'),
  ]);
  const told = 'a character here cannot be read: a lesson is text in UTF-8';
  assert.deepEqual(said(read(textOf(bytes))), [`5: ${told}`, `6: ${told}`]);
});

test('every problem has a German text', async () => {
  const german = await textsOf('de');
  assert.deepEqual(
    Object.values(texts).filter((text) => !(text in german)),
    [],
  );
});

test('the command’s list of attributes of figures matches the element', () => {
  const known = JSON.parse(readFileSync(new URL('cli/src/lesson/attributes.json', root), 'utf8'));
  assert.deepEqual(Object.keys(known).sort(), [...figureFields].sort());
  for (const name of figureFields) {
    const { choices, range, fallback } = attributes[name];
    if (choices ?? range) assert.deepEqual(known[name], choices ?? range, name);
    else if (fallback === false) assert.equal(known[name], 'flag', name);
    else assert.ok(known[name].most ?? typeof known[name] === 'string', name);
  }
});

test('questions can use exactly the shipped networks', () => {
  assert.deepEqual([...networks.keys()].sort(), [...shippedModels].sort());
  for (const [name, { latent }] of networks) {
    assert.match(readFileSync(new URL(`www/models/${name}.md`, root), 'utf8'), new RegExp(`latent ${latent};`), name);
  }
});

/** Kinds of nodes that a lesson can contain, and the only fields that contain an address. */
const TYPES = [
  ...[
    'paragraph',
    'tight',
    'heading',
    'list',
    'numbered',
    'item',
    'quote',
    'table',
    'row',
    'cell',
    'em',
    'strong',
    'link',
  ],
  ...['picture', 'text', 'code', 'block', 'rule', 'break', 'figure', 'question', 'teacher'],
];

/** Every node, parents first. */
const nodesOf = (nodes) => nodes.flatMap((node) => [node, ...nodesOf(node.children ?? [])]);

const HOME = 'https://site.example/lessons/a.md';

/** The scheme of a link's address, even if the rest of the address is invalid. @param {string} address */
function schemeOf(address) {
  return URL.canParse(address, HOME) ? new URL(address, HOME).protocol : address.slice(0, address.indexOf('/'));
}

function assertHarmless(lesson, lines) {
  const nodes = nodesOf(lesson.parts);
  for (const node of nodes) {
    assert.ok(TYPES.includes(node.type), node.type);
    if (node.href !== undefined) assert.match(schemeOf(node.href), /^https?:$/);
    if (node.src !== undefined) assert.equal(new URL(node.src, HOME).origin, 'https://site.example');
    for (const [name, value] of node.type === 'figure' ? node.attributes : []) {
      assert.ok(figureFields.includes(name), name);
      if (name === 'model' || name === 'compare') assert.equal(new URL(value, HOME).origin, 'https://site.example');
    }
    for (const { name } of node.type === 'question' ? node.answer : []) assert.ok(Object.hasOwn(measures, name));
  }
  for (const { line, text } of lesson.problems) {
    assert.ok(Number.isInteger(line) && line >= 1 && line <= lines, `${line} of ${lines}`);
    assert.ok(text.length > 0 && !/[{}]\w+\}|undefined|NaN/.test(text.replace(/\{\w+\}/g, '')), text);
  }
}

test('none of 10,000 mutated lessons adds a forbidden node or address, and every problem has a line in the file', () => {
  const texts = [...shipped.values(), ...cases.map(({ lesson }) => lesson.join('\n'))];
  const below = draws(1);
  let withProblems = 0;
  for (let n = 0; n < 10_000; n++) {
    const text = mutated(texts[n % texts.length], texts[below(texts.length)], below);
    const lesson = read(text);
    assertHarmless(lesson, text.split(/\r\n|\r|\n/).length);
    if (lesson.problems.length > 0) withProblems += 1;
  }
  assert.ok(withProblems > 5000, `${withProblems}`);
});

test('Markdown that makes some parsers slow is read, up to the maximum size', () => {
  const starts = [
    '[',
    '![',
    '[a](',
    '*a_ ',
    '**a ',
    '_*',
    '`',
    '<',
    '<?',
    '<!A',
    '<![CDATA[',
    '> ',
    '- ',
    '\\',
    '&',
    '|-|\n',
    '[a]: b\n',
  ];
  for (const start of [...starts, '- a\n', '```figure\n', 'a: b\n', '1. ', '((((', '<a x ', '![[']) {
    const lesson = read(`---\ntitle: T\n---\n${start.repeat((MOST_BYTES - 20) / start.length)}`);
    assert.equal(lesson.meta.title, 'T');
  }
});

test('the shipped lessons have no problems, take 20 minutes, and have figures, questions and notes', () => {
  assert.deepEqual(names, ['bottleneck.md', 'critic.md', 'price-of-a-code.md']);
  for (const [name, text] of shipped) {
    const lesson = read(text);
    assert.deepEqual(said(lesson), [], name);
    assert.equal(lesson.meta.lang, /\.([a-z]+)\.md$/.exec(name)?.[1] ?? 'en', name);
    assert.equal(lesson.meta.minutes, 20, name);
    const count = (type) => lesson.parts.filter((part) => part.type === type).length;
    assert.ok(count('figure') >= 2 && count('question') >= 4 && count('teacher') === 1, name);
  }
});

test('the lists contain each lesson with its title in its own language, in the same order', () => {
  const page = readFileSync(new URL('www/lesson.html', root), 'utf8');
  const lists = [...page.matchAll(/<ul class="lessons" lang="([a-z]+)" data-article="([^"]+)" hidden>([^]*?)<\/ul>/g)];
  assert.deepEqual(
    lists.map(([, language, article]) => [language, article]),
    [
      ['en', './'],
      ['de', 'de.html'],
    ],
  );
  const linked = lists.map(([, language, , items]) =>
    [...items.matchAll(/<a href="lesson\.html\?src=lessons\/([^"]+)">([^<]+)<\/a>\s*<span>(\d+) [mM]inuten?s?</g)].map(
      ([, name, title, minutes]) => [name, language, title, Number(minutes)],
    ),
  );
  assert.deepEqual(
    linked.flat().sort(),
    [...shipped].map(([name, text]) => {
      const { lang, title, minutes } = read(text).meta;
      return [name, lang, title, minutes];
    }),
  );
  for (const list of linked) {
    assert.deepEqual(
      list.map(([name, language]) => name.replace(`.${language}.`, '.')),
      linked[0].map(([name]) => name),
    );
  }
});

/** A number as a lesson shows it, from its address in the results, the number of digits, and a factor. */
const shown = (address, digits, times = 1) => (numberAt(`results/${address}`) * times).toFixed(digits);

/** The number of random cats at a spread, out of a hundred, that a critic judges correctly. @param {number} spread */
const toldApartAt = (spread) =>
  (100 * result('sharp-cats').temperatures.find(({ temperature }) => temperature === spread).told_apart).toFixed(0);

/** Sentences and rows with measured numbers, by lesson. */
const MEASURED = {
  'bottleneck.md': [2, 4, 8, 16, 32, 64].map((size) => {
    const components = shown(`digit-sizes principal_components.${size}.mse`, 4);
    return `| ${size} | ${shown(`digit-sizes rows.${size}.mse`, 4)} | ${components} |`;
  }),
  'price-of-a-code.md': [
    `16 numbers | ${shown('price digits.rows.digits.kl', 1)} | ${shown('price digits.rows.digits.reconstruction_above_entropy', 1)} |`,
    `16 numbers | nothing | ${shown('price digits.rows.digits-plain.reconstruction_above_entropy', 1)} |`,
    `2 numbers | ${shown('price digits.rows.map.kl', 1)} | ${shown('price digits.rows.map.reconstruction_above_entropy', 1)} |`,
    `in ${shown('random-latents digits.rows.vae+random.clear', 0, 100)} of a hundred pictures`,
    `of real digits it is sure in ${shown('random-latents digits.rows.real.clear', 0, 100)}.`,
    `real digits are ${shown('random-latents digits.rows.real.frechet', 0)} away`,
    `network ${shown('random-latents digits.rows.vae+random.frechet', 0)}, those of the plain one ${shown('random-latents digits.rows.plain+random.frechet', 0)}.`,
    `sure in ${shown('priors rows.plain+mixture+50.clear', 0, 100)} of a hundred, and in ${shown('priors rows.vae+mixture+50.clear', 0, 100)} for the variational network.`,
    `training lasted for ${{ 60: 'sixty' }[numberAt('models/digits Epochs')]} rounds`,
  ],
  'critic.md': [
    `blurred copies have ${shown('sharp-cats rows.cats-blurred.sharpness_percent.reconstructions.laplacian_variance', 0)} percent`,
    `sharp ones ${shown('sharp-cats rows.cats.sharpness_percent.reconstructions.laplacian_variance', 0)} percent`,
    `cats halfway ${shown('sharp-cats rows.cats.sharpness_percent.middles.laplacian_variance', 0)}, and random cats ${shown('sharp-cats rows.cats.sharpness_percent.random.laplacian_variance', 0)}.`,
    `rose from ${shown('sharp-cats rows.cats-blurred.mse', 4)} to ${shown('sharp-cats rows.cats.mse', 4)}.`,
    `| blurred copies | ${shown('sharp-cats rows.cats-blurred.told_apart.reconstructions', 0, 100)} |`,
    `| sharp copies | ${shown('sharp-cats rows.cats.told_apart.reconstructions', 0, 100)} |`,
    `| blurred cats from random numbers | ${shown('sharp-cats rows.cats-blurred.told_apart.random', 0, 100)} |`,
    `| sharp cats from random numbers | ${shown('sharp-cats rows.cats.told_apart.random', 0, 100)} |`,
    `| the same at a spread of 0.8 | ${toldApartAt(0.8)} |`,
    `${shown('sharp-cats rows.cats-blurred.precision', 0, 100)} of a hundred blurred cats there, and ${shown('sharp-cats rows.cats.precision', 0, 100)} of a hundred sharp ones`,
  ],
};

test('measured numbers in the lessons equal those of the results', () => {
  assert.deepEqual(Object.keys(MEASURED).sort(), names);
  for (const [name, sentences] of Object.entries(MEASURED)) {
    const text = shipped.get(name).replace(/\s+/g, ' ');
    for (const sentence of sentences) assert.ok(text.includes(sentence), `${name}: ${sentence}`);
  }
});
