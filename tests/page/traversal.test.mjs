// The figure `traversal`: each number of a code has a row that shows its effect and can change it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { movedOf, withMoved, writtenMoved } from '../../www/views/traversal/moved.js';
import { measured } from '../../www/views/traversal/measured.js';
import { limitsOf, rankingOf, shownOf } from '../../www/views/traversal/ranking.js';
import { eventually, violations } from './support/browser.mjs';
import { dropOn, placed, rgba, rgbaOf, take } from './support/own.mjs';
import { wide } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** A figure without moved numbers, unless set by attributes. */
async function traversal(attributes = {}, options = {}) {
  const seen = await visit.shared('traversal', attributes, options);
  return { ...seen, figure: await seen.figure('traversal').ready() };
}

/** The latent dimensions of the rows in order, counted from 1. */
const rowsOf = (figure) =>
  figure.evaluate((element) =>
    [...element.shadowRoot.querySelectorAll('.latent-row')].map(({ dataset }) => Number(dataset.dimension)),
  );

/** In the page: gray values of pictures of codes, decoded by the module without the engine, in the build for this browser. */
async function decoded(codes) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const model = await Model.load(new Uint8Array(await (await fetch('/models/digits.safetensors')).arrayBuffer()));
  const pictures = [];
  for (const code of codes) {
    const { data } = await model.decodeImages(Float32Array.from(code));
    pictures.push([...data].filter((_, at) => at % 4 === 0));
  }
  return pictures;
}

/** In the page: the code of the stored picture `digit:nth`. */
async function storedCode([digit, nth]) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const file = new Uint8Array(await (await fetch('/models/digits.latents.safetensors')).arrayBuffer());
  const { mean, labels, latent } = parseLatents(file);
  const place = [...labels.keys()].filter((i) => labels[i] === digit)[nth];
  return [...mean.slice(place * latent, (place + 1) * latent)];
}

/** Gray values of the seven pictures of a strip. */
async function stripOf(figure, number) {
  const strip = await figure.part(`strip-${number}`);
  return strip.evaluate((canvas) => {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return Array.from({ length: 7 }, (_, i) =>
      [...context.getImageData(i * 30, 0, 28, 28).data].filter((_, at) => at % 4 === 0),
    );
  });
}

/** The latent dimensions with the largest and the smallest measured KL. */
const byKl = [...measured.digits.keys()].sort((a, b) => measured.digits[b] - measured.digits[a]);
const [DEAREST, CHEAPEST] = [byKl[0] + 1, byKl[15] + 1];

describe('the attribute `moved`', () => {
  test('counts numbers from 1 and is unchanged by reading and writing', () => {
    const moved = movedOf('3:1.5, 7:-2', 16);
    assert.deepEqual(
      [...moved],
      [
        [2, 1.5],
        [6, -2],
      ],
    );
    assert.equal(writtenMoved(moved), '3:1.5,7:-2');
    assert.equal(writtenMoved(new Map()), '');
    assert.deepEqual([...withMoved(Float32Array.of(1, 2, 3), new Map([[1, -1]]))], [1, -1, 3]);
  });

  test('ignores parts that are invalid or name dimensions that the model does not have', () => {
    assert.deepEqual([...movedOf('0:1,17:1,x:1,2:y,3:1e9,4:,5:0.5', 16)], [[4, 0.5]]);
    assert.deepEqual([...movedOf('', 16)], []);
    assert.ok(movedOf('1:1,'.repeat(100_000), 2).size <= 2);
  });
});

