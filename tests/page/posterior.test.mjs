// The figure `posterior`: the encoder's mean and deviation for a picture, codes drawn from them, and how their pictures differ.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { deviationOf, drawn, pixelDeviation } from '../../www/views/posterior/deviation.js';
import { eventually, violations } from './support/browser.mjs';
import { dropOn, placed, rgba, take } from './support/own.mjs';
import { wide } from './support/pictures.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

async function posterior(attributes = {}, options = {}) {
  const seen = await visit.shared('posterior', attributes, options);
  return { ...seen, figure: await seen.figure('posterior').ready() };
}

const text = async (figure, part) => (await figure.part(part)).evaluate((node) => node.textContent);

/** In the page: mean and deviation that the element's `encode` returns for the figure's input, and the picture of the mean. */
async function encoded(element) {
  const canvas = element.shadowRoot.querySelector('[part=seen]');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const { mean, logVar } = await element.encode(pixels);
  const [picture] = await element.decode(mean);
  return { mean: [...mean], deviation: [...logVar].map((value) => Math.exp(value / 2)), picture: [...picture.data] };
}

describe('deviations', () => {
  test('are the square roots of the variances, and a plain autoencoder has none', () => {
    const found = deviationOf(Float32Array.of(0, Math.log(4), Math.log(0.25)), 3);
    [1, 2, 0.5].forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-6));
    assert.deepEqual([...deviationOf(undefined, 2)], [0, 0]);
  });

  test('scale the noise around the mean', () => {
    const codes = drawn(Float32Array.of(1, -1), Float32Array.of(0.5, 2), Float32Array.of(0, 1, -2, 0.5));
    assert.deepEqual([...codes], [1, 1, 0, 0]);
  });

  test('of pixels are computed over the pictures; for colors, the root mean square over channels', () => {
    // Two pictures of two pixels: the first pixel goes from black to white, the second changes only its red.
    const pictures = Uint8ClampedArray.of(0, 0, 0, 255, 50, 9, 9, 255, 255, 255, 255, 255, 150, 9, 9, 255);
    const [first, second] = pixelDeviation(pictures, 2);
    assert.ok(Math.abs(first - 0.5) < 1e-6);
    assert.ok(Math.abs(second - Math.sqrt(50 ** 2 / 3) / 255) < 1e-6);
    assert.deepEqual([...pixelDeviation(Uint8ClampedArray.of(7, 7, 7, 255, 7, 7, 7, 255), 2)], [0]);
  });
});

