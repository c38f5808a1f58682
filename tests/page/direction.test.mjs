// The figure `direction`: groups of examples, a picture that moves along the difference of their means, analogies.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { readyFor } from '../../www/views/direction/examples.js';
import { eventually, figureAddress, violations } from './support/browser.mjs';
import { dropOn, placed, take } from './support/own.mjs';
import { png } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const results = JSON.parse(
  await readFile(new URL('../../www/results/attribute-vectors.json', import.meta.url), 'utf8'),
).rows;
const [slant] = readyFor('digits').examples;

/** @param {Record<string, string | number>} [attributes] */
async function direction(attributes = {}) {
  const seen = await visit.shared('direction', attributes);
  return { ...seen, figure: await seen.figure('direction').ready() };
}

const text = async (figure, part) => (await figure.part(part)).evaluate((node) => node.innerText.trim());
const pick = async (figure, part, value) => (await figure.part(part)).select(value);

/** In the page: grays of what the element decodes of `base + Σ factor · (mean of one set - mean of the other)`. */
async function expected(element, { base, plus, minus, amount }) {
  const { pickBuild } = await import('/engine/support.js');
  const lab = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await lab.default({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const file = await (await fetch('/models/digits.latents.safetensors')).arrayBuffer();
  const { mean, latent } = lab.parseLatents(new Uint8Array(file));
  const code = (place) => mean.slice(place * latent, (place + 1) * latent);
  const mid = (places) => code(0).map((_, i) => places.reduce((sum, place) => sum + code(place)[i], 0) / places.length);
  const [to, from] = [mid(plus), mid(minus)];
  const [image] = await element.decode(code(base).map((value, i) => value + amount * (to[i] - from[i])));
  return [...image.data].filter((_, i) => i % 4 === 0);
}

/** Asserts that byte values differ by little, since the page adds in another precision. */
async function assertShows(figure, part, wanted, nth = 0) {
  const picture = await figure.evaluate(expected, wanted);
  await eventually(async () => {
    const shown = (await figure.pictures(part))[nth];
    const apart = shown.reduce((most, value, i) => Math.max(most, Math.abs(value - picture[i])), 0);
    assert.ok(apart <= 1, `${part} is ${apart} away`);
  });
}

test('the pictures are decoded from the starting code plus the amount times the difference of the means', async () => {
  const { figure } = await direction({ amount: 0.75 });
  const { plus, minus } = slant;
  // The first stored 7 is the first stored picture.
  await assertShows(figure, 'picture', { base: 0, plus, minus, amount: 0.75 });
  for (const [nth, amount] of [-1.5, -1, -0.5, 0, 0.5, 1, 1.5].entries()) {
    await assertShows(figure, 'strip', { base: 0, plus, minus, amount }, nth);
  }
  assert.match(await text(figure, 'measured'), /^Slant of this picture: \d+°$/);
});

test('the slider and the row of pictures set the amount, by keyboard and by pointer', async () => {
  const { figure, page } = await direction({ amount: 0 });
  await figure.focus('amount');
  await page.keyboard.press('End');
  await eventually(async () => assert.equal((await figure.state()).amount, 1.5));
  await page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal((await figure.state()).amount, 1.45));
  const { plus, minus } = slant;
  await assertShows(figure, 'picture', { base: 0, plus, minus, amount: 1.45 });
  assert.equal(
    await (await figure.part('amount')).evaluate((input) => input.getAttribute('aria-valuetext')),
    '1.45 of the difference',
  );
  const { x, y, width, height } = await figure.box('strip');
  await page.mouse.click(x + width / 14, y + height / 2);
  await eventually(async () => assert.equal((await figure.state()).amount, -1.5));
  await assertShows(figure, 'picture', { base: 0, plus, minus, amount: -1.5 });
});

/** Percentage points by which the result may differ, since browsers round pixels differently by 1 of 255. */
const POINT = 1;

for (const { label, model, along, all, held_out, left_out_share, right, examples } of results) {
  if (model === 'cats-blurred') continue;
  test(`the share that the figure shows for ${label} of ${model} equals the committed result`, async () => {
    const { figure } = await direction({ model, example: label });
    const isMeasured = along !== undefined;
    const near = (said, share) => assert.ok(Math.abs(Number(said) - 100 * share) <= POINT, `${said}%, not ${share}`);
    await eventually(async () => {
      near(/^(\d+)%$/.exec(await text(figure, 'share'))?.[1], isMeasured ? along : left_out_share);
      const finding = await text(figure, 'finding');
      if (!isMeasured) return assert.match(finding, new RegExp(`${right} of ${examples} fall on their own side`));
      const [, count, others] = /in (\d+) held-out pictures .*explains (\d+)%\.$/.exec(finding) ?? [];
      assert.equal(Number(count), held_out);
      near(others, all);
    });
  });
}

test('pictures are chosen with the keyboard alone, and each choice is announced', async () => {
  const { figure, page } = await direction();
  await figure.focus('minus-choose');
  await page.keyboard.press('Enter');
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document.querySelector('latent-lab').shadowRoot;
      return [activeElement.getAttribute('aria-label'), activeElement.getAttribute('aria-selected')];
    });
  await eventually(async () => assert.deepEqual(await focused(), ['0, number 1', 'false']));
  assert.equal(await (await figure.part('target')).evaluate((select) => select.value), 'minus');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await eventually(async () => assert.deepEqual(await focused(), ['0, number 2', 'true']));
  await eventually(async () => assert.deepEqual((await figure.state()).minus, [...slant.minus, 10]));
  await eventually(async () =>
    assert.equal(
      await (await figure.inside('.status')).evaluate((node) => node.textContent),
      '0, number 2 is in \u2212 Leaning left. 11 pictures.',
    ),
  );
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual((await figure.state()).minus, slant.minus));
  for (const [key, name] of [
    ['End', '0, number 50'],
    ['ArrowRight', '0, number 50'],
    ['Home', '0, number 1'],
    ['ArrowUp', '0, number 1'],
  ]) {
    await page.keyboard.press(key);
    assert.equal((await focused())[0], name, key);
  }
});

