// Conversion between bytes, model values and RGBA in the page's script for it, and that no other script scales pixels.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { negative, toBytes, toRgba, toValues } from '../../www/pixels.js';
import init, { Model } from '../../pkg/cpu/latent_lab.js';

const root = new URL('../../', import.meta.url);

/** Scripts that may contain the factor: the one that scales pixels, and one that blends transparent pixels with the paper. */
const SCALING = ['pixels.js', 'training/input/preprocessing.js'];

/** A factor or divisor of 255, however it is written, even as a constant. */
const FACTOR = /[*/]\s*\(?\s*(255|0xff|1\s*\/\s*255)\b|\b(255|0xff)(\.0*)?\s*[*/]|\bconst\s+\w+\s*=\s*(255|0xff)\b/i;

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** @param {string} source */
const scales = (source) => FACTOR.test(source.replace(COMMENT, ''));

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

/** Scripts of a folder that scale pixels. @param {string} folder */
async function scaling(folder) {
  const all = (await readdir(new URL(folder, root), { recursive: true })).map((path) => path.replaceAll('\\', '/'));
  const scripts = all.filter((path) => /^(?!pkg\/|vendor\/).*\.m?js$/.test(path));
  const found = [];
  for (const path of scripts) if (scales(await readFile(new URL(folder + path, root), 'utf8'))) found.push(path);
  return found.sort();
}

test('only one script scales pixels, and the benches use it', async () => {
  assert.deepEqual(await scaling('www/'), SCALING);
  assert.deepEqual(await scaling('benches/'), []);
});

test('a script that scales pixels is found however it writes the factor', () => {
  for (const code of ['x / 255', 'x*255.0', '255 * x', 'x * (1 / 255)', 'x / 0xFF', 'const MOST = 255']) {
    assert.ok(scales(code), code);
  }
  for (const code of ['255 - x', '// x / 255', '/** x / 255 */', 'fill(255)', 'x / 2550']) {
    assert.ok(!scales(code), code);
  }
});

test('each byte is converted to the same model value as in the core, and back', async () => {
  await init({ module_or_path: await readFile(new URL('pkg/cpu/latent_lab_bg.wasm', root)) });
  const digits = await Model.load(await readFile(new URL('www/models/digits.safetensors', root)));
  // One gray image of 28 by 28 pixels contains all byte values.
  const image = new Uint8Array(28 * 28);
  image.set(bytes);
  const rgba = toRgba(image, { channels: 1, height: 28, width: 28 });
  assert.deepEqual(toValues(image), digits.pixelsFromRgba(new Uint8Array(rgba.buffer)));
  assert.deepEqual(toBytes(toValues(bytes)), bytes);
});

test('values are rounded half up and clamped, and NaN becomes 0', () => {
  const values = Float32Array.of(0.5, 0.25, -1, 1.01, Infinity, -Infinity, NaN);
  assert.deepEqual([...toBytes(values)], [128, 64, 0, 255, 255, 0, 0]);
});

test('planes of several images are converted to RGBA, in gray and in color', () => {
  assert.deepEqual(
    [...toRgba(Uint8Array.of(1, 2, 3, 4), { channels: 1, height: 1, width: 2 })],
    [1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255, 4, 4, 4, 255],
  );
  assert.deepEqual(
    [...toRgba(Uint8Array.of(1, 2, 3, 4, 5, 6), { channels: 3, height: 1, width: 1 })],
    [1, 2, 3, 255, 4, 5, 6, 255],
  );
});

test('a negative keeps its transparency', () => {
  assert.deepEqual([...negative(Uint8Array.of(0, 100, 255, 7))], [255, 155, 0, 7]);
});
