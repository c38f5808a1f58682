// Attribute vectors, linear probes and measured properties of the figure `direction`, compared with NumPy; also its prepared examples.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { exampleOf, readyFor } from '../../www/views/direction/examples.js';
import { lightOf, slantOf, strokeOf } from '../../www/views/direction/measures.js';
import {
  directionOf,
  leaveOneOut,
  moved,
  positionOf,
  shareAlong,
  shareOfAll,
} from '../../www/views/direction/probe.js';
import { StoredPictures } from '../../www/views/direction/stored-pictures.js';
import { Breaks } from '../../www/views/parts/breaks.js';

/** Double precision, with sums in another order than NumPy's. */
const NEAR = 1e-9;

const near = (value, expected) => assert.ok(Math.abs(value - expected) < NEAR, `${value}, not ${expected}`);

/*
 * The expected numbers below are NumPy's:
 *
 *   z = np.sin(np.arange(40)[:, None] * 1.7 + np.arange(4) * np.arange(40)[:, None] * 0.3 + np.arange(4))
 *   y = 3 * z[:, 0] - z[:, 2] + 0.5 * np.cos(np.arange(40) * 2.3)
 *   plus, minus = z[[0, 5, 9, 14, 20]], z[[1, 2, 7, 30]]
 *   d = plus.mean(0) - minus.mean(0)
 */
const codes = Array.from({ length: 40 }, (_, i) =>
  Float64Array.from({ length: 4 }, (_, j) => Math.sin(1.7 * i + 0.3 * i * j + j)),
);
const values = codes.map((code, i) => 3 * code[0] - code[2] + 0.5 * Math.cos(2.3 * i));
const [plus, minus] = [
  [0, 5, 9, 14, 20],
  [1, 2, 7, 30],
].map((places) => places.map((place) => codes[place]));
const direction = directionOf(plus, minus);

test('a direction is the difference of the means, or null if a group is empty or the means are equal', () => {
  [-0.046551558, 0.117228836, 0.212484172, 0.062175033].forEach((value, i) =>
    assert.ok(Math.abs(value - direction[i]) < 1e-8, `${direction}`),
  );
  assert.equal(directionOf([], minus), null);
  assert.equal(directionOf(plus, []), null);
  assert.equal(directionOf(plus, [...plus].reverse()), null);
});

test('moving a code by an amount moves its position by that amount', () => {
  near(positionOf(codes[3], direction), 2.5504103223844656);
  for (const amount of [-1.5, 0, 0.25, 1]) {
    const there = positionOf(moved(codes[3], direction, amount), direction);
    // The moved code is in single precision.
    assert.ok(Math.abs(there - positionOf(codes[3], direction) - amount) < 1e-5);
  }
  assert.deepEqual(moved([1, 2], null, 1), Float32Array.of(1, 2));
});

/*
 *   def share(x, y, ridge):
 *       p = np.zeros(len(y))
 *       for f in range(10):
 *           out = np.arange(len(y)) % 10 == f
 *           m, n = x[~out].mean(0), y[~out].mean()
 *           a = x[~out] - m
 *           w = np.linalg.solve(a.T @ a + ridge * np.eye(x.shape[1]), a.T @ (y[~out] - n))
 *           p[out] = (x[out] - m) @ w + n
 *       return 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()
 *   s = (z @ d / (d @ d))[:, None]
 *   share(s, y, 0), share(z, y, 1)
 */
test('the share of variance explained along a direction and by all numbers is measured on held-out parts', async () => {
  near(await shareAlong(codes, values, direction), 0.03586267564203327);
  near(await shareOfAll(codes, values), 0.9909506915154321);
});

test('a property that equals the position is fully explained, and a constant one has no variance to explain', async () => {
  const positions = codes.map((code) => 5 - 2 * positionOf(code, direction));
  near(await shareAlong(codes, positions, direction), 1);
  assert.ok(
    Number.isNaN(
      await shareAlong(
        codes,
        codes.map(() => 4),
        direction,
      ),
    ),
  );
});