test('the input is a test digit as in the dataset, and its mean is the stored latent', async () => {
  const { page, figure } = await posterior();
  const stored = await page.evaluate(async () => {
    const { pickBuild } = await import('/engine/support.js');
    const { default: init, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
    await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
    const file = new Uint8Array(await (await fetch('/models/digits.latents.safetensors')).arrayBuffer());
    const { mean, labels, latent } = parseLatents(file);
    const place = [...labels.keys()].filter((i) => labels[i] === 3)[2];
    return [...mean.slice(place * latent, (place + 1) * latent)];
  });
  const { mean, picture } = await figure.evaluate(encoded);
  // The stored latent was encoded natively.
  mean.forEach((value, i) => assert.ok(Math.abs(value - stored[i]) < 0.01, `${i}: ${value}, not ${stored[i]}`));
  await eventually(async () => assert.deepEqual(await rgba(figure, 'mean'), picture));
});

test('draws differ from each other, new draws replace them, and the seed reproduces them', async () => {
  const { page, figure } = await posterior({ seed: 5 });
  const first = await figure.pictures('draws');
  assert.equal(first.length, 8);
  assert.equal(new Set(first.map((picture) => picture.join())).size, 8);
  const mean = await figure.picture('mean');
  await figure.click('draw-again');
  await eventually(async () => assert.notDeepEqual(await figure.pictures('draws'), first));
  assert.deepEqual(await figure.picture('mean'), mean);
  assert.notEqual((await figure.state()).seed, 5);
  await figure.set('seed', '5');
  await eventually(async () => assert.deepEqual(await figure.pictures('draws'), first));
  assert.deepEqual(await violations(page), []);
});

test('new draws requested before a new picture is encoded use the posterior of that picture', async () => {
  const { figure } = await posterior({ model: 'cats' });
  const before = await rgba(figure, 'mean');
  await figure.evaluate(({ shadowRoot }) => {
    const slider = shadowRoot.querySelector('[part=from-picture]');
    slider.value = '57';
    slider.dispatchEvent(new Event('input'));
    shadowRoot.querySelector('[part=draw-again]').click();
  });
  await eventually(async () => assert.deepEqual(await rgba(figure, 'mean'), (await figure.evaluate(encoded)).picture));
  assert.notDeepEqual(await rgba(figure, 'mean'), before);
  await eventually(async () => {
    const { deviation } = await figure.evaluate(encoded);
    const [low, high] = [Math.min(...deviation), Math.max(...deviation)].map((value) => value.toFixed(2));
    const chart = await (await figure.part('code')).evaluate((node) => node.getAttribute('aria-label'));
    assert.ok(chart.includes(`from ${low} to ${high};`), chart);
  });
});

test('pixels are painted where draws differ, and the text states the deviations', async () => {
  const { figure } = await posterior();
  const opacity = (await rgba(figure, 'changes')).filter((_, at) => at % 4 === 3);
  assert.equal(Math.max(...opacity), Math.round(0.9 * 255));
  assert.equal(Math.min(...opacity), 0, 'the corners of a digit never change');
  const said = /^A pixel’s deviation is up to (0\.\d\d), and (0\.\d{3}) on average; black to white is 1\.$/.exec(
    await text(figure, 'changes-text'),
  );
  assert.ok(said, await text(figure, 'changes-text'));
  const [most, average] = [Number(said[1]), Number(said[2])];
  assert.ok(most > 0.05 && most <= 0.5 && average > 0 && average < most);
  const chart = await (await figure.part('code')).evaluate((node) => node.getAttribute('aria-label'));
  const { deviation } = await figure.evaluate(encoded);
  const range = [Math.min(...deviation), Math.max(...deviation)].map((value) => value.toFixed(2));
  assert.equal(
    chart,
    `Its code: 16 numbers, each with its deviation: from ${range[0]} to ${range[1]}; that of the prior is 1`,
  );
});

test('the posterior of two numbers is a cloud on the plane, around the mean', async () => {
  const { page, figure } = await posterior({ model: 'map' });
  const { mean, deviation } = await figure.evaluate(encoded);
  const { ring, dots } = await figure.evaluate((element) => {
    const [, inner] = element.shadowRoot.querySelectorAll('.cloud ellipse');
    const ring = ['cx', 'cy', 'rx', 'ry'].map((name) => (Number(inner.getAttribute(name)) * 3) / 50);
    return { ring, dots: element.shadowRoot.querySelectorAll('.cloud circle').length };
  });
  assert.equal(dots, 64);
  [mean[0], -mean[1], ...deviation].forEach((value, i) => assert.ok(Math.abs(ring[i] - value) < 0.01, `${ring}`));
  const label = await (await figure.part('code')).evaluate((node) => node.getAttribute('aria-label'));
  assert.match(label, /^A cloud at .*\d, .*\d on the plane of codes, 0\.\d\d wide and 0\.\d\d high$/);
  assert.deepEqual(await violations(page), []);
});

test('the input can be a drawing on the pad', async () => {
  const { page, figure } = await posterior();
  const before = await figure.picture('seen');
  await figure.click('from-draw');
  const { x, y, width, height } = await figure.box('pad');
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  for (const [right, down] of [
    [0.7, 0.3],
    [0.3, 0.6],
    [0.8, 0.8],
  ]) {
    await page.mouse.move(x + right * width, y + down * height, { steps: 4 });
  }
  await page.mouse.up();
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('pad-seen'))) > 200));
  const drawing = await figure.picture('pad-seen');
  await figure.click('pad-use');
  await eventually(async () => assert.deepEqual(await figure.picture('seen'), drawing));
  assert.notDeepEqual(drawing, before);
  await eventually(async () => assert.deepEqual(await rgba(figure, 'mean'), (await figure.evaluate(encoded)).picture));
});

test('the reader’s own picture is the input as the network gets it, and links omit it', async () => {
  const { figure } = await posterior({ model: 'cats' });
  assert.ok(await dropOn(figure, [{ name: 'wide.png', bytes: wide() }], { share: 0.9 }));
  await placed(figure);
  const seen = await rgba(figure, 'own-seen');
  await take(figure);
  await eventually(async () => assert.deepEqual(await rgba(figure, 'seen'), seen));
  assert.equal((await figure.state()).z.from, null);
});

test('for a network without shipped pictures, the input is a decoded stored code, and the figure says so', async () => {
  const { figure } = await posterior({ model: 'fashion' });
  assert.match(await text(figure, 'figure'), /What goes in: its redrawing/);
  const { figure: digits } = await posterior();
  assert.doesNotMatch(await text(digits, 'figure'), /its redrawing/);
});

test('a plain autoencoder has no deviations, so no pixel changes', async () => {
  const { figure } = await posterior({ model: 'digits-plain' });
  assert.equal(await text(figure, 'changes-text'), 'No pixel changes.');
  assert.equal(Math.max(...(await rgba(figure, 'changes')).filter((_, at) => at % 4 === 3)), 0);
});

test('there is a shipped picture of the model’s size for each stored code', async () => {
  for (const [model, count, side] of [
    ['digits', 500, 28],
    ['cats', 100, 64],
  ]) {
    const file = await readFile(new URL(`../../www/models/${model}.originals.webp`, import.meta.url));
    const { page } = await posterior();
    const size = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const { width, height } = await createImageBitmap(new Blob([bytes]));
      return [width, height];
    }, file.toString('base64'));
    assert.deepEqual(size, [10 * side, (count / 10) * side], model);
  }
});
