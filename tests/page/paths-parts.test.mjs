// Parts of the figure `paths`: cross-fades, step lengths, the classifier of codes, and the numbers of the experiment.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { responsibilities } from '../../www/views/parts/mixture.js';
import { classifierOf, classify } from '../../www/views/paths/classifier.js';
import { crossFade, FRAMES, frameAt, ROW_FRAMES, stepLengths } from '../../www/views/paths/frames.js';
import { Measures } from '../../www/views/paths/measures.js';
import { published } from '../../www/views/paths/published.js';

/** Densities and factors are kept in single precision. */
const SINGLE = 2e-5;

const near = (value, expected, tolerance = SINGLE) =>
  assert.ok(Math.abs(value - expected) < tolerance, `${value}, not ${expected}`);

/*
 * The expected probabilities below are NumPy's:
 *
 *   i, j = np.arange(30)[:, None], np.arange(3)
 *   y = np.array([2, 5, 7])[np.arange(30) % 3]
 *   z = (np.sin(1.7 * i + 0.3 * i * j + j) + 0.8 * np.eye(3)[np.arange(30) % 3]).astype(np.float32).astype(float)
 *   S = [(z[y == c] - z[y == c].mean(0)).T @ (z[y == c] - z[y == c].mean(0)) for c in (2, 5, 7)]
 *   def log(x, c, k):
 *       C = 0.5 * S[k] / ((y == c).sum() - 1) + 0.5 * sum(S) / (30 - 3)
 *       d = x - z[y == c].mean(0)
 *       return np.log((y == c).mean()) - 0.5 * d @ np.linalg.solve(C, d) - 0.5 * np.linalg.slogdet(C)[1]
 *   def p(x):
 *       l = np.array([log(x, c, k) for k, c in enumerate((2, 5, 7))])
 *       return np.exp(l - l.max()) / np.exp(l - l.max()).sum()
 */
const labels = Uint8Array.from({ length: 30 }, (_, i) => [2, 5, 7][i % 3]);
const mean = Float32Array.from({ length: 90 }, (_, at) => {
  const [i, j] = [Math.floor(at / 3), at % 3];
  return Math.sin(1.7 * i + 0.3 * i * j + j) + (i % 3 === j ? 0.8 : 0);
});
const stored = { latent: 3, mean, labels };

test('the classifier of codes has a normal distribution for each digit, whose covariance is half its own and half the pooled one', () => {
  const classifier = classifierOf(stored);
  assert.deepEqual(classifier.digits, [2, 5, 7]);
  const codes = Float32Array.of(0.5, 0, 0, 0, 0.9, -0.4, 0.3, 0.3, 0.3, -1, 2, 1.5);
  const expected = [
    [0.61300819, 0.00229623, 0.38469558],
    [0.19120985, 0.69235774, 0.11643241],
    [0.51652896, 0.0195053, 0.46396575],
    [8.58282734e-4, 9.99135274e-1, 6.44333298e-6],
  ];
  responsibilities(classifier.mixture, codes).forEach((value, i) => near(value, expected.flat()[i]));
  const verdicts = classify(classifier, codes);
  assert.deepEqual(
    verdicts.map(({ digit }) => digit),
    [2, 5, 2, 5],
  );
  verdicts.forEach(({ certainty }, i) => near(certainty, Math.max(...expected[i])));
});

test('there is no classifier without labels, for one digit, or for too few codes, and constant numbers do no harm', () => {
  assert.equal(classifierOf({ ...stored, labels: null }), null);
  assert.equal(classifierOf({ ...stored, labels: new Uint8Array(30).fill(4) }), null);
  assert.equal(classifierOf({ latent: 3, mean: mean.slice(0, 12), labels: Uint8Array.of(1, 1, 2, 2) }), null);
  const withUnused = Float32Array.from({ length: 120 }, (_, at) =>
    at % 4 === 3 ? 0 : mean[Math.floor(at / 4) * 3 + (at % 4)],
  );
  const [verdict] = classify(classifierOf({ latent: 4, mean: withUnused, labels }), Float32Array.of(-1, 2, 1.5, 0));
  assert.equal(verdict.digit, 5);
  assert.ok(verdict.certainty > 0.99 && verdict.certainty <= 1);
});

