// The text of the article, without a browser: its numbers equal those of the results and cards, and none of its links is broken.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { chartOf } from '../../article/chart.mjs';
import { filled } from '../../article/render.mjs';
import { card, numberAt, part, written } from '../../article/sources.mjs';

const www = new URL('../../www/', import.meta.url);
const page = readFileSync(new URL('index.html', www), 'utf8');

/** The text that people read, without formulas and commands, and without the blocks that are made of the results. */
const prose = page
  .replace(/<!-- results [^]*?<!-- end -->/g, ' ')
  .replace(/<(math|svg|table|head|code)\b[^]*?<\/\1>/g, ' ')
  .replace(/<!--[^]*?-->/g, ' ');

test('the page contains what `node article/write.mjs` makes of the committed results', () => {
  assert.equal(filled(page), page);
});

test('each number in the text equals the number in its source, rounded to the digits shown', () => {
  const numbers = [
    ...page.matchAll(
      /<data value="([^"]+)" data-from="([^"]+)" data-digits="(\d)"(?: data-times="(\d+)")?>([^<]+)<\/data>/g,
    ),
  ];
  assert.equal(numbers.length, [...page.matchAll(/<data\b/g)].length);
  assert.ok(numbers.length > 10);
  for (const [, value, from, digits, times, shown] of numbers) {
    const source = numberAt(from) * Number(times ?? 1);
    assert.ok(Math.abs(source - Number(value)) < 1e-6 * Math.abs(source), from);
    const apart = Math.abs(Number(shown.replace(',', '').replace('\u2212', '-')) - source);
    assert.ok(apart <= 0.5 * 10 ** -Number(digits) + 1e-9, `${from}: ${shown} for ${source}`);
  }
});

test('every measured number in the prose has a source', () => {
  const words = prose.replace(/<data\b[^]*?<\/data>/g, ' ').replace(/<[^>]*>/g, ' ');
  // Measured numbers have a fraction or a percent sign; years, licenses and sizes of pictures have neither.
  const measured = words
    .replace(/CC BY\S* \d\.\d|Apache 2\.0/g, ' ')
    .match(/[^.]{0,30}\d[.,]\d[^.]{0,20}|[^.]{0,30}\d\s?%/g);
  assert.equal(measured, null);
});

test('a missing source is an error', () => {
  assert.throws(() => numberAt('results/few-cats rows.blue.mse'), /0 rows have "blue"/);
  assert.throws(() => numberAt('results/few-cats rows.gray.beauty'), /not a number/);
  assert.throws(() => numberAt('models/digits test beauty'), /not a number/);
  assert.throws(() => numberAt('../secret x'), /not the address/);
  assert.throws(() => filled('<data value="1">1</data>'), /where its number is from/);
  assert.throws(() => filled('<!-- results nothing -->\n<!-- end -->'), /no results nothing/);
});

test('numbers have thousands separators and a minus sign', () => {
  assert.equal(written(2449601, 0), '2,449,601');
  assert.equal(written(-0.05, 2), '\u22120.05');
  assert.equal(written(19.682756, 1), '19.7');
});

test('the text does not count figures or controls, since others may be inserted', () => {
  const text = page.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');
  assert.doesNotMatch(text, /\bfigure (above|below)\b|\b(first|last) (checkbox|button|slider)\b/);
});

test('a chart has a mark for each point, within its frame, and larger values are higher', () => {
  const chart = {
    title: 'Error',
    across: 'numbers',
    digits: 2,
    lines: () => [
      {
        name: 'it',
        points: [
          [2, 0.5],
          [4, 0.1],
          [8, 0.3],
        ],
      },
    ],
  };
  const svg = chartOf(chart, {}).join('\n');
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.equal(dots.length, 3);
  assert.ok(dots[0][1] < dots[2][1] && dots[2][1] < dots[1][1], 'y increases down the page');
  assert.ok(Math.abs(dots[1][0] - (dots[0][0] + dots[2][0]) / 2) < 0.2, 'doublings are equally far apart');
  assert.ok(dots.every(([x, y]) => x >= 54 && x <= 370 && y >= 12 && y <= 196));
});

test('every committed result is in the article', () => {
  const files = readdirSync(new URL('results/', www)).filter((name) => name.endsWith('.png'));
  assert.ok(files.length > 5, `${files}`);
  for (const file of files) {
    assert.ok(page.includes(`src="results/${file}"`), `${file} is shown`);
    assert.equal(part(file.replace('.png', '')).command.includes('--quick'), false);
  }
});

