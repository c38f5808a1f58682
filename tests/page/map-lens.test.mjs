// The lens of `map`: the density of the fitted prior, and the error of the round trip, over the plane and at the cursor.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { contour, labelPlaces, valueAt } from '../../www/views/map/contours.js';
import { Fields } from '../../www/views/map/fields.js';
import { logDensities, mixtureOf } from '../../www/views/parts/mixture.js';
import { densityLevels, errorLevels, levelsBetween } from '../../www/views/map/levels.js';
import { eventually, figureAddress, violations, PATIENCE } from './support/browser.mjs';
import { decode, encode, logDensity, read } from './support/independent.mjs';
import { forgetPrior } from './support/prior.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

const file = await readFile(new URL('../../www/models/map.safetensors', import.meta.url));
const model = read(file);

async function map(attributes = {}, options = {}) {
  const seen = await visit.shared('map', attributes, options);
  return { seen, figure: await seen.figure('map').ready() };
}

const textOf = async (figure, part) => (await figure.part(part)).evaluate((node) => node.textContent);

/** The content of the lens, once it has a legend. */
const shownBy = (figure) =>
  eventually(async () => {
    const shown = await figure.evaluate(({ shadowRoot: root }) => ({
      bands: [...root.querySelectorAll('.lens-bands li')].map((node) => node.textContent),
      labels: [...root.querySelectorAll('.lens-labels text')].map((node) => node.textContent),
      isPainted: !root.querySelector('.lens-overlay').hidden,
      about: root.querySelector('[part=lens-field]').getAttribute('aria-label'),
    }));
    assert.ok(shown.bands.length > 1 && shown.isPainted);
    return shown;
  });

/** The opacity of the paint at a point of the plane, 0 to 255. */
const paintAt = (figure, x, y) =>
  figure.evaluate(
    ({ shadowRoot }, x, y) => {
      const canvas = shadowRoot.querySelector('[part=lens-field]');
      const [column, row] = [(x + 3) / 6, (3 - y) / 6].map((share) => Math.floor(share * (canvas.width - 1)));
      return canvas.getContext('2d').getImageData(column, row, 1, 1).data[3];
    },
    x,
    y,
  );

/** A number in a text of the page, which writes negative ones with a minus sign. */
const numberIn = (text) => Number(/[−\d.]+/.exec(text)[0].replace('−', '-'));

describe('contours', () => {
  /** A field sampled from a function of the position, whose coordinates go from 0 to 1. */
  const sampled = (side, at) => ({
    side,
    values: Float32Array.from({ length: side * side }, (_, i) =>
      at((i % side) / (side - 1), Math.floor(i / side) / (side - 1)),
    ),
  });

  test('of a cone are circles', () => {
    const field = sampled(41, (x, y) => Math.hypot(x - 0.5, y - 0.5));
    const segments = contour(field, 0.3);
    assert.ok(segments.length > 40);
    for (const [x, y] of segments.flat()) {
      // The error of linear interpolation along an edge of a cell is proportional to the square of its length.
      assert.ok(Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.3) < 0.0015, `${x}, ${y}`);
    }
    const length = segments.reduce((sum, [[x, y], [x2, y2]]) => sum + Math.hypot(x - x2, y - y2), 0);
    assert.ok(Math.abs(length / (2 * Math.PI * 0.3) - 1) < 0.01, `${length}`);
  });

  test('cross exactly those edges of the grid whose ends lie on different sides of the level', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const field = sampled(9, random);
    const at = (column, row) => field.values[row * 9 + column];
    const crossed = new Set();
    for (let row = 0; row < 9; row++) {
      for (let column = 0; column < 9; column++) {
        const isHigh = at(column, row) >= 0.5;
        if (column < 8 && isHigh !== at(column + 1, row) >= 0.5) crossed.add(`${column}-${column + 1} ${row}`);
        if (row < 8 && isHigh !== at(column, row + 1) >= 0.5) crossed.add(`${column} ${row}-${row + 1}`);
      }
    }
    const near = (value) =>
      Math.abs(value - Math.round(value)) < 1e-6 ? `${Math.round(value)}` : `${Math.floor(value)}-${Math.ceil(value)}`;
    const found = new Set(
      contour(field, 0.5)
        .flat()
        .map(([x, y]) => `${near(8 * x)} ${near(8 * y)}`),
    );
    assert.deepEqual([...found].sort(), [...crossed].sort());
  });

  test('have labels away from each other and from the edges', () => {
    const field = sampled(33, (x) => x);
    const places = labelPlaces([0.2, 0.25, 0.99].map((level) => contour(field, level)));
    assert.equal(places[2], null, 'a contour at the edge has no room for a label');
    assert.ok(Math.abs(places[0][0] - 0.2) < 0.01 && Math.abs(places[1][0] - 0.25) < 0.01);
    assert.ok(Math.abs(places[0][1] - places[1][1]) > 0.5);
  });

  test('use values that are interpolated between the nodes of the grid', () => {
    const field = sampled(5, (x, y) => 3 * x - 2 * y);
    for (const [x, y] of [
      [0, 0],
      [1, 1],
      [0.25, 0.5],
      [0.1, 0.9],
      [1, 0.3],
    ]) {
      assert.ok(Math.abs(valueAt(field, x, y) - (3 * x - 2 * y)) < 1e-6, `${x}, ${y}`);
    }
  });

  test('have levels that are round numbers, evenly spaced, strictly between the ends', () => {
    assert.deepEqual(levelsBetween(-12.6, -0.6), [-12, -10, -8, -6, -4, -2]);
    assert.deepEqual(
      levelsBetween(0, 1.8).map((level) => level.toFixed(1)),
      ['0.5', '1.0', '1.5'],
    );
    assert.deepEqual(levelsBetween(0, 6), [1, 2, 3, 4, 5]);
    assert.deepEqual(levelsBetween(3, 3), []);
    assert.deepEqual(levelsBetween(NaN, 3), []);
    const lone = Float32Array.from({ length: 100 }, (_, i) => (i === 99 ? 1000 : i / 50));
    assert.ok(Math.max(...errorLevels({ side: 10, values: lone })) < 2, 'one large error does not hide the others');
    const deep = Float32Array.from({ length: 100 }, (_, i) => -10 * i);
    assert.ok(Math.min(...densityLevels({ side: 10, values: deep })) >= -12, 'lower densities are not distinguished');
  });
});

