// Small parts of figures at the widths of phones and tablets: words stay whole, menus show what is chosen, strips have no hairlines.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, figureAddress } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** A figure by itself, in German, whose words are longer. */
async function shown(name, width, attributes = {}) {
  const { page, figure } = await visit({
    from: figureAddress(name, { lang: 'de', ...attributes }),
    width,
    height: 900,
  });
  return { page, shown: await figure(name).ready() };
}

/** Calls `look` with all elements of a figure that match. */
const every = async (figure, selector, look) =>
  (await figure.inside(selector)).evaluate(
    (node, [selector, look]) =>
      [...node.getRootNode().querySelectorAll(selector)].map(new Function(`return ${look}`)()),
    [selector, look.toString()],
  );

for (const model of ['cats', 'emoji']) {
  for (const width of [390, 768, 1440]) {
    test(`the strip of ${model} has no gaps of less than a pixel, ${width} pixels wide`, async () => {
      const { shown: figure } = await shown('morph', width, { model });
      const boxes = await every(figure, '.strip .tiles canvas', (canvas) => {
        const { left, right } = canvas.getBoundingClientRect();
        return [left, right];
      });
      assert.equal(boxes.length, 11);
      const gaps = boxes.slice(1).map(([left], at) => left - boxes[at][1]);
      assert.ok(
        gaps.every((gap) => Math.abs(gap) < 0.05 || gap >= 1),
        `gaps of ${gaps}`,
      );
    });
  }
}

for (const [name, attributes, selector] of [
  ['traversal', {}, '.pair p'],
  ['morph', { model: 'emoji' }, '.pair p'],
  ['direction', {}, '.slot:not(.group) .slot-title'],
]) {
  test(`no label of a picture in ${name} breaks within a word on a phone`, async () => {
    const { shown: figure } = await shown(name, 390, attributes);
    const labels = await every(figure, selector, (label) => {
      const range = document.createRange();
      range.selectNodeContents(label);
      return [label.textContent, new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size];
    });
    assert.ok(labels.length > 1);
    for (const [text, lines] of labels) {
      assert.ok(lines <= text.split(' ').length, `"${text}" has ${lines} lines`);
    }
  });
}

test('the menus at the ends of a path through the decoder show their digits on a phone', async () => {
  const { shown: figure } = await shown('microscope', 390);
  const widths = await every(figure, '.end-choice > select', (menu) => menu.clientWidth);
  assert.equal(widths.length, 2);
  // Padding, a digit and the arrow of the menu.
  assert.ok(Math.min(...widths) >= 56, `${widths}`);
});

for (const page of ['index.html', 'de.html']) {
  test(`what rows of numbers are about stays in sight while they are scrolled, on a phone, ${page}`, async () => {
    const { page: article } = await visit({ from: new URL(page, address).href, width: 390, height: 900 });
    const tables = await article.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
      const isWide = (table) =>
        table.scrollWidth > table.clientWidth + 20 && table.querySelector('th:nth-child(2)').matches('.number');
      return [...document.querySelectorAll('.table')].filter(isWide).map((table) => {
        table.scrollLeft = table.scrollWidth;
        const cells = [...table.querySelectorAll('tr > :first-child')];
        const { left, width } = table.getBoundingClientRect();
        const boxes = cells.map((cell) => cell.getBoundingClientRect());
        return {
          scrolled: table.scrollLeft,
          away: Math.max(...boxes.map((box) => Math.abs(box.left - left))),
          share: Math.max(...boxes.map((box) => box.width)) / width,
          cut: cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
        };
      });
    });
    assert.ok(tables.length > 1);
    for (const { scrolled, away, share, cut } of tables) {
      assert.ok(scrolled >= 19);
      assert.ok(away < 1, `${away} pixels from the table's edge`);
      assert.ok(share < 0.5, `${share} of the width`);
      assert.deepEqual(cut, []);
    }
  });
}
