// The figure `paths`: a cross-fade, the line, the arc and the geodesic between the same ends, under one slider.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { figureAddress, eventually, violations } from './support/browser.mjs';
import { dropOn, placed, rgba, take } from './support/own.mjs';
import { wide } from './support/pictures.mjs';
import { forgetPrior } from './support/prior.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const PATHS = ['pixels', 'lerp', 'slerp', 'geodesic'];

/** Waits until all paths are found and measured. */
const complete = (figure) => figure.inside('figure[data-complete]');

async function paths(attributes = {}, options = {}) {
  const seen = await visit.shared('paths', attributes, options);
  const figure = await seen.figure('paths').ready();
  await complete(figure);
  return { ...seen, figure };
}

const text = async (figure, part) => (await figure.part(part)).evaluate((node) => node.textContent);

/** The rows of all paths: [path][picture][pixel]. */
const rowsOf = async (figure) =>
  Object.fromEntries(await Promise.all(PATHS.map(async (path) => [path, await figure.pictures(`row-${path}`)])));

/** The large pictures. */
const nowOf = async (figure) =>
  Object.fromEntries(await Promise.all(PATHS.map(async (path) => [path, await figure.picture(`now-${path}`)])));

/** The table by the names of its rows: all cells except the first. */
const numbersOf = (figure) =>
  figure.evaluate((element) => {
    const rows = [...element.shadowRoot.querySelectorAll('[part=numbers] tbody tr')];
    return Object.fromEntries(
      rows.map(({ cells: [name, ...cells] }) => [name.textContent, cells.map((cell) => cell.textContent)]),
    );
  });

/** In the page: notes how high the figure's own parts are when its first pictures are painted. */
function noteHeights() {
  const heights = (element) =>
    ['lines', 'path-numbers'].map(
      (name) => element.shadowRoot.querySelector(`.${name}`).getBoundingClientRect().height,
    );
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target.localName !== 'latent-lab') return;
      globalThis.atFirst = heights(target);
      globalThis.heightsNow = () => heights(target);
    },
    true,
  );
}

for (const model of ['digits', 'cats']) {
  test(`curves and numbers of ${model} have their room before they are measured`, async () => {
    const seen = await visit({ from: figureAddress('paths', { model }), before: noteHeights, width: 390 });
    await complete(await seen.figure('paths').ready());
    const [first, last] = await seen.page.evaluate(() => [globalThis.atFirst, globalThis.heightsNow()]);
    assert.ok(first[0] > 300 && first[1] > 200, `${first}`);
    assert.deepEqual(first.map(Math.round), last.map(Math.round));
  });
}

test('all paths have the same ends, and the cross-fade blends their pixels', async () => {
  const { figure } = await paths();
  const rows = await rowsOf(figure);
  for (const path of PATHS) {
    assert.equal(rows[path].length, 11);
    assert.deepEqual(rows[path][0], rows.lerp[0], path);
    assert.deepEqual(rows[path][10], rows.lerp[10], path);
  }
  rows.pixels[5].forEach((value, i) => {
    assert.ok(Math.abs(value - (rows.lerp[0][i] + rows.lerp[10][i]) / 2) <= 0.5, `pixel ${i}`);
  });
  const middles = PATHS.map((path) => rows[path][5].join());
  assert.equal(new Set(middles).size, 4, 'all four paths differ in the middle');
});

test('one slider, also with keys, moves along all paths, and a click on a picture moves to it', async () => {
  const { page, figure } = await paths();
  const rows = await rowsOf(figure);
  const shows = (index) =>
    eventually(async () => {
      const now = await nowOf(figure);
      for (const path of PATHS) assert.deepEqual(now[path], rows[path][index], `${path} at picture ${index}`);
    });
  await shows(5);
  await figure.focus('t');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await shows(6);
  assert.equal((await figure.state()).t, 0.6);
  assert.equal(
    await (await figure.part('t')).evaluate((node) => node.ariaValueText ?? node.getAttribute('aria-valuetext')),
    '60 percent of the way',
  );
  await page.keyboard.press('End');
  await shows(10);
  await (await figure.inside('[part=row-slerp] [data-index="2"]')).evaluate((node) => node.click());
  await shows(2);
  assert.equal((await figure.state()).t, 0.2);
  await figure.set('t', '0.9');
  await shows(9);
});