describe('the density of a mixture', () => {
  test('agrees with a direct computation that inverts the covariances by Gaussian elimination', async () => {
    const digits = read(await readFile(new URL('../../www/models/digits.safetensors', import.meta.url)));
    const { tensors } = digits;
    const latent = 16;
    const [weights, means, integers, scales] = ['weights', 'means', 'factors', 'factors.scale'].map(
      (name) => tensors[`prior.${name}`].values,
    );
    const size = (latent * (latent + 1)) / 2;
    const rows = Array.from({ length: latent }, (_, row) => Array(row + 1).fill(row)).flat();
    const factors = integers.map((value, i) => value * scales[Math.floor(i / size) * latent + rows[i % size]]);
    const mixture = mixtureOf(Float32Array.from([...weights, ...means, ...factors]), latent);
    const codes = Float32Array.from({ length: 3 * latent }, (_, i) => (i < latent ? means[i] : Math.sin(3 * i)));
    const found = logDensities(mixture, codes);
    for (const [n, value] of found.entries()) {
      const code = codes.slice(n * latent, (n + 1) * latent);
      const logs = weights.map((weight, k) => {
        const factor = (row, column) => (column > row ? 0 : factors[k * size + (row * (row + 1)) / 2 + column]);
        const covariance = Array.from({ length: latent }).map((_, i) =>
          Array.from({ length: latent }, (_, j) =>
            Array.from({ length: latent }, (_, m) => factor(i, m) * factor(j, m)).reduce((a, b) => a + b),
          ),
        );
        const deviation = Array.from(code, (value, i) => value - means[k * latent + i]);
        const { determinant, solution } = solved(covariance, deviation);
        const distance = deviation.reduce((sum, value, i) => sum + value * solution[i], 0);
        return Math.log(weight) - (latent * Math.log(2 * Math.PI) + Math.log(determinant) + distance) / 2;
      });
      const most = Math.max(...logs);
      const expected = most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
      // The factors are rounded to f32, and the condition number of the covariances is up to a thousand.
      assert.ok(Math.abs(value - expected) < 1e-4 * Math.abs(expected), `${value}, expected ${expected}`);
    }
  });

  test('is missing if the file contains no mixture', () => {
    assert.equal(mixtureOf(new Float32Array(), 16), null);
  });
});

/** Solves a linear system by elimination with pivots. */
function solved(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  let determinant = 1;
  for (let at = 0; at < rows.length; at++) {
    const pivot = rows.findIndex(
      (row, i) => i >= at && Math.abs(row[at]) === Math.max(...rows.slice(at).map((other) => Math.abs(other[at]))),
    );
    if (pivot !== at) {
      [rows[at], rows[pivot]] = [rows[pivot], rows[at]];
      determinant *= -1;
    }
    determinant *= rows[at][at];
    for (const row of rows.slice(at + 1)) {
      const share = row[at] / rows[at][at];
      for (let i = at; i < row.length; i++) row[i] -= share * rows[at][i];
    }
  }
  const solution = Array(rows.length).fill(0);
  for (let at = rows.length - 1; at >= 0; at--) {
    const known = solution.reduce((sum, value, i) => sum + value * rows[at][i], 0);
    solution[at] = (rows[at].at(-1) - known) / rows[at][at];
  }
  return { determinant, solution };
}