test('a card’s lines and the options of its command are read', () => {
  assert.equal(card('digits').get('Seed'), '1');
  assert.equal(numberAt('models/cats --beta'), 0.03);
  assert.throws(() => numberAt('models/cats --gamma'), /not a number/);
  assert.ok(Number(card('digits').get('test -ELBO')) > 0);
});

/** Paragraphs of the text, each with the sources of its numbers. */
const paragraphs = [...page.matchAll(/<p>[^]*?<\/p>/g)].map(([text]) => ({
  text,
  sources: [...text.matchAll(/data-from="([^"]+)"/g)].map(([, from]) => from),
}));

test('a loss in nats that includes the entropy of the targets has that entropy beside it', () => {
  const costs = paragraphs.filter(({ sources }) =>
    sources.some((from) => /test reconstruction|-ELBO|\.reconstruction$|\.total$/.test(from) && isBernoulli(from)),
  );
  assert.ok(costs.length > 0);
  for (const { text, sources } of costs) {
    assert.ok(
      sources.some((from) => from.endsWith('target_entropy')),
      text,
    );
  }
});

/** @param {string} from */
const isBernoulli = (from) =>
  from.startsWith('results/price') || /bernoulli/.test(card(from.split(/[ /]/)[1]).get('Network'));

test('KL divergences of networks with different beta are compared only beside their betas', () => {
  const weights = (/** @type {string[]} */ sources) =>
    new Set(sources.flatMap((from) => (/^models\/\S+ test KL/.test(from) ? [beta(from)] : [])));
  const compared = paragraphs.filter(({ sources }) => weights(sources).size > 1);
  assert.ok(compared.length > 0);
  for (const { text, sources } of compared) {
    assert.ok(
      sources.some((from) => from.endsWith('--beta')),
      text,
    );
  }
});

/** @param {string} from */
const beta = (from) => /--beta (\S+)/.exec(card(from.split(/[ /]/)[1]).get('Command'))?.[1] ?? '1';

test('random codes of a whitened network are labeled as such', () => {
  const { rows } = part('random-latents-cats');
  const whitened = rows.filter(({ command }) => command?.includes('latent-lab whiten'));
  assert.ok(whitened.length > 0);
  const block = /<!-- results random-latents-cats -->[^]*?<!-- end -->/.exec(page)[0];
  assert.equal(block.match(/<td>VAE, whitened<\/td>/g).length, whitened.length);
  assert.doesNotMatch(block, /VAE, (?!whitened)/);
  const section = /<section [^>]*aria-labelledby="distance">[^]*?<\/section>/.exec(page)[0];
  assert.match(section.slice(0, section.indexOf('results random-latents-cats')), /whitening/);
});

test('the shipped cats are compared with as many principal components, and the text states the result', () => {
  const { rows, components, latent } = part('cat-detail');
  assert.equal(components, latent);
  const of = (/** @type {string} */ label) => rows.find((row) => row.label === label);
  assert.ok(
    of('components').mse < 1.1 * of('reconstructions').mse,
    'the text says that the components do nearly as well',
  );
  assert.ok(
    of('components').gradient > of('reconstructions').gradient,
    'the text says that the network keeps no more detail',
  );
  const { sources } = paragraphs.find(({ sources }) => sources.includes('results/cat-detail rows.components.mse'));
  for (const key of [
    'reconstructions.mse',
    'reconstructions.gradient',
    'reconstructions.laplacian_variance',
    'components.gradient',
  ]) {
    assert.ok(sources.includes(`results/cat-detail rows.${key}`), key);
  }
});

test('every table states the number of pictures that it was measured on', () => {
  const tables = [...page.matchAll(/<div class="table" role="region" tabindex="0" aria-label="([^"]+)">/g)].map(
    ([, label]) => label,
  );
  assert.equal(tables.length, [...page.matchAll(/<table>/g)].length);
  for (const label of tables) assert.match(label, /\d (held-out|test|pictures|pairs)/);
});

test('long tables and formulas are folded, each under a summary of its content', () => {
  const tables = [
    ...page.matchAll(
      /(<details>\s*<summary>([^<]+)<\/summary>\s*)?<div class="table" [^>]*aria-label="([^"]+)">[^]*?<\/table>/g,
    ),
  ];
  assert.ok(tables.length > 7);
  for (const [table, folded, summary, label] of tables) {
    const rows = table.match(/<tr>/g).length - 1;
    if (folded) assert.equal(summary, label);
    assert.ok(folded || rows <= 5, `${label}: ${rows} rows`);
  }
  const formulas = [...page.matchAll(/<aside class="maths"[^>]*>\s*<details>\s*<summary id="[^"]+">([^<]+)</g)];
  assert.equal(formulas.length, [...page.matchAll(/<math display="block">/g)].length - 2, 'one of them holds three');
});

