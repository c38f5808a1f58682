// The figure `samples`: the same random latents, decoded by two networks.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { thresholds } from '../../www/views/samples/thresholds.js';
import { eventually, violations } from './support/browser.mjs';
import { forgetPrior } from './support/prior.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function samples(attributes = {}, options = {}) {
  seen = await visit.shared('samples', attributes, options);
  figure = await seen.figure('samples').ready();
}

async function grids() {
  return { model: await figure.pictures('samples-model'), compare: await figure.pictures('samples-compare') };
}

/** Both grids, once they differ from `before`. */
function changed(before) {
  return eventually(async () => {
    const now = await grids();
    assert.notDeepEqual(now.model, before.model);
    assert.notDeepEqual(now.compare, before.compare);
    return now;
  });
}

/** Types a seed as a reader does. */
async function typeSeed(seed) {
  const field = await figure.part('seed');
  await field.click({ count: 3 });
  await seen.page.keyboard.type(String(seed));
  await seen.page.keyboard.press('Enter');
}

test('both grids are decoded from the same latents, which the seed determines', async () => {
  await samples();
  const { seed } = await figure.state();
  const expected = {};
  for (const [which, model] of Object.entries({ model: 'digits', compare: 'digits-plain' })) {
    expected[which] = await seen.page.evaluate(decodedDraws, { model, seed, count: 40 });
  }
  await eventually(async () => assert.deepEqual(await grids(), expected));
});

/** In the page: gray values of decoded draws, by the module without the engine, in the build for this browser. */
async function decodedDraws({ model, seed, count }) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model, normalDraws } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const loaded = await Model.load(new Uint8Array(await (await fetch(`/models/${model}.safetensors`)).arrayBuffer()));
  const { data: rgba } = await loaded.decodeImages(normalDraws(seed, 0, count * loaded.config.latent));
  const size = rgba.length / count;
  const grey = (i) => [...rgba.subarray(i * size, (i + 1) * size)].filter((_, at) => at % 4 === 0);
  return Array.from({ length: count }, (_, i) => grey(i));
}

test('a new seed gives new pictures, and the old seed exactly the old ones', async () => {
  await samples();
  const first = await grids();
  await figure.click('new-seed');
  await changed(first);
  await typeSeed(7);
  await eventually(async () => assert.equal((await figure.state()).seed, 7));
  await eventually(async () => assert.deepEqual(await grids(), first));
});

test('a seed out of range becomes the nearest valid one, and the figure states the range', async () => {
  await samples();
  const field = await figure.part('seed');
  const told = () => field.evaluate((node) => node.parentElement.querySelector('output').value);
  for (const [wrong, nearest] of [
    [-1, 0],
    [99999999999, 0xffff_ffff],
  ]) {
    await typeSeed(wrong);
    await eventually(async () => assert.equal((await figure.state()).seed, nearest));
    await eventually(async () => assert.equal(await field.evaluate((node) => node.value), String(nearest)));
    await eventually(async () => assert.equal(await told(), '0 to 4,294,967,295'));
  }
  await typeSeed(7);
  await eventually(async () => assert.equal(await told(), ''));
});

test('with a spread of zero all pictures are the same, and with more they differ', async () => {
  await samples();
  const first = await grids();
  await figure.focus('temperature');
  await seen.page.keyboard.press('Home');
  await eventually(async () => {
    const { model, compare } = await grids();
    for (const pictures of [model, compare]) {
      assert.ok(pictures.every((picture) => JSON.stringify(picture) === JSON.stringify(pictures[0])));
    }
  });
  await figure.set('temperature', '1');
  await eventually(async () => assert.deepEqual(await grids(), first));
});

test('either network can be shown alone', async () => {
  await samples();
  const shown = async () => {
    const parts = [await figure.part('samples-model'), await figure.part('samples-compare')];
    return Promise.all(parts.map((part) => part.isVisible()));
  };
  for (const [choice, expected] of [
    ['show-model', [true, false]],
    ['show-compare', [false, true]],
    ['show-both', [true, true]],
  ]) {
    await figure.click(choice);
    await eventually(async () => assert.deepEqual(await shown(), expected, choice));
  }
});

test('random latents can be aimed at each network’s own codes', async () => {
  await samples();
  const first = await grids();
  await figure.click('fit');
  await changed(first);
  await figure.click('fit');
  await eventually(async () => assert.deepEqual(await grids(), first));
});

/** In the page: gray values of decoded draws from a model's fitted prior, by the module without the engine. */
async function decodedFittedDraws({ model, prior, seed, count, temperature }) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const loaded = await Model.load(new Uint8Array(await (await fetch(`/models/${model}.safetensors`)).arrayBuffer()));
  const { data: rgba } = await loaded.decodeImages(loaded.priorDraws(prior, seed, 0, count, temperature));
  const size = rgba.length / count;
  const grey = (i) => [...rgba.subarray(i * size, (i + 1) * size)].filter((_, at) => at % 4 === 0);
  return Array.from({ length: count }, (_, i) => grey(i));
}

test('random latents are drawn from the chosen prior, with the chosen spread', async () => {
  await samples();
  const first = await grids();
  const { seed } = await figure.state();
  let before = first;
  for (const [prior, temperature] of [
    ['mixture', 1],
    ['gaussian', 1],
    ['gaussian', 0.5],
  ]) {
    await figure.click(`prior-${prior}`);
    await figure.set('temperature', String(temperature));
    const expected = {};
    for (const [which, model] of Object.entries({ model: 'digits', compare: 'digits-plain' })) {
      const args = { model, prior, seed, count: 40, temperature };
      expected[which] = await seen.page.evaluate(decodedFittedDraws, args);
    }
    await eventually(async () => assert.deepEqual(await grids(), expected));
    assert.notDeepEqual(expected, before);
    before = expected;
  }
  assert.equal((await figure.state()).prior, 'gaussian');
  await figure.set('temperature', '1');
  await figure.click('prior-normal');
  await eventually(async () => assert.deepEqual(await grids(), first));
});