describe('the field of a lens', () => {
  /** A view’s `ask` that records requests. Every code on the grid is (0.5, 0.5), and every picture is encoded as (1, 1). */
  function asking() {
    const asked = [];
    const ask = async (verb, args) => {
      asked.push(verb);
      if (verb === 'grid') return new Float32Array(args.columns * args.rows * 2).fill(0.5);
      if (verb === 'prior') return Float32Array.of(1, 0, 0, 1, 0, 1);
      if (verb === 'decode') return new Uint8ClampedArray(args.latents.length * 2).fill(7);
      return { mean: new Float32Array(args.rgba.length / 2).fill(1) };
    };
    return { ask, asked };
  }

  test('is computed once for each plane', async () => {
    const { ask, asked } = asking();
    const fields = new Fields(ask, 'map');
    const first = await fields.get('error', 3, () => {});
    assert.ok(Math.abs(first.values.at(-1) - Math.SQRT1_2) < 1e-6, 'the distance from (0.5, 0.5) to (1, 1)');
    const { length } = asked;
    assert.equal(await fields.get('error', 3, () => {}), first);
    assert.equal(asked.length, length);
    await fields.get('error', 2, () => {});
    assert.equal(asked.length, 2 * length);
  });

  test('continues where it was interrupted', { timeout: PATIENCE }, async () => {
    const { ask, asked } = asking();
    const fields = new Fields(ask, 'map');
    const encoded = () => asked.filter((verb) => verb === 'encode').length;
    const whole = await fields.get('error', 2, () => {});
    const all = encoded();
    let parts = 0;
    const stopped = fields.get('error', 3, () => {
      parts += 1;
      if (parts === 40) fields.stop();
    });
    assert.equal(await stopped, null);
    /** @type {number[]} */
    const shares = [];
    const { values } = await fields.get('error', 3, (share) => shares.push(share));
    assert.ok(shares[0] > 0, `${shares[0]}`);
    assert.deepEqual(values, whole.values);
    assert.equal(encoded(), 2 * all, 'nothing is computed twice');
  });

  test('is never replaced by an unfinished older request', { timeout: PATIENCE }, async () => {
    // The second request is made while the first one waits for its first answer, then its second, and so on.
    for (let asked = 1; asked <= 5; asked++) {
      const { ask } = asking();
      let [isBusy, count] = [false, 0];
      /** @type {(() => void) | undefined} */
      let second;
      const waiting = [];
      const answerNext = () => {
        if (isBusy || waiting.length === 0) return;
        isBusy = true;
        const { verb, args, resolve } = waiting.shift();
        setTimeout(async () => {
          isBusy = false;
          resolve(await ask(verb, args));
          answerNext();
        });
      };
      // As in the engine's queue, a new request replaces a waiting one of the same slot.
      const queued = (verb, args, slot) =>
        new Promise((resolve) => {
          const at = waiting.findIndex((other) => other.slot === slot);
          waiting.splice(at < 0 ? waiting.length : at, at < 0 ? 0 : 1, { verb, args, slot, resolve });
          answerNext();
          count += 1;
          if (count === asked) second();
        });
      const fields = new Fields(queued, 'map');
      const field = new Promise((resolve) => {
        second = () => {
          // Other requests of the figure are answered first.
          for (const slot of ['cursor', 'near pictures']) queued('decode', { latents: new Float32Array(2) }, slot);
          resolve(fields.get('error', 3, () => {}));
        };
      });
      fields.get('error', 3, () => {});
      assert.equal((await field).values.length, 41 * 41, `after ${asked} requests`);
    }
  });

  test('stops on request, and when another field is requested', { timeout: PATIENCE }, async () => {
    const { ask, asked } = asking();
    const fields = new Fields(ask, 'map');
    let rows = 0;
    const stopped = fields.get('error', 3, () => {
      rows += 1;
      if (rows === 3) fields.stop();
    });
    assert.equal(await stopped, null);
    assert.equal(rows, 3);
    assert.equal(asked.filter((verb) => verb === 'encode').length, 2);
    const replaced = fields.get('error', 3, () => {});
    assert.ok(await fields.get('density', 3, () => {}));
    assert.equal(await replaced, null);
  });
});