test('pictures are also chosen by touch, and a new picture in a slot replaces the old one', async () => {
  const seen = await visit({ from: figureAddress('direction'), width: 390, height: 844, touch: true });
  const figure = await seen.figure('direction').ready();
  await pick(figure, 'target', 'from');
  await pick(figure, 'set', '3');
  const option = await figure.inside('[role=option]:nth-child(2)');
  await option.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  await option.tap();
  await eventually(async () => assert.deepEqual((await figure.state()).from, { digit: 3, nth: 1 }));
  await eventually(async () => assert.equal(await option.evaluate((node) => node.ariaSelected), 'true'));
  // The index of the second stored 3.
  await assertShows(figure, 'from', { base: 30, plus: slant.plus, minus: slant.minus, amount: 0 });
  await assertShows(figure, 'picture', { base: 30, plus: slant.plus, minus: slant.minus, amount: 0.5 });
});

test('a picture can be dragged onto a group or a slot, and dragging it twice adds it once', async () => {
  const { figure } = await direction();
  const drag = (to) =>
    figure.evaluate((element, part) => {
      const from = element.shadowRoot.querySelector('[role=option]');
      const target = element.shadowRoot.querySelector(`[part=${part}]`);
      const dataTransfer = new DataTransfer();
      const send = (node, type) =>
        node.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
      send(from, 'dragstart');
      const isTaken = !send(target, 'dragover');
      const marked = element.shadowRoot.querySelector('figure').dataset.dragging;
      send(target, 'drop');
      send(from, 'dragend');
      return [isTaken, marked, element.shadowRoot.querySelector('figure').dataset.dragging ?? null];
    }, to);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await drag('plus'), [true, 'plus', null]);
    await eventually(async () => assert.deepEqual((await figure.state()).plus, [...slant.plus, 3]));
  }
  assert.deepEqual(await drag('b'), [true, 'b', null]);
  await eventually(async () => assert.deepEqual((await figure.state()).analogy, [248, 3, 112]));
  assert.equal((await drag('share'))[0], false);
});

test('the result of an analogy is the third picture plus the difference of the first two', async () => {
  const { figure } = await direction({ analogy: '5,40,112' });
  await assertShows(figure, 'result', { base: 112, plus: [5], minus: [40], amount: 1 });
  assert.equal(
    await (await figure.part('result')).evaluate((node) => node.ariaLabel),
    'Decoded picture of a handwritten 1 minus a handwritten 1 plus a handwritten 3',
  );
});

