// The stored pictures nearest to the cursor of `map` and to the position of `morph`, which the lens shows. Also checks that the shipped
// pictures have the order of the stored codes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { closestTo } from '../../www/views/parts/closest.js';
import { eventually, figureAddress, violations } from './support/browser.mjs';
import { rgba } from './support/own.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** In the page: the stored codes of a model. */
async function storedOf(name) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const file = await fetch(`/models/${name}.latents.safetensors`);
  const { mean, labels, latent } = parseLatents(new Uint8Array(await file.arrayBuffer()));
  return { mean: [...mean], labels: labels && [...labels], latent };
}

/** In the page: RGBA of the pictures on a sheet with ten in each row. */
async function sheetOf({ name, count }) {
  const bitmap = await createImageBitmap(await (await fetch(`/models/${name}.originals.webp`)).blob());
  const side = bitmap.width / 10;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return Array.from({ length: count }, (_, i) => [
    ...context.getImageData((i % 10) * side, Math.floor(i / 10) * side, side, side).data,
  ]);
}

/** The stored pictures that the figure shows near the current position. */
const shownBy = (figure) =>
  figure.evaluate(({ shadowRoot: root }) => ({
    distances: [...root.querySelectorAll('[part=near] li')].map((item) => item.textContent),
    names: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => canvas.getAttribute('aria-label')),
    pictures: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ]),
    rings: [...root.querySelectorAll('[part=near-codes] circle')].map((ring) =>
      ['cx', 'cy'].map((name) => parseFloat(ring.getAttribute(name))),
    ),
    source: root.querySelector('[part=near-source]')?.textContent,
    title: root.querySelector('[part=near] .name')?.textContent,
  }));

async function shown(name, attributes, options) {
  const seen = await visit.shared(name, attributes, options);
  return { ...seen, figure: await seen.figure(name).ready() };
}

test('the closest codes equal those of a full sort, even if there are fewer than requested', () => {
  let seed = 5;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const stored = { latent: 3, mean: Float32Array.from({ length: 300 }, random) };
  const code = [0.5, 0.4, 0.6];
  const distances = Array.from({ length: 100 }, (_, place) => ({
    place,
    distance: Math.hypot(...code.map((value, i) => stored.mean[3 * place + i] - value)),
  })).sort((a, b) => a.distance - b.distance);
  const found = closestTo(code, stored, 7);
  assert.deepEqual(
    found.map(({ place }) => place),
    distances.slice(0, 7).map(({ place }) => place),
  );
  found.forEach(({ distance }, i) => assert.ok(Math.abs(distance - distances[i].distance) < 1e-6));
  assert.equal(closestTo([0], { latent: 1, mean: Float32Array.of(3, 1) }, 5).length, 2);
});

// The pictures are lossy WebP and are encoded in a browser, so in crowded regions another code could be nearest; in measurements none was.
for (const [model, sheet] of [
  ['digits', 'digits'],
  ['digits-plain', 'digits'],
  ['map', 'digits'],
  ['cats', 'cats'],
  ['cats-blurred', 'cats'],
  ['emoji', 'emoji'],
]) {
  test(`the shipped pictures have the order of the stored codes: ${model}`, async () => {
    const { page, figure } = await shown('morph', { model });
    const { mean, latent } = await page.evaluate(storedOf, model);
    const count = mean.length / latent;
    const pictures = await page.evaluate(sheetOf, { name: sheet, count });
    const codes = await figure.evaluate(async (element, pictures) => {
      const side = Math.sqrt(pictures[0].length / 4);
      const found = [];
      for (const rgba of pictures) {
        const { mean } = await element.encode(new ImageData(Uint8ClampedArray.from(rgba), side, side));
        found.push([...mean]);
      }
      return found;
    }, pictures);
    const own = codes.filter((code, i) => closestTo(code, { latent, mean }, 1)[0].place === i).length;
    assert.ok(own >= 0.98 * count, `${own} of ${count} pictures are nearest to their own code`);
  });
}

