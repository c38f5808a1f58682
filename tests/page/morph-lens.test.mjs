// The lens of `morph`: the density of the fitted prior, or the error of the round trip, as a curve along the path.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { middle, valueAt } from '../../www/views/morph/lens.js';
import { logDensities, mixtureOf } from '../../www/views/parts/mixture.js';
import { eventually, violations } from './support/browser.mjs';
import { read } from './support/independent.mjs';
import { forgetPrior } from './support/prior.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

async function morph(attributes = {}, options = {}) {
  const seen = await visit.shared('morph', attributes, options);
  return { seen, figure: await seen.figure('morph').ready() };
}

const textOf = async (figure) => (await figure.part('lens-value')).evaluate((node) => node.textContent);

const numbersIn = (text) => [...text.matchAll(/−?\d+(?:\.\d+)?/g)].map(([number]) => Number(number.replace('−', '-')));

/** The fitted prior of a file, from its tensors as they are stored. */
function priorOf({ tensors, config: { latent } }) {
  const [weights, means, integers, scales] = ['weights', 'means', 'factors', 'factors.scale'].map(
    (name) => tensors[`prior.${name}`].values,
  );
  const rows = Array.from({ length: latent }, (_, row) => Array(row + 1).fill(row)).flat();
  const factors = integers.map(
    (value, i) => value * scales[Math.floor(i / rows.length) * latent + rows[i % rows.length]],
  );
  return mixtureOf(Float32Array.from([...weights, ...means, ...factors]), latent);
}

/** In the page: codes at some positions of the article's path from 3 to 8, each with its distance to the code of its picture. */
async function path(positions) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model, interpolate, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const bytes = async (name) => new Uint8Array(await (await fetch(`/models/${name}.safetensors`)).arrayBuffer());
  const { mean, labels, latent } = parseLatents(await bytes('digits.latents'));
  const model = await Model.load(await bytes('digits'));
  const codeOf = (digit, nth) => {
    const place = [...labels.keys()].filter((i) => labels[i] === digit)[nth];
    return mean.slice(place * latent, (place + 1) * latent);
  };
  const all = interpolate('slerp', codeOf(3, 2), codeOf(8, 4), 241);
  const found = [];
  for (const t of positions) {
    const code = all.slice(t * 240 * latent, (t * 240 + 1) * latent);
    const { data } = await model.decodeImages(code.slice());
    const { mean: again } = await model.encode(model.pixelsFromRgba(new Uint8Array(data.buffer)));
    found.push({ code: [...code], distance: Math.hypot(...code.map((value, i) => value - again[i])) });
  }
  return found;
}

const POSITIONS = [0, 0.5, 1];

test('values between two steps are interpolated, and the median of an even number of values is between two of them', () => {
  assert.equal(valueAt(Float32Array.of(1, 3, 7), 0.75), 5);
  assert.equal(valueAt(Float32Array.of(1, 3, 7), 1), 7);
  assert.equal(middle(Float32Array.of(9, 1, 4, 2)), 3);
  assert.equal(middle(Float32Array.of(9, 1, 4)), 4);
});

test('the density along the path is that of the prior in the model file, and follows the position', async () => {
  const { seen, figure } = await morph({ lens: 'density' });
  const model = read(await readFile(new URL('../../www/models/digits.safetensors', import.meta.url)));
  const mixture = priorOf(model);
  const found = await seen.page.evaluate(path, POSITIONS);
  for (const [i, t] of POSITIONS.entries()) {
    await figure.set('t', String(t));
    const [expected] = logDensities(mixture, Float32Array.from(found[i].code));
    await eventually(async () => {
      const [shown] = numbersIn(await textOf(figure));
      assert.ok(Math.abs(shown - expected) < 0.006, `${shown} at ${t}: ${expected}`);
    });
  }
  const label = await (await figure.part('lens-curve')).evaluate((node) => node.getAttribute('aria-label'));
  const [first, last, low, high] = numbersIn(label);
  const ends = [found[0], found[2]].map(({ code }) => logDensities(mixture, Float32Array.from(code))[0]);
  assert.ok(Math.abs(first - ends[0]) < 0.006 && Math.abs(last - ends[1]) < 0.006, label);
  assert.ok(low <= Math.min(...ends) + 0.006 && high >= Math.max(...ends) - 0.006, label);
  assert.deepEqual(await violations(seen.page), []);
});

test('the error along the path is the distance from each code to the code of its picture', async () => {
  const { seen, figure } = await morph({ lens: 'error' });
  const found = await seen.page.evaluate(path, POSITIONS);
  for (const [i, t] of POSITIONS.entries()) {
    await figure.set('t', String(t));
    await eventually(async () => {
      const [shown] = numbersIn(await textOf(figure));
      assert.ok(Math.abs(shown - found[i].distance) < 0.01, `${shown} at ${t}: ${found[i].distance}`);
    });
  }
});

test('the lens is chosen with the keyboard, announced to screen readers, and can be turned off', async () => {
  const { seen, figure } = await morph();
  await figure.focus('lens-none');
  await seen.page.keyboard.press('ArrowRight');
  await eventually(async () => assert.match(await textOf(figure), /^Log density −/));
  assert.equal((await figure.state()).lens, 'density');
  const announced = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[aria-live]').textContent);
  await eventually(async () =>
    assert.match(await announced(), /Log density −\d+\.\d\d; the nearest of 1,000 training pictures is \d\.\d\d away$/),
  );
  await figure.focus('lens-density');
  await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () =>
    assert.equal(await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.lens-room').hidden), true),
  );
});

test('for a network without a fitted prior, the figure says so instead of drawing a curve', async () => {
  const { figure } = await morph({ lens: 'density' }, { before: await forgetPrior('digits') });
  await eventually(async () => {
    const text = await figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.path-lens > .hint')?.textContent);
    assert.equal(text, 'This network has no fitted prior, so there is no density to show.');
  });
});