test('the density at the cursor is that of the mixture in the model file, and places of low density are painted', async () => {
  const { figure } = await map({ lens: 'density' });
  const spots = [
    [0, 0],
    [0.75, 0.25],
    [-2.5, 2.5],
    [2.9, -2.9],
    [1.5, -1.25],
  ];
  for (const [x, y] of spots) {
    await figure.set('x', String(x));
    await figure.set('y', String(y));
    await eventually(async () => {
      const found = numberIn(await textOf(figure, 'lens-value'));
      // The page rounds to two decimals.
      assert.ok(
        Math.abs(found - logDensity(model, [x, y])) < 0.006,
        `${found} at ${x}, ${y}: ${logDensity(model, [x, y])}`,
      );
    });
  }
  const { bands, labels, about } = await shownBy(figure);
  assert.equal(bands[0], '−2 and more');
  assert.equal(bands.at(-1), 'below −12');
  assert.ok(labels.includes('−4') && labels.includes('−10'), `${labels}`);
  assert.match(about, /^Log density of the fitted prior.*from −3 to 3/);
  // The paint at each point has the opacity of its band.
  for (const [x, y] of spots) {
    const density = logDensity(model, [x, y]);
    const band = [-2, -4, -6, -8, -10, -12].filter((level) => density < level).length;
    const strength = await paintAt(figure, x, y);
    assert.ok(Math.abs(strength - (255 * 0.72 * band) / 6) < 2, `${strength} of band ${band} at ${x}, ${y}`);
  }
});

test('the error at the cursor is the distance to the code of the decoded picture, and the MSE of decoding that code', async () => {
  const { figure } = await map({ lens: 'error' });
  for (const [x, y] of [
    [0, 0],
    [2.5, -2.5],
    // The MSE here is below 0.00005.
    [1.5, 1],
  ]) {
    await figure.set('x', String(x));
    await figure.set('y', String(y));
    const rounded = (pixels) => pixels.map((value) => Math.round(255 * value) / 255);
    const drawn = rounded(decode(model, [x, y]));
    const mean = encode(model, drawn);
    const again = rounded(decode(model, mean));
    const distance = Math.hypot(mean[0] - x, mean[1] - y);
    const mse = drawn.reduce((sum, value, i) => sum + (value - again[i]) ** 2, 0) / drawn.length;
    await eventually(async () => {
      const text = await textOf(figure, 'lens-value');
      const [, far, off] = /^The encoder puts this picture ([\d.]+) away; .* an MSE of ([\d.]+)$/.exec(text);
      // The page rounds to two decimals, and browsers may round pixels differently by 1 of 255.
      assert.ok(Math.abs(far - distance) < 0.02, `${text}: ${distance}`);
      assert.ok(off > 0 && Math.abs(off - mse) < 0.0005 + 0.02 * mse, `${text}: ${mse}`);
    });
  }
  const { bands, about } = await shownBy(figure);
  assert.match(bands[0], /^below 0\.\d$/);
  assert.match(about, /^Distance from a code to the code of its picture/);
  assert.ok((await paintAt(figure, 2.9, -2.9)) > (await paintAt(figure, 0, 0)), 'the corner is farther from its code');
});

test('the lens is chosen with the keyboard, announced to screen readers, part of the state, and can be turned off', async () => {
  const { seen, figure } = await map();
  assert.equal(await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.lens-key')), null);
  await figure.focus('lens-none');
  await seen.page.keyboard.press('ArrowRight');
  await shownBy(figure);
  assert.equal((await figure.state()).lens, 'density');
  const spoken = () =>
    figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.plot input').getAttribute('aria-valuetext'));
  const near = 'Log density −1\\.\\d\\d; the nearest of 1,000 training pictures is 0\\.\\d\\d away$';
  await eventually(async () => assert.match(await spoken(), new RegExp(`^0\\.00; Closest test digits: .*; ${near}`)));
  const announced = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[aria-live]').textContent);
  await eventually(async () => assert.match(await announced(), new RegExp(near)));
  assert.deepEqual(await violations(seen.page), []);
  await figure.focus('lens-density');
  await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () =>
    assert.equal(
      await figure.evaluate(
        ({ shadowRoot: root }) => root.querySelector('.lens-overlay').hidden && root.querySelector('.lens-room').hidden,
      ),
      true,
    ),
  );
  await eventually(async () => assert.doesNotMatch(await spoken(), /density/));
});

test('for a network without a fitted prior, the figure says so instead of a density, but shows the error', async () => {
  const before = await forgetPrior('map');
  const seen = await visit({ from: figureAddress('map', { lens: 'density' }), before });
  const figure = await seen.figure('map').ready();
  const key = () =>
    figure.evaluate(({ shadowRoot }) => {
      const [value, title] = shadowRoot.querySelectorAll('.lens-key > :is(.lens-value, .name)');
      return value && [value.innerText, title.innerText].join('').trim();
    });
  await eventually(async () =>
    assert.equal(await key(), 'This network has no fitted prior, so there is no density to show.'),
  );
  await figure.click('lens-error');
  await shownBy(figure);
  assert.match(await key(), /^The encoder puts this picture/);
});
