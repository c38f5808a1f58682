// Every picture is preprocessed the same way before it goes into a network, whatever its source.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress } from './support/browser.mjs';
import { drop, steps, text, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

/**
 * Pixels of the middle of a picture, resized by Pillow:
 *
 *     a = np.array([[(x * 37 + y * 91 + x * y * 13) % 256 for x in range(w)] for y in range(h)], np.uint8)
 *     d = min(h, w); x, y = (w - d) // 2, (h - d) // 2
 *     Image.fromarray(a).crop((x, y, x + d, y + d)).resize((s, s), Image.BILINEAR)
 */
const PILLOW = {
  '11 7 3': [137, 139, 130, 145, 138, 124, 138, 140, 149],
  '9 5 8': [
    74, 90, 113, 136, 160, 183, 206, 222, 125, 144, 163, 120, 112, 139, 165, 184, 182, 205, 221, 103, 60, 92, 114, 130,
    95, 122, 153, 140, 152, 189, 126, 75, 89, 118, 155, 146, 164, 205, 148, 101, 162, 194, 227, 123, 96, 142, 181, 206,
    91, 127, 173, 154, 127, 88, 132, 168, 30, 69, 125, 180, 156, 51, 91, 130,
  ],
  '30 40 8': [
    139, 146, 142, 146, 144, 140, 144, 144, 124, 115, 123, 109, 133, 142, 126, 130, 120, 121, 124, 93, 134, 132, 130,
    137, 108, 114, 123, 64, 107, 129, 133, 132, 128, 126, 142, 132, 125, 123, 134, 137, 124, 125, 130, 137, 127, 125,
    147, 126, 118, 111, 117, 126, 118, 124, 132, 121, 126, 123, 123, 121, 127, 131, 131, 137,
  ],
};

/** Pillow rounds to whole bytes between rows and columns. */
const ROUNDING = 1;

/** In the page: a canvas with a synthetic picture, whose red, green and blue at x, y are `draw(x, y)`. */
function made(width, height, draw) {
  const image = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set([...draw(x, y), 255], 4 * (y * width + x));
  }
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/** In the page: the distance between two codes, relative to the second one's norm. */
function apart(a, b) {
  const length = (values) => Math.hypot(...values);
  return length(a.map((value, i) => value - b[i])) / length(b);
}

/** A page with the figure that draws emoji, and the helpers above. */
async function emoji() {
  const seen = await visit({ from: figureAddress('emoji') });
  await seen.figure('emoji').ready();
  await seen.page.evaluate(
    `globalThis.made = ${made}; globalThis.apart = ${apart}; globalThis.figure = document.querySelector('latent-lab[model=emoji]');`,
  );
  return seen;
}

test('a wide or tall picture has the code of its square middle, in every supported type', async () => {
  const seen = await emoji();
  const distances = await seen.page.evaluate(async () => {
    const { made, apart, figure } = globalThis;
    const color = (x, y) => [(x * 8 + y) % 256, (y * 8) % 256, (x * y) % 256];
    const middle = made(32, 32, color);
    const wide = made(48, 32, (x, y) => (x < 8 || x >= 40 ? [255, 0, 255] : color(x - 8, y)));
    const tall = made(32, 50, (x, y) => (y < 9 || y >= 41 ? [0, 255, 0] : color(x, y - 9)));
    const file = (canvas) => new Promise((resolve) => canvas.toBlob(resolve));
    const { mean: expected } = await figure.encode(middle);
    const image = new Image();
    image.src = wide.toDataURL();
    await image.decode();
    const forms = {
      canvas: wide,
      file: await file(wide),
      data: wide.getContext('2d').getImageData(0, 0, 48, 32),
      bitmap: await createImageBitmap(wide),
      image,
      tall: await file(tall),
    };
    const found = {};
    for (const [name, form] of Object.entries(forms)) found[name] = apart((await figure.encode(form)).mean, expected);
    // A bitmap still belongs to the host and must not be closed.
    found.open = forms.bitmap.width - 48;
    return found;
  });
  assert.deepEqual(distances, { canvas: 0, file: 0, data: 0, bitmap: 0, image: 0, tall: 0, open: 0 });
});

test('a large picture has the code of its averaged pixels, not of a few of them', async () => {
  const seen = await emoji();
  const [average, other] = await seen.page.evaluate(async () => {
    const { made, apart, figure } = globalThis;
    const stripes = await figure.encode(made(896, 896, (x) => Array(3).fill(x % 4 === 0 ? 255 : 0)));
    const flat = async (gray) => (await figure.encode(made(32, 32, () => [gray, gray, gray]))).mean;
    return [apart(stripes.mean, await flat(64)), apart(stripes.mean, await flat(128))];
  });
  // At the edge of the picture one white column more or less makes a value 66 or 64.
  assert.ok(average < 0.02, `${average}`);
  assert.ok(other > 0.2, `${other}`);
});

test('transparent pixels are blended with white', async () => {
  const seen = await emoji();
  const distances = await seen.page.evaluate(async () => {
    const { made, apart, figure } = globalThis;
    const image = new ImageData(32, 32);
    for (let i = 0; i < 1024; i++) image.data.set(i % 32 < 16 ? [0, 0, 0, 0] : [0, 0, 0, 128], 4 * i);
    const canvas = made(32, 32, () => [0, 0, 0]);
    canvas.getContext('2d').putImageData(image, 0, 0);
    const expected = await figure.encode(made(32, 32, (x) => Array(3).fill(x < 16 ? 255 : 127)));
    return [
      apart((await figure.encode(image)).mean, expected.mean),
      apart((await figure.encode(canvas)).mean, expected.mean),
    ];
  });
  assert.ok(
    distances.every((distance) => distance < 0.01),
    `${distances}`,
  );
});

test('resizing agrees with Pillow', async () => {
  const seen = await visit({ from: new URL('icon.svg', address).href });
  for (const [sides, expected] of Object.entries(PILLOW)) {
    const found = await seen.page.evaluate(
      async (width, height, side) => {
        const { fit } = await import('/training/input/preprocessing.js');
        const data = new Uint8ClampedArray(width * height * 4).fill(255);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            data.fill((x * 37 + y * 91 + x * y * 13) % 256, 4 * (y * width + x), 4 * (y * width + x) + 3);
          }
        }
        const seen = fit({ data, width, height }, { width: side, height: side });
        return [...seen].filter((_, i) => i % 4 === 1);
      },
      ...sides.split(' ').map(Number),
    );
    assert.equal(found.length, expected.length);
    found.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]) <= ROUNDING, `${sides}: ${value} at ${i}, ${expected[i]}`),
    );
  }
});

test('a file yields the same values for training and for encoding', async () => {
  const seen = await visit({ from: figureAddress('train') });
  const figure = await seen.figure('train').ready();
  const base64 = await seen.page.evaluate(
    `(${made})(61, 40, (x, y) => [(x * 4) % 256, (y * 6) % 256, (x * y) % 256]).toDataURL().split(',')[1]`,
  );
  await drop(figure, [{ name: 'made.png', bytes: Buffer.from(base64, 'base64') }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), 'One picture'));
  for (const layer of [0, 1, 2]) await type(figure, `filters-${layer}`, 4);
  await steps(figure, 1);
  const same = await seen.page.evaluate(async (base64) => {
    const { pageEngine } = await import('/engine/engine.js');
    const { fitFile } = await import('/training/input/preprocessing.js');
    const { read } = await import('/training/page/store.js');
    const { data } = await read('run');
    const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const encoded = await pageEngine.bytes({ rgba: await fitFile(file, data.shape), image: data.shape });
    return encoded.length === data.pixels.length && encoded.every((value, i) => value === data.pixels[i]);
  }, base64);
  assert.ok(same);
});