test('an example fills the groups, and the choice `own` empties them', async () => {
  const { figure } = await direction();
  await pick(figure, 'target', 'plus');
  await (await figure.inside('[role=option]')).click();
  await eventually(async () => assert.equal((await figure.state()).plus.length, 11));
  await pick(figure, 'example', 'loop');
  const { plus, minus } = readyFor('digits').examples[2];
  await assertShows(figure, 'picture', { base: 0, plus, minus, amount: 0.5 });
  assert.match(await text(figure, 'plus'), /^\+ With a loop\s+8 pictures/);
  const state = await figure.state();
  assert.deepEqual([state.example, state.plus, state.minus], ['loop', null, null]);
  await pick(figure, 'example', 'own');
  await eventually(async () => assert.match(await text(figure, 'finding'), /at least one picture in each group/));
  // The slider keeps its state until the pictures have come.
  await eventually(async () => assert.ok(await (await figure.part('amount')).evaluate((input) => input.disabled)));
  await assertShows(figure, 'picture', { base: 0, plus, minus, amount: 0 });
  assert.equal(
    await figure.evaluate((element) =>
      element.toGIF().then(
        () => '',
        ({ message }) => message,
      ),
    ),
    'this figure has no animation to export',
  );
  await figure.set('plus', '1,2,3');
  await figure.set('minus', '4 5 6');
  await assertShows(figure, 'picture', { base: 0, plus: [1, 2, 3], minus: [4, 5, 6], amount: 0.5 });
  await eventually(async () => assert.match(await text(figure, 'finding'), /of 6 fall on their own side/));
  await figure.click('plus-empty');
  await eventually(async () => assert.deepEqual((await figure.state()).plus, []));
});

test('the reader’s own picture can be an example and fill a slot, and the dialog says that links omit it', async () => {
  const { figure } = await direction({ from: '7:1' });
  const own = png(56, 56, (x, y) =>
    Math.abs(x - 28 - (28 - y) / 2) < 5 && y > 8 && y < 48 ? [255, 255, 255] : [0, 0, 0],
  );
  for (const part of ['plus', 'from']) {
    assert.ok(await dropOn(figure, [{ name: 'bar.png', bytes: own }], { part }));
    await placed(figure);
    await take(figure);
  }
  await eventually(async () => assert.match(await text(figure, 'plus'), /11 pictures/));
  const state = await figure.state();
  assert.deepEqual([state.plus, state.from], [slant.plus, { digit: 7, nth: 1 }]);
  await eventually(async () =>
    assert.match(
      await (await figure.part('picture')).evaluate((node) => node.ariaLabel),
      /^Decoded picture along the direction from your picture/,
    ),
  );
  await figure.click('embed');
  await eventually(async () => {
    const said = await text(figure, 'embed-private');
    assert.match(said, /which shows a handwritten 7 in its place/);
    assert.match(said, /Your pictures among the examples are not in the link/);
  });
  await figure.click('embed-close');
  // It can be removed from the group.
  await pick(figure, 'target', 'plus');
  const option = await figure.inside('[role=option][aria-label="Your picture 1"]');
  assert.equal(await option.evaluate((node) => node.ariaSelected), 'true');
  await option.click();
  await eventually(async () => assert.match(await text(figure, 'plus'), /10 pictures/));
  await figure.set('from', '4');
  await eventually(async () =>
    assert.match(
      await (await figure.part('picture')).evaluate((node) => node.ariaLabel),
      /^Decoded picture along the direction from a handwritten 4/,
    ),
  );
});

test('indices beyond the stored pictures are ignored, and invalid lists become the default', async () => {
  const seen = await visit({ from: figureAddress('direction', { plus: '1,2,9999', minus: '3', analogy: '1,2' }) });
  const figure = await seen.figure('direction').ready();
  await eventually(async () => assert.match(await text(figure, 'plus'), /2 pictures/));
  assert.equal((await figure.state()).analogy, null);
  const [warning] = seen.complaints.splice(0);
  assert.match(warning, /invalid analogy="1,2"/);
});

test('screen readers announce what the pictures resemble', async () => {
  const { figure, page } = await direction({ amount: 0 });
  const told = await figure.part('told');
  await eventually(async () => {
    await figure.focus('amount');
    await page.keyboard.press('ArrowRight');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.match(await told.evaluate((node) => node.textContent), /^Along the direction: .*7.*\. Analogy: .*3/);
  });
});

test('axe finds nothing, with digits and with cats, in light and dark', async () => {
  for (const scheme of ['light', 'dark']) {
    for (const model of ['digits', 'cats']) {
      const seen = await visit({ from: figureAddress('direction', { model }), scheme });
      await seen.figure('direction').ready();
      assert.deepEqual(await violations(seen.page), [], `${scheme}, ${model}`);
      await seen.close();
    }
  }
});