describe('the order of the numbers', () => {
  const stored = { latent: 3, mean: Float32Array.of(1, 5, 0, -1, -5, 0), labels: null };

  test('is that of the measured KL for every shipped variational model', async () => {
    for (const [model, values] of Object.entries(measured)) {
      const latent = values.length;
      const { measure, order } = rankingOf(model, { latent, mean: new Float32Array(latent), labels: null });
      assert.equal(measure, 'kl', model);
      order.slice(1).forEach((dimension, i) => assert.ok(values[order[i]] >= values[dimension], model));
      // The card states the sum, measured with weights of the same or a higher precision.
      const card = await readFile(new URL(`../../www/models/${model}.md`, import.meta.url), 'utf8');
      const expected = Number(/test KL \| ([\d.]+)/.exec(card)[1]);
      const sum = values.reduce((all, value) => all + value, 0);
      assert.ok(Math.abs(sum / expected - 1) < 0.01, `${model}: ${sum} for ${expected}`);
    }
  });

  test('is that of the KL that a run has measured, even if one is NaN', () => {
    const divergence = Float32Array.of(0.001, NaN, 2);
    const { measure, order } = rankingOf('trained-here-1', { ...stored, divergence, own: 'pictures' });
    assert.deepEqual([measure, order], ['kl', [2, 0, 1]]);
  });

  test('is that of the variance of the codes for other networks, and none for random codes', () => {
    const { measure, order } = rankingOf('digits-plain', stored);
    assert.deepEqual([measure, order], ['variance', [1, 0, 2]]);
    assert.equal(rankingOf('dropped-1', { ...stored, own: 'draws' }).measure, 'none');
  });

  test('is shortened for long codes to the first six, the last two, and the moved numbers', () => {
    const order = Array.from({ length: 20 }, (_, i) => i);
    assert.deepEqual(shownOf(order, false, new Map([[9, 1]])), [0, 1, 2, 3, 4, 5, 9, 18, 19]);
    assert.deepEqual(shownOf(order, true, new Map()), order);
    assert.deepEqual(shownOf([1, 0], false, new Map()), [1, 0]);
  });

  test('comes with limits of -3 and 3, or as far as a plain autoencoder’s codes reach', () => {
    assert.deepEqual(limitsOf(stored, true), [3, 3, 3]);
    assert.deepEqual(limitsOf(stored, false), [3, 5, 3]);
  });
});

test('the strip of a number shows the picture for seven of its values, and a slider changes it', async () => {
  const { page, figure } = await traversal();
  assert.deepEqual(
    await rowsOf(figure),
    [...byKl.slice(0, 6), ...byKl.slice(-2)].map((dimension) => dimension + 1),
  );
  const code = await page.evaluate(storedCode, [3, 2]);
  const at = (value) => code.map((own, dimension) => (dimension === DEAREST - 1 ? value : own));
  const [own, ...seven] = await page.evaluate(decoded, [code, ...[-3, -2, -1, 0, 1, 2, 3].map(at)]);
  await eventually(async () => assert.deepEqual(await figure.picture(), own));
  await eventually(async () => assert.deepEqual(await stripOf(figure, DEAREST), seven));
  await figure.focus(`number-${DEAREST}`);
  await page.keyboard.press('End');
  await eventually(async () => assert.deepEqual(await figure.picture(), seven[6]));
  assert.equal((await figure.state()).moved, `${DEAREST}:3`);
  // The strips of other numbers use the changed code.
  const [first] = await page.evaluate(decoded, [
    at(3).map((value, dimension) => (dimension === CHEAPEST - 1 ? -3 : value)),
  ]);
  await eventually(async () => assert.deepEqual((await stripOf(figure, CHEAPEST))[0], first));
  await figure.click('reset');
  await eventually(async () => assert.deepEqual(await figure.picture(), own));
  assert.equal((await figure.state()).moved, '');
});

test('pressing a picture of the strip sets the number to its value, and dragging continues from there', async () => {
  const { page, figure } = await traversal();
  const { x, y, width, height } = await figure.box(`strip-${DEAREST}`);
  const middle = (picture) => [x + ((picture + 0.5) / 7) * width, y + height / 2];
  await page.mouse.move(...middle(5));
  await page.mouse.down();
  await eventually(async () => assert.equal((await figure.state()).moved, `${DEAREST}:2`));
  await page.mouse.move(...middle(1));
  await page.mouse.up();
  await eventually(async () => assert.equal((await figure.state()).moved, `${DEAREST}:-2`));
  const focused = await figure.evaluate((element) => element.shadowRoot.activeElement.getAttribute('part'));
  assert.equal(focused, `number-${DEAREST}`);
});