/*
 *   c, l = np.vstack([plus, minus]), np.r_[np.ones(5), -np.ones(4)]
 *   p = np.zeros(9)
 *   for i in range(9):
 *       k = np.arange(9) != i
 *       e = c[k & (l > 0)].mean(0) - c[k & (l < 0)].mean(0)
 *       p[i] = np.polyval(np.polyfit((c @ e)[k], l[k], 1), c[i] @ e)
 *   1 - ((l - p) ** 2).sum() / ((l - l.mean()) ** 2).sum(), (p * l > 0).sum()
 */
test('examples without a measured property are each left out once', () => {
  const { share, right, count } = leaveOneOut(plus, minus);
  near(share, -2.058060340171812);
  assert.deepEqual([right, count], [0, 9]);
  const apart = (sign) => Array.from({ length: 3 }, (_, i) => [4 * sign + 0.1 * i, i % 2]);
  const clear = leaveOneOut(apart(1), apart(-1));
  assert.ok(clear.share > 0.99 && clear.right === 6, JSON.stringify(clear));
  assert.equal(leaveOneOut(plus.slice(0, 2), minus), null);
});

/*
 *   v = np.fromfunction(lambda y, x: np.where(np.abs(x - 9 - (11 - y) * 0.5) < 2, 200, 0) + (7 * x + 3 * y) % 5, (12, 20))
 *   y, x = np.mgrid[:12, :20]
 *   dx, dy = x - (v * x).sum() / v.sum(), y - (v * y).sum() / v.sum()
 *   np.degrees(np.arctan(-(v * dx * dy).sum() / (v * dy * dy).sum()))
 *   q = np.pad(v, 1)
 *   2 * v.sum() / np.hypot(q[:-1, 1:] - q[:-1, :-1], q[1:, :-1] - q[:-1, :-1]).sum()
 *   c = np.stack([v, v[::-1], v[:, ::-1]])
 *   np.tensordot([0.2126, 0.7152, 0.0722], c, 1)[3:9, 5:15].mean()
 */
test('slant, stroke width and brightness agree with NumPy', () => {
  const size = { width: 20, height: 12 };
  const v = (x, y) => (Math.abs(x - 9 - (11 - y) * 0.5) < 2 ? 200 : 0) + ((7 * x + 3 * y) % 5);
  const picture = (colors) => {
    const rgba = new Uint8ClampedArray(4 * 20 * 12).fill(255);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 20; x++) colors.forEach((color, i) => (rgba[4 * (20 * y + x) + i] = color(x, y)));
    }
    return rgba;
  };
  const gray = picture([v, v, v]);
  near(slantOf(gray, size), 25.39273805380971);
  near(strokeOf(gray, size), 2.2772345486198255);
  near(lightOf(picture([v, (x, y) => v(x, 11 - y), (x, y) => v(19 - x, y)]), size), 72);
});

test('a picture that leans right has a positive slant, a wider bar a greater stroke width, and an empty picture neither', () => {
  const size = { width: 28, height: 28 };
  const bar = (/** @type {number} */ lean, /** @type {number} */ half) => {
    const rgba = new Uint8ClampedArray(4 * 28 * 28);
    for (let y = 4; y < 24; y++) {
      for (let x = 0; x < 28; x++) {
        if (Math.abs(x - 13.5 - lean * (13.5 - y)) <= half) rgba.fill(255, 4 * (28 * y + x), 4 * (28 * y + x) + 4);
      }
    }
    return rgba;
  };
  assert.ok(slantOf(bar(0.5, 2), size) > 20);
  assert.ok(slantOf(bar(-0.5, 2), size) < -20);
  assert.ok(Math.abs(slantOf(bar(0, 2), size)) < 1e-9);
  assert.ok(strokeOf(bar(0, 3), size) > strokeOf(bar(0, 1), size) + 2);
  for (const of of [slantOf, strokeOf]) assert.ok(Number.isNaN(of(new Uint8ClampedArray(4 * 28 * 28), size)));
});