test('with a fitted prior the option to aim is hidden, and the texts name the distribution', async () => {
  await samples({ prior: 'mixture' });
  const caption = await figure.inside('figcaption');
  const fit = await figure.part('fit');
  await eventually(async () => {
    assert.equal(await fit.isVisible(), false);
    assert.match(await caption.evaluate((node) => node.textContent), /Drawn from where the codes/);
    assert.doesNotMatch(await caption.evaluate((node) => node.textContent), /hardly any|aim at/i);
  });
  const label = async () => (await figure.part('samples-model')).evaluate((node) => node.outerHTML);
  await eventually(async () => assert.match(await label(), /from a fitted mixture, Variational autoencoder, seed/));
  await figure.focus('prior-mixture');
  await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal((await figure.state()).prior, 'gaussian'));
  await eventually(async () => assert.match(await label(), /from a fitted normal distribution/));
  await seen.page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal(await fit.isVisible(), true));
  await eventually(async () => assert.match(await label(), /40 decoded random codes, Variational/));
});

test('a model without a fitted prior uses the standard normal distribution, whatever the link says', async () => {
  await samples({ model: 'map', compare: '', prior: 'mixture' }, { before: await forgetPrior('map') });
  const shown = await figure.pictures('samples-model');
  const expected = await seen.page.evaluate(decodedDraws, {
    model: 'map',
    seed: (await figure.state()).seed,
    count: 40,
  });
  assert.deepEqual(shown, expected);
  assert.equal(await (await figure.part('prior-normal')).isVisible(), false);
  assert.equal(await (await figure.part('fit')).isVisible(), true);
});

/** In the page: the round-trip MSE of decoded draws, or of stored codes, by the module without the engine. */
async function roundTrips({ model, seed, count, isStored = false }) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model, normalDraws, parseLatents } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const bytes = async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer());
  const loaded = await Model.load(await bytes(`/models/${model}.safetensors`));
  const codes = isStored
    ? parseLatents(await bytes(`/models/${model}.latents.safetensors`)).mean
    : normalDraws(seed, 0, count * loaded.config.latent);
  count ??= codes.length / loaded.config.latent;
  const { data } = await loaded.decodeImages(codes);
  const { mean } = await loaded.encode(loaded.pixelsFromRgba(new Uint8Array(data.buffer)));
  const { data: again } = await loaded.decodeImages(mean);
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let at = i * size; at < (i + 1) * size; at += 4) sum += (data[at] - again[at]) ** 2;
    return sum / (size / 4) / 255 ** 2;
  });
}

/** Indices of the marked pictures of a network. */
const marked = (which) =>
  figure.evaluate(
    ({ shadowRoot }, which) =>
      [...shadowRoot.querySelectorAll(`[part=samples-${which}] .tile`)].flatMap((tile, i) =>
        tile.classList.contains('odd') ? [i] : [],
      ),
    which,
  );

test('pictures whose round-trip error exceeds the threshold are marked and counted, and updated with the seed', async () => {
  await samples({ check: '' });
  const agree = async (seed) => {
    for (const [which, model] of Object.entries({ model: 'digits', compare: 'digits-plain' })) {
      const errors = await seen.page.evaluate(roundTrips, { model, seed, count: 40 });
      const expected = errors.flatMap((error, i) => (error > thresholds[model] ? [i] : []));
      const verb = expected.length === 1 ? 'comes' : 'come';
      await eventually(async () => {
        assert.deepEqual(await marked(which), expected);
        const line = await (await figure.part(`check-${which}`)).evaluate((node) => node.textContent);
        assert.equal(line, `${expected.length} of 40 ${verb} back as something else`);
      });
    }
  };
  await agree(7);
  assert.ok(
    (await marked('compare')).length > 5,
    'many random codes of the plain network are far from those of pictures',
  );
  await typeSeed(8);
  await agree(8);
  const announced = () => figure.evaluate(({ shadowRoot }) => shadowRoot.querySelector('[aria-live]').textContent);
  await eventually(async () =>
    assert.match(
      await announced(),
      /Variational autoencoder: \d+ of 40 comes? back.*Plain autoencoder: \d+ of 40 comes? back/,
    ),
  );
  assert.deepEqual(await violations(seen.page), []);
  await figure.click('check');
  await eventually(async () => assert.deepEqual([...(await marked('model')), ...(await marked('compare'))], []));
  assert.equal((await figure.state()).check, false);
});

test('every shipped model has a threshold, which the document repeats', async () => {
  const models = await readdir(new URL('../../www/models/', import.meta.url));
  const names = models.filter((name) => name.endsWith('.md')).map((name) => name.replace('.md', ''));
  assert.deepEqual(Object.keys(thresholds).sort(), names.sort());
  const document = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8');
  for (const [name, limit] of Object.entries(thresholds)) {
    assert.ok(document.includes(`\n| \`${name}\` | ${limit} |\n`), name);
  }
});

test('about one in twenty stored test pictures is marked, as the thresholds are chosen', async () => {
  await samples();
  for (const model of ['digits', 'digits-plain', 'map', 'fashion']) {
    const errors = await seen.page.evaluate(roundTrips, { model, isStored: true });
    const share = errors.filter((error) => error > thresholds[model]).length / errors.length;
    // Four standard deviations of a binomial share of one in twenty.
    const allowed = 4 * Math.sqrt((0.05 * 0.95) / errors.length);
    assert.ok(Math.abs(share - 0.05) < allowed, `${model}: ${share}`);
  }
});
