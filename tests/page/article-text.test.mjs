// The article as it is written, without a browser: its numbers are those of the results and cards, and nothing in it leads nowhere.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { chartOf } from '../../article/chart.mjs';
import { filled } from '../../article/render.mjs';
import { card, numberAt, part, written } from '../../article/sources.mjs';

const www = new URL('../../www/', import.meta.url);
const page = readFileSync(new URL('index.html', www), 'utf8');

/** The text that people read, without formulas, tables and commands. */
const prose = page
  .replace(/<(math|svg|table|head|code)\b[^]*?<\/\1>/g, ' ')
  .replace(/<!--[^]*?-->/g, ' ');

test('the page holds what `node article/write.mjs` makes of the committed results', () => {
  assert.equal(filled(page), page);
});

test('each number of the text is the one of its source, rounded as it is shown', () => {
  const numbers = [...page.matchAll(/<data value="([^"]+)" data-from="([^"]+)" data-digits="(\d)"(?: data-times="(\d+)")?>([^<]+)<\/data>/g)];
  assert.equal(numbers.length, [...page.matchAll(/<data\b/g)].length);
  assert.ok(numbers.length > 10);
  for (const [, value, from, digits, times, shown] of numbers) {
    const source = numberAt(from) * Number(times ?? 1);
    assert.ok(Math.abs(source - Number(value)) < 1e-6 * Math.abs(source), from);
    const apart = Math.abs(Number(shown.replace(',', '').replace('\u2212', '-')) - source);
    assert.ok(apart <= 0.5 * 10 ** -Number(digits) + 1e-9, `${from}: ${shown} for ${source}`);
  }
});

test('no measured number stands in the prose without a source', () => {
  const words = prose.replace(/<data\b[^]*?<\/data>/g, ' ').replace(/<[^>]*>/g, ' ');
  // Years, licenses and sizes of pictures have no fraction; what was measured has, or is a share.
  const measured = words.replace(/CC BY\S* \d\.\d|Apache 2\.0/g, ' ').match(/[^.]{0,30}\d[.,]\d[^.]{0,20}|[^.]{0,30}\d\s?%/g);
  assert.equal(measured, null);
});

test('a source that is not there is an error', () => {
  assert.throws(() => numberAt('results/few-cats rows.blue.mse'), /0 rows have "blue"/);
  assert.throws(() => numberAt('results/few-cats rows.gray.beauty'), /no number/);
  assert.throws(() => numberAt('models/digits test beauty'), /no number/);
  assert.throws(() => numberAt('../secret x'), /no address/);
  assert.throws(() => filled('<data value="1">1</data>'), /where its number is from/);
  assert.throws(() => filled('<!-- results nothing -->\n<!-- end -->'), /no results nothing/);
});

test('numbers are written as people read them', () => {
  assert.equal(written(2449601, 0), '2,449,601');
  assert.equal(written(-0.05, 2), '\u22120.05');
  assert.equal(written(19.682756, 1), '19.7');
});

test('a chart has a mark for each point, within its frame, higher for more', () => {
  const chart = { title: 'Error', across: 'numbers', digits: 2, lines: () => [{ name: 'it', points: [[2, 0.5], [4, 0.1], [8, 0.3]] }] };
  const svg = chartOf(chart, {}).join('\n');
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.equal(dots.length, 3);
  assert.ok(dots[0][1] < dots[2][1] && dots[2][1] < dots[1][1], 'y goes down the page');
  assert.ok(Math.abs(dots[1][0] - (dots[0][0] + dots[2][0]) / 2) < 0.2, 'doublings are equally far');
  assert.ok(dots.every(([x, y]) => x >= 54 && x <= 370 && y >= 12 && y <= 196));
});

test('every committed result is in the article', () => {
  for (const file of readdirSync(new URL('results/', www)).filter((name) => name.endsWith('.png'))) {
    assert.ok(page.includes(`src="results/${file}"`), `${file} is shown`);
    assert.equal(part(file.replace('.png', '')).command.includes('--quick'), false);
  }
});

test('a card is read line by line', () => {
  assert.equal(card('digits').get('Seed'), '1');
  assert.ok(Number(card('digits').get('test -ELBO')) > 0);
});

test('every anchor of the page is there, and the contents are its sections in order', () => {
  const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'no id stands twice');
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target), `#${target}`);
  for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) assert.ok(ids.includes(target), target);
  const sections = [...page.matchAll(/<section [^]*?<h2 id="([^"]+)">([^<]+)<\/h2>/g)].map(([, id, title]) => [id, title]);
  const contents = /<nav[^]*?<\/nav>/.exec(page)[0];
  assert.deepEqual([...contents.matchAll(/<a href="#([^"]+)">([^<]+)<\/a>/g)].map(([, id, title]) => [id, title]), sections);
});

test('every file that the page names is there', () => {
  const named = [...page.matchAll(/(?:href|src|srcset)="([^"#:]+)"/g)].map(([, file]) => file);
  assert.ok(named.length > 20);
  for (const file of named) assert.ok(existsSync(new URL(file, www)), file);
});

test('every figure has a poster, light and dark, with words for those who do not see it, and a caption', () => {
  const figures = [...page.matchAll(/<latent-lab [^>]*>([^]*?)<\/latent-lab>/g)].map(([, inside]) => inside);
  assert.ok(figures.length >= 7);
  for (const inside of figures) {
    assert.match(inside, /<source srcset="posters\/[a-z-]+-dark\.webp"/);
    assert.match(inside, /<img src="posters\/[a-z-]+-light\.webp" width="\d+" height="\d+" loading="lazy" alt="[^"]{30,}"/);
    assert.match(inside, /<p slot="caption">/);
  }
});

test('every license of what the page is made of is in the colophon', () => {
  const colophon = /<footer>[^]*<\/footer>/.exec(page)[0];
  for (const license of ['CC BY-SA 3.0', 'CC BY-NC 4.0', 'Fashion-MNIST', 'Noto Emoji', 'MIT', 'Apache 2.0', 'uPlot', 'fonts']) assert.ok(colophon.includes(license), license);
  const models = readdirSync(new URL('models/', www)).filter((name) => name.endsWith('.md'));
  for (const model of models) assert.ok(colophon.includes(`href="models/${model}"`), model);
});