test('slider, rows and charts mark the position at the same place, even from right to left', async () => {
  const { figure } = await paths({ t: 0.3 });
  for (const direction of ['ltr', 'rtl']) {
    const places = await figure.evaluate((element, direction) => {
      element.dir = direction;
      const { shadowRoot } = element;
      const share = (node) => {
        const box = node.getBoundingClientRect();
        const left = parseFloat(getComputedStyle(node, '::after').left) - (direction === 'rtl' ? -1 : 1);
        return box.left + left + 1;
      };
      const third = shadowRoot.querySelector('[part=row-lerp] [data-index="3"]').getBoundingClientRect();
      const slider = shadowRoot.querySelector('[part=t]').getBoundingClientRect();
      const thumb = 24;
      const along = direction === 'rtl' ? 0.7 : 0.3;
      const knob = slider.left + thumb / 2 + along * (slider.width - thumb);
      return {
        marks: [...shadowRoot.querySelectorAll('.at-line')].map(share),
        middle: third.left + third.width / 2,
        knob,
      };
    }, direction);
    assert.equal(places.marks.length, 7);
    for (const mark of [...places.marks, places.knob]) {
      assert.ok(Math.abs(mark - places.middle) < 2.5, `${direction}: ${JSON.stringify(places)}`);
    }
  }
});

test('the table has the step lengths of the rows beside those of the experiment', async () => {
  const { figure } = await paths();
  const rows = await rowsOf(figure);
  const numbers = await numbersOf(figure);
  const { digits } = JSON.parse(
    await readFile(new URL('../../www/results/interpolation.json', import.meta.url), 'utf8'),
  );
  for (const [name, path] of [
    ['Cross-fade', 'pixels'],
    ['Line', 'lerp'],
    ['Arc', 'slerp'],
    ['Through pictures', 'geodesic'],
  ]) {
    const steps = rows[path]
      .slice(1)
      .map((picture, i) => Math.hypot(...picture.map((value, at) => (value - rows[path][i][at]) / 255)));
    const mean = steps.reduce((a, b) => a + b) / steps.length;
    const there = digits.rows.find((row) =>
      path === 'pixels' ? row.label === 'pixels' : row.label === 'vae' && row.way === path,
    );
    const [step, largest, clear, thereLargest, thereClear] = numbers[name];
    assert.equal(step, mean.toFixed(2), name);
    assert.equal(largest, `${(Math.max(...steps) / mean).toFixed(2)}×`, name);
    assert.match(clear, /^\d+%$/);
    assert.equal(thereLargest, `${there.largest_step.toFixed(2)}×`, name);
    assert.equal(thereClear, `${Math.round(100 * there.clear)}%`, name);
  }
  // For these two digits, the order is that of the article's table.
  const share = (name) => parseInt(numbers[name][2], 10);
  assert.ok(share('Cross-fade') < share('Line') && share('Line') <= share('Through pictures'), JSON.stringify(numbers));
});

test('the classifier of codes is sure at the ends, and never of two digits at once', async () => {
  const { figure } = await paths({ t: 0 });
  const reading = async (path) => {
    const [, digit, percent] = /^(\d), (\d+)% sure$/.exec(await text(figure, `reading-${path}`));
    return { digit, percent: Number(percent) };
  };
  for (const path of PATHS) {
    const { digit, percent } = await reading(path);
    assert.equal(digit, '3', path);
    assert.ok(percent >= 90, `${path}: ${percent}`);
  }
  await figure.set('t', '0.5');
  await eventually(async () => assert.ok((await reading('pixels')).percent < 60));
  const label = await (await figure.part('certainty')).evaluate((node) => node.getAttribute('aria-label'));
  assert.match(
    label,
    /^How sure a classifier of codes is\. Cross-fade: between \d\d% and (99|100)%\. Line: .*\. Arc: .*\. Through pictures: /,
  );
});

test('cats have no classes, so the density of the fitted prior is shown instead, which is too high halfway', async () => {
  const { page, figure } = await paths({ model: 'cats', from: '4:5', to: '8:9', t: 0.5 });
  const density = async (path) =>
    Number(/^Log density (−\d+\.\d\d)$/.exec(await text(figure, `reading-${path}`))[1].replace('−', '-'));
  assert.ok((await density('pixels')) > (await density('slerp')) + 5);
  assert.ok((await density('lerp')) > (await density('slerp')) + 5);
  const visible = (part) =>
    figure.evaluate((element, part) => element.shadowRoot.querySelector(`[part=${part}]`).checkVisibility(), part);
  assert.deepEqual([await visible('steps'), await visible('certainty'), await visible('density')], [true, false, true]);
  const numbers = await numbersOf(figure);
  assert.equal(numbers.Arc.length, 3, 'the experiment has not measured this network');
  const share = (name) => parseInt(numbers[name][2], 10);
  assert.ok(share('Arc') > 40, JSON.stringify(numbers));
  assert.ok(share('Cross-fade') < 20 && share('Line') < 20, JSON.stringify(numbers));
  assert.deepEqual(await violations(page), []);
});