test('the document lists the prepared examples, and no picture is in both groups of an example', async () => {
  const text = await readFile(new URL('../../docs/attribute-vectors.md', import.meta.url), 'utf8');
  for (const model of ['digits', 'cats']) {
    const { examples, analogy } = readyFor(model);
    assert.ok(examples.length > 1);
    for (const { name, plus, minus } of examples) {
      assert.equal(new Set([...plus, ...minus]).size, plus.length + minus.length, name);
      assert.ok(
        new RegExp(`\\| \`${name}\` \\| [^|]*: ${plus.join(', ')} \\| [^|]*: ${minus.join(', ')} \\|`).test(text),
        name,
      );
    }
    assert.match(text, new RegExp(`Analogy: .*${analogy.map((place) => `\\(${place}\\)`).join('.*')}`));
  }
});

test('an unknown example falls back to the model’s first, and a model without examples has empty groups', () => {
  assert.equal(exampleOf({ model: 'digits', example: 'smile' }).name, 'slant');
  assert.equal(exampleOf({ model: 'cats', example: '' }).name, 'light');
  assert.deepEqual(exampleOf({ model: 'digits', example: 'own' }), { name: 'own', plus: [], minus: [] });
  assert.deepEqual(exampleOf({ model: 'models/mine.safetensors', example: 'slant' }), {
    ...{ name: 'own', plus: [], minus: [] },
  });
});

test('a probe pauses between its parts, so that the page can do other work', async () => {
  let pauses = 0;
  const found = await shareOfAll(codes, values, async () => void pauses++);
  assert.equal(pauses, 10, 'once after each tenth of the pictures');
  near(found, await shareOfAll(codes, values));
});

test('long work pauses after some milliseconds, and for as long as the reader drags', async () => {
  let now = 0;
  const slept = [];
  let atSleep = () => {};
  const breaks = new Breaks(
    () => now,
    async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
      atSleep();
    },
  );
  await breaks.pause();
  assert.deepEqual(slept, [], 'work that has just begun continues');
  now = 20;
  await breaks.pause();
  await breaks.pause();
  assert.deepEqual(slept, [0], 'other tasks run once, and the time is counted from then');
  breaks.moved();
  now += 100;
  // The reader moves again during the first wait.
  atSleep = () => slept.length === 2 && breaks.moved();
  await breaks.pause();
  assert.deepEqual(slept, [0, 150, 250]);
  await breaks.pause();
  assert.equal(slept.length, 3);
  atSleep = () => {};
  // A single choice is a click; a second one soon after it is a drag.
  slept.length = 0;
  now += 1000;
  breaks.chosen();
  await breaks.pause();
  assert.deepEqual(slept, [0]);
  now += 100;
  breaks.chosen();
  await breaks.pause();
  assert.deepEqual(slept, [0, 250]);
});

test('stored pictures are decoded in parts, with a pause before each, until the figure is removed', async () => {
  const stored = { latent: 1, mean: Float32Array.from({ length: 150 }, (_, i) => i), labels: null };
  const done = [];
  const decode = async (latents) => {
    done.push('decode');
    return new Uint8ClampedArray(latents.length * 28 * 28 * 4).fill(latents[0]);
  };
  const pause = async () => void done.push('pause');
  const image = { channels: 1, width: 28, height: 28 };
  const pictures = new StoredPictures(stored, image, decode, pause);
  await pictures.load(() => done.push('part'));
  assert.deepEqual(done, Array(3).fill(['pause', 'decode', 'part']).flat());
  assert.equal(pictures.at(149)[0], 102);
  const gone = new StoredPictures(stored, image, decode, async () => gone.destroy());
  await gone.load(() => assert.fail('decoded after removal'));
});
