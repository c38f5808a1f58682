// The training pictures nearest to the cursor of `map` and to the position of `morph`, which the lens shows, or the stored ones in their
// place. Also checks that the shipped pictures have the order of their codes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { closestTo } from '../../www/views/parts/closest.js';
import { eventually, figureAddress, violations } from './support/browser.mjs';
import * as damage from './support/damage.mjs';
import { rgba } from './support/own.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/** In the page: the codes in a file, such as `map.training`. */
async function codesOf(name) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const file = await fetch(`/models/${name}.safetensors`);
  const { mean, labels, latent } = parseLatents(new Uint8Array(await file.arrayBuffer()));
  return { mean: [...mean], labels: labels && [...labels], latent };
}

/** In the page: RGBA of the pictures on a sheet, such as `digits.training`, with ten in each row. */
async function sheetOf({ name, count }) {
  const bitmap = await createImageBitmap(await (await fetch(`/models/${name}.webp`)).blob());
  if (bitmap.height !== (bitmap.width / 10) * Math.ceil(count / 10)) throw new Error(`${name} has another size`);
  const side = bitmap.width / 10;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return Array.from({ length: count }, (_, i) => [
    ...context.getImageData((i % 10) * side, Math.floor(i / 10) * side, side, side).data,
  ]);
}

/** On an element: the code of each picture. */
async function encodeAll(element, pictures) {
  const side = Math.sqrt(pictures[0].length / 4);
  const found = [];
  for (const rgba of pictures) {
    const { mean } = await element.encode(new ImageData(Uint8ClampedArray.from(rgba), side, side));
    found.push([...mean]);
  }
  return found;
}

/** The pictures that the figure shows near the current position. */
const shownBy = (figure) =>
  figure.evaluate(({ shadowRoot: root }) => ({
    distances: [...root.querySelectorAll('[part=near] li')].map((item) => item.textContent),
    names: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => canvas.getAttribute('aria-label')),
    pictures: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => [
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ]),
    rings: [...root.querySelectorAll('[part=near-codes] .ring')].map((ring) =>
      ['cx', 'cy'].map((name) => parseFloat(ring.getAttribute(name))),
    ),
    dots: root.querySelectorAll('[part=near-codes] .dot').length,
    source: root.querySelector('[part=near-source]')?.textContent,
    title: root.querySelector('[part=near] .name')?.textContent,
  }));

async function shown(name, attributes, options) {
  const seen = await visit.shared(name, attributes, options);
  return { ...seen, figure: await seen.figure(name).ready() };
}