test('a cross-fade goes from one picture to the other in even steps', () => {
  const [from, to] = [Uint8ClampedArray.of(0, 100, 200, 255), Uint8ClampedArray.of(200, 0, 100, 255)];
  assert.deepEqual(
    [...crossFade(from, to, 5)],
    [
      ...[0, 100, 200, 255],
      ...[50, 75, 175, 255],
      ...[100, 50, 150, 255],
      ...[150, 25, 125, 255],
      ...[200, 0, 100, 255],
    ],
  );
});

test('a row shows every fourth frame, and the middle of the path is the middle frame', () => {
  assert.equal(FRAMES, 41);
  assert.deepEqual(ROW_FRAMES, [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
  assert.deepEqual(
    [0, 0.5, 0.51, 1].map((t) => frameAt(t)),
    [0, 20, 20, 40],
  );
});

/** Frames of one pixel, with the given values for the frames in the row. The frames between do not matter. */
function framesOf(values) {
  const rgba = new Uint8ClampedArray(FRAMES * 4).fill(255);
  values.forEach((value, i) => rgba.fill(value, ROW_FRAMES[i] * 4, ROW_FRAMES[i] * 4 + 3));
  return rgba;
}

const values = [0, 0, 51, 51, 51, 51, 51, 51, 51, 51, 255];

test('the length of a step is the distance between two pictures of the row, over all color channels', () => {
  const gray = stepLengths(framesOf(values), 1);
  [0, 0.2, 0, 0, 0, 0, 0, 0, 0, 0.8].forEach((length, i) => near(gray[i], length));
  stepLengths(framesOf(values), 3).forEach((length, i) => near(length, gray[i] * Math.sqrt(3)));
});

test('frames are clear by their certainty and typical by their density, and the ends are not counted', () => {
  // The standard normal distribution, and stored codes: nine in ten of them have densities within the band.
  const spread = { latent: 1, mean: Float32Array.from({ length: 101 }, (_, i) => (i - 50) / 25), labels: null };
  const measures = new Measures(spread, Float32Array.of(1, 0, 1));
  const log = (x) => -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
  assert.equal(measures.hasClassifier, false);
  near(measures.band[0], log(1.92));
  near(measures.band[1], log(0.12), 0.01);
  const codes = new Float32Array(FRAMES).fill(1);
  // Two of nine frames are not typical: one is too far out, the other too far in. The ends are not counted.
  [codes[0], codes[4], codes[8], codes[40]] = [9, 5, 0, 9];
  const measured = measures.of(framesOf(values), 1, codes);
  const { mean: step, largest, clear, typical } = measures.summary(measured);
  near(step, 0.1);
  near(largest, 8);
  assert.equal(clear, null);
  near(typical, 7 / 9);

  const judged = new Measures(stored, new Float32Array());
  assert.equal(judged.band, null);
  const five = Array.from({ length: FRAMES }, () => [-1, 2, 1.5]);
  [five[0], five[12], five[20]] = [
    [0.3, 0.3, 0.3],
    [0.3, 0.3, 0.3],
    [0.5, 0, 0],
  ];
  const summary = judged.summary(judged.of(framesOf(values), 1, Float32Array.from(five.flat())));
  near(summary.clear, 7 / 9);
  assert.equal(summary.typical, null);
});

test('pictures that never change have a largest step of 1', () => {
  const measures = new Measures(stored, new Float32Array());
  const still = measures.of(framesOf(values.map(() => 7)), 1, new Float32Array(3 * FRAMES));
  assert.equal(measures.summary(still).largest, 1);
});

test('the numbers for many pairs equal those of the experiment', async () => {
  const file = new URL('../../www/results/interpolation.json', import.meta.url);
  const results = JSON.parse(await readFile(file, 'utf8'));
  for (const [model, experiment, label] of [
    ['digits', results.digits, 'vae'],
    ['digits-plain', results.digits, 'plain'],
    ['cats-blurred', results.cats, 'many'],
  ]) {
    const row = (path) =>
      experiment.rows.find((each) =>
        path === 'pixels' ? each.label === 'pixels' : each.label === label && each.way === path,
      );
    const found = Object.keys(published[model].rows).map((path) => [
      path,
      { largest: row(path).largest_step, ...('clear' in row(path) && { clear: row(path).clear }) },
    ]);
    assert.equal(found.length, 4);
    assert.deepEqual(published[model], { pairs: experiment.pairs, rows: Object.fromEntries(found) }, model);
  }
  assert.equal(Object.keys(published).length, 3);
});