test('all numbers have a row on request, and a number moved by a link always has one', async () => {
  const hidden = byKl[9] + 1;
  const { page, figure } = await traversal({ moved: `${hidden}:1.25` });
  assert.ok((await rowsOf(figure)).includes(hidden));
  assert.equal((await rowsOf(figure)).length, 9);
  await figure.click('all-numbers');
  await eventually(async () =>
    assert.deepEqual(
      await rowsOf(figure),
      byKl.map((dimension) => dimension + 1),
    ),
  );
  await eventually(async () => {
    for (const number of await rowsOf(figure)) {
      assert.ok(Math.max(...(await stripOf(figure, number)).flat()) > 200, `number ${number} has its pictures`);
    }
  });
  assert.deepEqual(await violations(page), []);
  await figure.click('all-numbers');
  await eventually(async () => assert.equal((await rowsOf(figure)).length, 9));
});

test('a slider is described by its number, KL and value, and the picture by the moved numbers', async () => {
  const { page, figure } = await traversal();
  const slider = await figure.part(`number-${DEAREST}`);
  const said = () =>
    slider.evaluate((node) => [node.getAttribute('aria-label'), node.getAttribute('aria-valuetext')].join('; '));
  assert.match(await said(), new RegExp(`^Number ${DEAREST}, \\d\\.\\d\\d nats; \u2212?\\d\\.\\d\\d$`));
  await slider.focus();
  await page.keyboard.press('Home');
  assert.match(await said(), /; \u22123\.00; \u2212?\d\.\d\d in the picture$/);
  const text = async (part) => (await figure.part(part)).evaluate((node) => node.textContent);
  assert.equal(await text('moved'), `Number ${DEAREST} at \u22123.00`);
  // Once the change has settled, the description says what the picture resembles.
  await eventually(async () => assert.match(await text('told'), /\d/));
  const label = await (await figure.part('picture')).evaluate((node) => node.getAttribute('aria-label'));
  assert.match(label, new RegExp(`^Decoded picture of a handwritten 3, number ${DEAREST} at .*: .*\\d$`));
  assert.deepEqual(await violations(page), []);
});

test('choosing another picture resets moved numbers, and without controls nothing can be moved', async () => {
  const { figure } = await traversal({ moved: '1:2' });
  await figure.click('from-7');
  await eventually(async () => {
    const { moved, from } = await figure.state();
    assert.deepEqual([moved, from.digit], ['', 7]);
  });
  const { page, figure: still } = await traversal({ controls: 'none', moved: '1:2' });
  const { x, y, width, height } = await still.box('strip-1');
  await page.mouse.click(x + width / 14, y + height / 2);
  assert.equal((await still.state()).moved, '1:2');
});

test('the original of a test digit is beside its redrawing, and both are ink on paper', async () => {
  const { figure } = await traversal();
  await eventually(async () => {
    const [original, redrawn] = await rgbaOf(figure, '[data-end=from] .pair');
    assert.ok(Math.max(...original.filter((_, at) => at % 4 < 3)) > 200);
    assert.deepEqual(redrawn, await rgba(figure, 'picture'));
    assert.notDeepEqual(original, redrawn);
  });
  const colored = await figure.evaluate((element) => element.shadowRoot.querySelector('.pair .in-color'));
  assert.equal(colored, null);
});

test('the reader’s own picture can be used too, with the original beside its redrawing', async () => {
  const { figure } = await traversal({ model: 'cats' });
  assert.ok(await dropOn(figure, [{ name: 'wide.png', bytes: wide() }], { share: 0.9 }));
  await placed(figure);
  const seen = await rgba(figure, 'own-seen');
  const picture = await take(figure);
  await eventually(async () => assert.deepEqual(await rgba(figure, 'picture'), picture));
  await eventually(async () => assert.deepEqual(await rgbaOf(figure, '[data-end=from] .pair'), [seen, picture]));
  assert.equal((await figure.state()).z.from, null, 'links omit the picture');
});