test('the closest codes are those of a full sort, also where there are fewer than wanted', () => {
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

// The pictures are lossy and are encoded in a browser, so in crowded regions another code could be nearest.
for (const [codes, sheet] of [
  ['digits.latents', 'digits.originals'],
  ['digits-plain.latents', 'digits.originals'],
  ['map.latents', 'digits.originals'],
  ['cats.latents', 'cats.originals'],
  ['cats-blurred.latents', 'cats.originals'],
  ['emoji.latents', 'emoji.originals'],
  ['digits.training', 'digits.training'],
  ['digits-plain.training', 'digits.training'],
  ['cats.training', 'cats.training'],
  ['cats-blurred.training', 'cats.training'],
  ['emoji.training', 'emoji.training'],
  ['fashion.training', 'fashion.training'],
]) {
  test(`the shipped pictures have the order of their codes: ${codes}`, async () => {
    const { page, figure } = await shown('morph', { model: codes.split('.')[0] });
    const { mean, latent } = await page.evaluate(codesOf, codes);
    const count = mean.length / latent;
    const pictures = await page.evaluate(sheetOf, { name: sheet, count });
    const encoded = await figure.evaluate(encodeAll, pictures);
    const own = encoded.filter((code, i) => closestTo(code, { latent, mean }, 1)[0].place === i).length;
    assert.ok(own >= 0.98 * count, `${own} of ${count} pictures are nearest to their own code`);
  });
}

// On the plane a thousand codes lie close together, and a picture of fewer gray levels may be nearer to another one's.
test('the shipped pictures have the order of their codes: map.training', async () => {
  const { page, figure } = await shown('morph', { model: 'map' });
  const { mean } = await page.evaluate(codesOf, 'map.training');
  const pictures = await page.evaluate(sheetOf, { name: 'digits.training', count: mean.length / 2 });
  const encoded = await figure.evaluate(encodeAll, pictures);
  const far = encoded.filter(([x, y], i) => Math.hypot(x - mean[2 * i], y - mean[2 * i + 1]) > 0.1).length;
  assert.ok(far <= 0.02 * pictures.length, `${far} of ${pictures.length} pictures are away from their code`);
});

test('the lens of the map marks the five nearest training codes and shows their pictures', async () => {
  const { page, figure } = await shown('map', { lens: 'density', x: 2.3, y: -1.1 });
  const training = await page.evaluate(codesOf, 'map.training');
  const sheet = await page.evaluate(sheetOf, { name: 'digits.training', count: 1000 });
  const check = async (x, y) => {
    const expected = closestTo([x, y], training, 5);
    await eventually(async () => {
      const { distances, dots, names, pictures, rings, source, title } = await shownBy(figure);
      assert.equal(title, 'Nearest training pictures');
      assert.match(
        source,
        /^1,000 of the pictures that the network was trained on, chosen at random\. License of the data: .*CC BY-SA/,
      );
      assert.deepEqual([rings.length, dots], [5, 5]);
      expected.forEach(({ place, distance }, i) => {
        assert.equal(distances[i], distance.toFixed(2));
        assert.equal(names[i], `a ${training.labels[place]}, ${distance.toFixed(2)} away`);
        assert.ok(Math.abs(rings[i][0] - (50 + (50 * training.mean[2 * place]) / 3)) < 0.01, `${rings}`);
        assert.ok(Math.abs(rings[i][1] - (50 - (50 * training.mean[2 * place + 1]) / 3)) < 0.01, `${rings}`);
        assert.deepEqual(pictures[i], sheet[place]);
      });
    });
  };
  await check(2.3, -1.1);
  assert.deepEqual(await violations(page), []);
  // By keyboard: ten steps of 0.05 to the left.
  await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.plot input').focus());
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  const { x, y } = await figure.state();
  assert.ok(Math.abs(x - 1.8) < 1e-6);
  await check(x, y);
  // Without a lens there is nothing to mark.
  await figure.set('lens', 'none');
  await eventually(async () => assert.equal((await shownBy(figure)).rings.length, 0));
});

test('codes and pictures are fetched only when a lens is chosen', async () => {
  const seen = await visit({ from: figureAddress('map') });
  const figure = await seen.figure('map').ready();
  const asked = () =>
    seen.requests
      .map((address) => new URL(address).pathname)
      .filter((path) => /originals\.webp|\.training\.|near-pictures|closest\.js|late-assets/.test(path))
      .sort();
  await seen.page.waitForNetworkIdle();
  assert.deepEqual(asked(), []);
  await figure.click('lens-error');
  await eventually(async () =>
    assert.deepEqual(asked(), [
      '/late-assets.js',
      '/models/digits.training.webp',
      '/models/map.training.safetensors',
      '/views/parts/closest.js',
      '/views/parts/near-pictures.js',
    ]),
  );
});

test('along the path of a morph the nearest training pictures follow the position', async () => {
  const { page, figure } = await shown('morph', { lens: 'density' });
  const training = await page.evaluate(codesOf, 'digits.training');
  const stored = await page.evaluate(codesOf, 'digits.latents');
  const sheet = await page.evaluate(sheetOf, { name: 'digits.training', count: 1000 });
  const endOf = (digit, nth) => {
    const place = [...stored.labels.keys()].filter((i) => stored.labels[i] === digit)[nth];
    return stored.mean.slice(16 * place, 16 * place + 16);
  };
  for (const [t, code] of [
    [0, endOf(3, 2)],
    [1, endOf(8, 4)],
  ]) {
    await figure.set('t', String(t));
    await eventually(async () => {
      const { distances, names, pictures } = await shownBy(figure);
      assert.equal(distances.length, 5);
      closestTo(code, training, 5).forEach(({ place, distance }, i) => {
        assert.ok(distance > 0.5, 'a picture held out of training is not among them');
        // Paths are computed in single precision.
        assert.ok(Math.abs(distances[i] - distance) < 0.006, `${distances} at ${t}: ${distance}`);
        assert.match(names[i], new RegExp(`^a ${training.labels[place]}, `));
        assert.deepEqual(pictures[i], sheet[place]);
      });
    });
  }
  assert.deepEqual(await violations(page), []);
});

test('the license of cats is shown beside them', async () => {
  const { figure } = await shown('morph', { model: 'cats', lens: 'density' });
  await eventually(async () => {
    const { source } = await shownBy(figure);
    assert.match(source, /^150 of the pictures .* License of the data: CC BY-NC 4\.0, NAVER Corp\. \(AFHQ/);
  });
});

/**
 * For `before` of a visit: a file is another one.
 * @param {string} ending of its address
 * @param {Buffer | null} bytes null for none
 */
const instead = (ending, bytes) => `{
  const { fetch } = globalThis;
  const bytes = Uint8Array.from(atob('${bytes?.toString('base64') ?? ''}'), (letter) => letter.charCodeAt(0));
  globalThis.fetch = (address, ...options) =>
    String(address).endsWith('${ending}')
      ? Promise.resolve(new Response(bytes, { status: ${bytes ? 200 : 404} }))
      : fetch(address, ...options);
}`;

const fileOf = (name) => readFile(new URL(`../../www/models/${name}`, import.meta.url));

describe('codes of training pictures that', () => {
  const cases = {
    'are missing': async () => null,
    'are cut off': async () => damage.truncated(await fileOf('digits.training.safetensors')),
    'are a page of HTML': async () => damage.html(),
    'have a value that is no number': async () => damage.notANumber(await fileOf('digits.training.safetensors')),
    'claim to be larger than any memory': async () => damage.absurdOffsets(await fileOf('digits.training.safetensors')),
    'belong to another model': () => fileOf('map.training.safetensors'),
  };
  for (const [what, bytes] of Object.entries(cases)) {
    test(`${what} are replaced by the stored ones, which the figure names`, async () => {
      const before = instead('/digits.training.safetensors', await bytes());
      const seen = await visit({ from: figureAddress('morph', { lens: 'density', t: 0 }), before });
      const figure = await seen.figure('morph').ready();
      await eventually(async () => {
        const { names, source, title } = await shownBy(figure);
        assert.equal(title, 'Nearest stored pictures');
        assert.match(source, /^Held-out test images: the network was not trained on them\. License of the data: /);
        assert.equal(names[0], 'a 3, 0.00 away');
      });
    });
  }
});

test('where stored pictures are shown, screen readers hear that', async () => {
  const before = instead('/digits.training.safetensors', null);
  const seen = await visit({ from: figureAddress('morph', { t: 0 }), before });
  const figure = await seen.figure('morph').ready();
  await figure.focus('lens-none');
  await seen.page.keyboard.press('ArrowRight');
  const spoken = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[aria-live]').textContent);
  await eventually(async () => assert.match(await spoken(), /; the nearest stored picture is 0\.00 away$/));
});

test('without the sheet, the figure decodes the nearest training codes and says so', async () => {
  for (const sheet of [null, damage.html()]) {
    const before = instead('/fashion.training.webp', sheet);
    const seen = await visit({ from: figureAddress('morph', { model: 'fashion', lens: 'density', t: 0 }), before });
    const figure = await seen.figure('morph').ready();
    const { mean, latent } = await seen.page.evaluate(codesOf, 'fashion.training');
    await eventually(async () => {
      const { pictures, source, title } = await shownBy(figure);
      assert.equal(title, 'Nearest training pictures');
      assert.match(
        source,
        /^600 of the pictures .* chosen at random\. Redrawn by the network from their codes\. License/,
      );
      const drawn = await figure.evaluate(
        async (element, { mean, latent }) => {
          const all = [];
          for (let at = 0; at < mean.length; at += latent) all.push(mean.slice(at, at + latent));
          const pictures = await element.decode(Float32Array.from(all.flat()));
          return pictures.map(({ data }) => [...data].join());
        },
        { mean, latent },
      );
      assert.ok(drawn.includes(pictures[0].join()), 'the first is the picture of a training code');
    });
  }
});

test('without training codes and stored pictures, the figure decodes the nearest stored codes and says so', async () => {
  const before = instead('/fashion.training.safetensors', null);
  const attributes = { model: 'fashion', lens: 'density', from: '0:0', to: '5:0' };
  const seen = await visit({ from: figureAddress('morph', attributes), before });
  const figure = await seen.figure('morph').ready();
  await eventually(async () => {
    const { pictures, source } = await shownBy(figure);
    assert.match(source, /^Held-out test images: .* Redrawn by the network from their codes\./);
    assert.deepEqual(pictures[0], await rgba(figure, 'picture'));
  });
});

test('of a network by address nothing is asked but its own files, and nothing is claimed of its pictures', async () => {
  const model = 'models/digits.safetensors';
  const seen = await visit({ from: figureAddress('morph', { model, lens: 'density', t: 0 }) });
  const figure = await seen.figure('morph').ready();
  await eventually(async () => {
    const { distances, source, title } = await shownBy(figure);
    assert.deepEqual([title, distances[0]], ['Nearest stored pictures', '0.00']);
    assert.match(source, /^Redrawn by the network from their codes\. License of the data: /);
  });
  assert.deepEqual(
    seen.requests.filter((address) => /\.training\./.test(address)),
    [],
  );
});

/** In the page: changes the model of a row of nearest pictures, while the codes of the new one are on their way. */
async function changeModel() {
  const { NearPictures } = await import('/views/parts/near-pictures.js');
  const card = { license: 'theirs' };
  const image = { channels: 1, height: 28, width: 28 };
  const dataOf = (model) => ({
    stored: { latent: 16, mean: new Float32Array(32), labels: null },
    models: { [model]: { config: { latent: 16, image }, card } },
  });
  const codes = { latent: 16, mean: new Float32Array(96), labels: null };
  const answers = [];
  const view = {
    node: document.createElement('div'),
    state: { model: 'digits' },
    ask: () => new Promise((resolve) => answers.push(() => resolve({ value: codes }))),
  };
  const near = new NearPictures(view);
  const shown = async () => {
    const { length } = near.show(new Float32Array(16)).codes;
    // Pictures are written after a frame.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return [length, near.node.querySelectorAll('li:not([hidden])').length, near.node.querySelector('.hint').hidden];
  };
  const first = near.receive(dataOf('digits'));
  answers.shift()();
  await first;
  const before = await shown();
  view.state = { model: 'digits-plain' };
  const second = near.receive(dataOf('digits-plain'));
  const meanwhile = await shown();
  answers.shift()();
  await second;
  return [before, meanwhile, await shown()];
}

test('codes of an earlier model are not shown while those of the next one are on their way', async () => {
  const seen = await visit({ from: figureAddress('map') });
  await seen.figure('map').ready();
  assert.deepEqual(await seen.page.evaluate(changeModel), [
    [5, 5, false],
    [0, 0, true],
    [5, 5, false],
  ]);
});

test('in German the pictures have German names', async () => {
  const seen = await visit({ from: figureAddress('map', { lens: 'density', lang: 'de' }) });
  const figure = await seen.figure('map').ready();
  await eventually(async () => {
    const { names, source, title } = await shownBy(figure);
    assert.equal(title, 'Nächste Trainingsbilder');
    assert.match(names[0], /^eine \d, 0,\d\d entfernt$/);
    assert.match(source, /^1\.000 der Bilder, mit denen das Netz trainiert wurde, .* Lizenz der Daten: /);
  });
  const spoken = () =>
    figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.plot input').getAttribute('aria-valuetext'));
  await eventually(async () =>
    assert.match(await spoken(), /das nächste von 1\.000 Trainingsbildern ist 0,\d\d entfernt$/),
  );
});