test('the lens of the map marks the five nearest stored codes and shows their pictures', async () => {
  const { page, figure } = await shown('map', { lens: 'density', x: 2.3, y: -1.1 });
  const stored = await page.evaluate(storedOf, 'map');
  const sheet = await page.evaluate(sheetOf, { name: 'digits', count: 500 });
  const check = async (x, y) => {
    const expected = closestTo([x, y], stored, 5);
    await eventually(async () => {
      const { distances, names, pictures, rings, source, title } = await shownBy(figure);
      assert.equal(title, 'Nearest stored pictures');
      assert.match(
        source,
        /^Held-out test images: the network was not trained on them\. License of the data: .*CC BY-SA/,
      );
      expected.forEach(({ place, distance }, i) => {
        assert.equal(distances[i], distance.toFixed(2));
        assert.equal(names[i], `a ${stored.labels[place]}, ${distance.toFixed(2)} away`);
        assert.ok(Math.abs(rings[i][0] - (50 + (50 * stored.mean[2 * place]) / 3)) < 0.01, `${rings}`);
        assert.ok(Math.abs(rings[i][1] - (50 - (50 * stored.mean[2 * place + 1]) / 3)) < 0.01, `${rings}`);
        assert.deepEqual(pictures[i], sheet[place]);
      });
    });
  };
  await check(2.3, -1.1);
  assert.deepEqual(await violations(page), []);
  // Ten steps of 0.05 to the left with the keyboard.
  await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.plot input').focus());
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  const { x, y } = await figure.state();
  assert.ok(Math.abs(x - 1.8) < 1e-6);
  await check(x, y);
  // Without a lens no codes are marked.
  await figure.set('lens', 'none');
  await eventually(async () => assert.equal((await shownBy(figure)).rings.length, 0));
});

test('the pictures are fetched only when a lens is chosen', async () => {
  const seen = await visit({ from: figureAddress('map') });
  const figure = await seen.figure('map').ready();
  const asked = () => seen.requests.filter((address) => /originals\.webp|near-pictures|closest\.js/.test(address));
  await seen.page.waitForNetworkIdle();
  assert.deepEqual(asked(), []);
  await figure.click('lens-error');
  await eventually(async () => assert.equal(asked().length, 3, `${asked()}`));
});

test('at the ends of a path the nearest stored picture is the end itself', async () => {
  const { page, figure } = await shown('morph', { lens: 'density' });
  const at = async (t) => {
    await figure.set('t', String(t));
    return eventually(async () => {
      const { distances, names } = await shownBy(figure);
      assert.equal(distances.length, 5);
      if (t !== 0.5) assert.equal(distances[0], '0.00');
      else assert.ok(Number(distances[0]) > 1, 'halfway no stored picture is near');
      return names[0];
    });
  };
  assert.equal(await at(0), 'a 3, 0.00 away');
  await at(0.5);
  assert.equal(await at(1), 'a 8, 0.00 away');
  assert.deepEqual(await violations(page), []);
});

test('for a network without shipped pictures, the figure decodes the nearest codes and says so', async () => {
  const { figure } = await shown('morph', { model: 'fashion', lens: 'density', from: '0:0', to: '5:0' });
  await eventually(async () => {
    const { pictures, source } = await shownBy(figure);
    assert.match(source, /Redrawn by the network from their codes\./);
    assert.deepEqual(pictures[0], await rgba(figure, 'picture'));
  });
});

test('in German the pictures have German names', async () => {
  const seen = await visit({ from: figureAddress('map', { lens: 'density', lang: 'de' }) });
  const figure = await seen.figure('map').ready();
  await eventually(async () => {
    const { names, source, title } = await shownBy(figure);
    assert.equal(title, 'Nächste gespeicherte Bilder');
    assert.match(names[0], /^eine \d, 0,\d\d entfernt$/);
    assert.match(source, /^Zurückgehaltene Testbilder: .* Lizenz der Daten: /);
  });
});