test('changing an end changes all paths, including the geodesic', async () => {
  const { figure } = await paths();
  const before = await rowsOf(figure);
  await figure.click('to-5');
  await eventually(async () => {
    const now = await rowsOf(figure);
    for (const path of PATHS) {
      assert.deepEqual(now[path][0], before[path][0]);
      assert.notDeepEqual(now[path][10], before[path][10]);
      assert.deepEqual(now[path][10], now.lerp[10]);
    }
  });
  await complete(figure);
  assert.equal((await figure.state()).to.digit, 5);
  const label = await (await figure.part('row-geodesic')).evaluate((node) => node.getAttribute('aria-label'));
  assert.equal(label, 'Through pictures: eleven pictures from a handwritten 3 to a handwritten 5');
});

test('a drawing becomes an end of all paths, and a link contains its code', async () => {
  const { page, figure } = await paths();
  const before = await rowsOf(figure);
  await figure.click('from-draw');
  const { x, y, width, height } = await figure.box('pad');
  await page.mouse.move(x + 0.5 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.5 * width, y + 0.8 * height, { steps: 6 });
  await page.mouse.up();
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200));
  await figure.click('pad-use');
  await eventually(async () => {
    const now = await rowsOf(figure);
    for (const path of PATHS) {
      assert.notDeepEqual(now[path][0], before[path][0]);
      assert.deepEqual(now[path][0], now.lerp[0]);
    }
  });
  assert.equal((await figure.state()).z.from.length, 16);
  await complete(figure);
});

test('the reader’s own picture becomes an end, and links omit it', async () => {
  const { figure } = await paths({ model: 'cats', from: '4:5', to: '8:9' });
  const before = await rgba(figure, 'now-lerp');
  assert.ok(await dropOn(figure, [{ name: 'wide.png', bytes: wide() }], { share: 0.9 }));
  await placed(figure);
  await take(figure);
  await eventually(async () => assert.notDeepEqual(await rgba(figure, 'now-lerp'), before));
  assert.deepEqual((await figure.state()).z, { from: null, to: null });
  await complete(figure);
});

test('for a network without a fitted prior, the figure shows only the certainty, and an even arc instead of the geodesic', async () => {
  const from = figureAddress('paths', { model: 'map', from: '1', to: '7' });
  const seen = await visit({ from, before: await forgetPrior('map') });
  const figure = await seen.figure('paths').ready();
  await complete(figure);
  const shown = await figure.evaluate((element) => {
    const { shadowRoot } = element;
    const visible = (part) => shadowRoot.querySelector(`[part=${part}]`).checkVisibility();
    return {
      certainty: visible('certainty'),
      density: visible('density'),
      status: shadowRoot.querySelector('.lines .status').textContent,
    };
  });
  assert.deepEqual(shown, { certainty: true, density: false, status: 'No fitted prior: an even arc' });
});

test('screen readers announce the measurements of each path', async () => {
  const { page, figure } = await paths();
  const told = await figure.part('told');
  await eventually(async () => {
    await figure.focus('t');
    await page.keyboard.press('ArrowRight');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.match(
      await told.evaluate((node) => node.textContent),
      /^Cross-fade: \d, \d+% sure\. Line: \d, \d+% sure\. Arc: \d, \d+% sure\. Through pictures: \d, \d+% sure$/,
    );
  });
});

test('on a phone nothing is wider than the screen, and the table can be read', async () => {
  const { page, figure } = await paths({}, { width: 360, height: 740, touch: true });
  const beyond = await figure.evaluate((element) =>
    [...element.shadowRoot.querySelectorAll('figure *')]
      .filter((node) => node.getClientRects().length > 0 && node.getBoundingClientRect().right > innerWidth + 1)
      .map((node) => node.outerHTML.slice(0, 60)),
  );
  assert.deepEqual(beyond, []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});

test('axe finds nothing in light and dark', async () => {
  for (const scheme of ['light', 'dark']) {
    const seen = await visit({ from: figureAddress('paths'), scheme });
    await complete(await seen.figure('paths').ready());
    assert.deepEqual(await violations(seen.page), [], scheme);
    await seen.close();
  }
});
