// The page's modules that need no browser.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { readState } from '../../www/state/state.js';
import { pickBuild } from '../../www/engine/support.js';
import { centered } from '../../www/views/parts/center.js';
import { coordinate, nearest, place } from '../../www/views/parts/plane.js';
import { UNLABELED } from '../../www/views/parts/stored.js';

const SIDE = 28;

/** The bounding box of pixels that are at least half covered with ink, and the center of mass of the ink. */
function describe(pixels) {
  const covered = [...pixels.keys()].filter((i) => pixels[i] >= 0.5);
  const xs = covered.map((i) => i % SIDE);
  const ys = covered.map((i) => Math.floor(i / SIDE));
  const sum = pixels.reduce((a, b) => a + b, 0);
  const mean = (of) => pixels.reduce((total, value, i) => total + value * (of(i) + 0.5), 0) / sum;
  return {
    width: Math.max(...xs) - Math.min(...xs) + 1,
    height: Math.max(...ys) - Math.min(...ys) + 1,
    x: mean((i) => i % SIDE),
    y: mean((i) => Math.floor(i / SIDE)),
  };
}

test('a drawing of any size and position is scaled to a box of 20 pixels with its center of mass in the middle', () => {
  for (const [left, top, size] of [
    [0.1, 0.1, 0.8],
    [0.6, 0.05, 0.3],
    [0.02, 0.7, 0.25],
  ]) {
    const at = (x, y) => ({ x: left + x * size, y: top + y * size });
    const seven = [[at(0, 0), at(0.7, 0), at(0.3, 1)]];
    const { width, height, x, y } = describe(centered(seven, SIDE));
    assert.ok(Math.abs(height - 20) <= 1, `height ${height}`);
    assert.ok(width < height, `width ${width}`);
    // Off by up to half a pixel, since ink that the shift moves over the edge is cut off, as in MNIST.
    assert.ok(Math.abs(x - 14) < 0.5 && Math.abs(y - 14) < 0.5, `center ${x}, ${y}`);
  }
});

test('a dot stays a dot, and an empty pad has no picture', () => {
  const { width, height } = describe(centered([[{ x: 0.9, y: 0.9 }]], SIDE));
  assert.ok(width <= 4 && height <= 4, `${width} by ${height}`);
  assert.equal(centered([], SIDE), null);
});

test('invalid attributes become their defaults', () => {
  const element = (attributes) => ({
    getAttribute: (name) => attributes[name] ?? null,
    hasAttribute: (name) => name in attributes,
  });
  const state = readState(
    element({ figure: 'pie', seed: 'x', t: '7', from: '12', to: '4:3', path: 'walk', speed: 'NaN' }),
  );
  assert.equal(state.figure, 'morph');
  assert.equal(state.model, 'digits');
  assert.equal(state.seed, 1);
  assert.equal(state.t, 1);
  assert.deepEqual(state.from, { digit: 3, nth: 2 });
  assert.deepEqual(state.to, { digit: 4, nth: 3 });
  assert.equal(state.path, 'slerp');
  assert.equal(state.speed, 1);
  assert.equal(readState(element({ figure: 'map' })).model, 'map');
});

test('the engine in the address takes precedence over the attribute', (t) => {
  const element = { getAttribute: (name) => (name === 'engine' ? 'webgpu' : null), hasAttribute: () => false };
  assert.equal(readState(element).engine, 'webgpu');
  globalThis.location = { search: '?engine=cpu' };
  t.after(() => delete globalThis.location);
  assert.equal(readState(element).engine, 'cpu');
  globalThis.location = { search: '?engine=abacus' };
  assert.equal(readState(element).engine, 'auto');
});

test('the build is chosen by the instructions that the browser validates', (t) => {
  const offer = (validate) => t.mock.method(WebAssembly, 'validate', validate);
  offer(() => true);
  assert.equal(pickBuild(), 'cpu-relaxed');
  // Only the module that probes for plain SIMD is shorter than this.
  offer((bytes) => bytes.length < 32);
  assert.equal(pickBuild(), 'cpu');
  offer(() => false);
  assert.throws(pickBuild, { kind: 'no-simd' });
});

test('the probes are modules that Node.js, which has the instructions, accepts', (t) => {
  const seen = [];
  t.mock.method(WebAssembly, 'validate', (bytes) => seen.push(bytes) > 0);
  pickBuild();
  t.mock.restoreAll();
  assert.ok(WebAssembly.validate(seen[0]), 'plain SIMD');
  assert.equal(seen.length, 2);
});

test('the plane has its origin in the middle, and y points up', () => {
  assert.deepEqual(place({ x: 0, y: 0 }, 3), { left: '50.00%', top: '50.00%' });
  assert.deepEqual(place({ x: -3, y: 3 }, 3), { left: '0.00%', top: '0.00%' });
  const stored = { latent: 2, mean: Float32Array.of(0, 0, 2, 2, -1, 0), labels: Uint8Array.of(7, 8, 9) };
  assert.deepEqual(nearest({ x: 1.5, y: 1.5 }, stored, 2), [8, 7]);
  assert.equal(coordinate(-0.5), '\u22120.50');
});

test('the listed sizes of shipped models equal those of their files', async () => {
  for (const [model, { side, latent }] of UNLABELED) {
    const file = await readFile(new URL(`../../www/models/${model}.safetensors`, import.meta.url));
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString());
    const config = JSON.parse(header.__metadata__.config);
    assert.deepEqual([config.image.width, config.image.height, config.latent], [side, side, latent], model);
    const codes = await readFile(new URL(`../../www/models/${model}.latents.safetensors`, import.meta.url));
    const stored = JSON.parse(codes.subarray(8, 8 + Number(codes.readBigUInt64LE(0))).toString());
    assert.ok(!('label' in stored), model);
  }
});