test('where paths are compared, each group of rows begins with the two photographs at their ends', () => {
  for (const name of ['interpolation-digits', 'interpolation-cats']) {
    const block = new RegExp(`<!-- results ${name} -->[^]*?<!-- end -->`).exec(page)[0];
    const rows = [...block.matchAll(/<li( class="next")?><span>([^<]+)<\/span><img [^>]*--at: ([\d.]+)%/g)].map(
      ([, next, label, at]) => ({ next, label, at: Number(at) }),
    );
    const starts = rows.filter(({ next }, i) => i === 0 || next);
    assert.deepEqual(
      starts.map(({ label }) => label.startsWith('cross-fade')),
      [true, true],
    );
    assert.equal(new Set(rows.map(({ at }) => at)).size, rows.length, 'no row is shown twice');
    const half = rows.length / 2;
    assert.deepEqual(
      rows.slice(0, half).map(({ label }) => label),
      rows.slice(half).map(({ label }) => label),
    );
  }
});

test('three sentences at the top state what a reader will learn', () => {
  const learned = /<p class="learned">([^]*?)<\/p>/.exec(page)[1].replace(/\s+/g, ' ').trim();
  assert.equal(learned.split(/(?<=[.?!]) /).length, 3);
  assert.ok(page.indexOf('class="learned"') < page.indexOf('<main>'));
});

test('the article that this one is modeled on is named once, with author, year and code', () => {
  const words = prose.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  assert.equal(words.match(/Sigve Rokenes/g).length, 1);
  assert.match(words, /Sigve Rokenes described in 2019/);
  for (const link of ['http://evgiz.net/article/2019/02/06/', 'https://github.com/evgiz/variational-autoencoder']) {
    assert.equal(page.split(`href="${link}"`).length, 2, link);
  }
});

test('every anchor that a link names exists, and the table of contents lists the sections in order', () => {
  const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'no id is used twice');
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target), `#${target}`);
  for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) assert.ok(ids.includes(target), target);
  const sections = [...page.matchAll(/<section [^]*?<h2 id="([^"]+)">([^<]+)<\/h2>/g)].map(([, id, title]) => [
    id,
    title,
  ]);
  const contents = /<nav[^]*?<\/nav>/.exec(page)[0];
  assert.deepEqual(
    [...contents.matchAll(/<a href="#([^"]+)">([^<]+)<\/a>/g)].map(([, id, title]) => [id, title]),
    sections,
  );
});

test('every file that the page names exists', () => {
  const named = [...page.matchAll(/(?:href|src|srcset)="([^"#:]+)"/g)].map(([, file]) => file);
  assert.ok(named.length > 20);
  for (const file of named) assert.ok(existsSync(new URL(file, www)), file);
});

test('every figure has a light and a dark poster, each with an alternative text, and a caption', () => {
  const figures = [...page.matchAll(/<latent-lab [^>]*>([^]*?)<\/latent-lab>/g)].map(([, inside]) => inside);
  assert.ok(figures.length >= 7);
  for (const inside of figures) {
    assert.match(inside, /<source srcset="posters\/[a-z-]+-dark\.webp"/);
    assert.match(
      inside,
      /<img src="posters\/[a-z-]+-light\.webp" width="\d+" height="\d+" loading="lazy" alt="[^"]{30,}"/,
    );
    assert.match(inside, /<p slot="caption">/);
  }
});

test('every figure has its own id, by which the address of the page names it', () => {
  const ids = [...page.matchAll(/<latent-lab ([^>]*)>/g)].map(
    ([, inside]) => / ?id="(figure-[a-z-]+)"/.exec(inside)?.[1],
  );
  assert.ok(ids.length >= 12 && ids.every(Boolean), ids.join());
  assert.equal(new Set(ids).size, ids.length);
});

test('the colophon names the license of everything that the page is made of', () => {
  const colophon = /<footer>[^]*<\/footer>/.exec(page)[0];
  for (const license of [
    'CC BY-SA 3.0',
    'CC BY-NC 4.0',
    'Fashion-MNIST',
    'Noto Emoji',
    'MIT',
    'Apache 2.0',
    'uPlot',
    'fonts',
  ]) {
    assert.ok(colophon.includes(license), license);
  }
  const models = readdirSync(new URL('models/', www)).filter((name) => name.endsWith('.md'));
  for (const model of models) assert.ok(colophon.includes(`href="models/${model}"`), model);
});
