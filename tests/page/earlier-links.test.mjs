// Links made by the dialog of version 0.1.0 and read by this version, without a browser.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { attributesOf, parametersOf } from '../../www/state/address.js';
import { attributeNames } from '../../www/state/attributes.js';
import { readState } from '../../www/state/state.js';
import { readRunConfig } from '../../www/training/page/run-config.js';
import { defaults } from '../../www/training/page/settings.js';

const HASH = 'hash=ed11edc3f8c2.0123456789ab';
const hash = HASH.slice('hash='.length);
const stored = (digit, nth = 0) => ({ digit, nth });
const code = (value) => new Array(16).fill(Math.fround(value));

/** Each link with the values of the attributes that it names, and of those that it omits because version 0.1.0 had other defaults. */
const LINKS = {
  [`figure=morph&engine=cpu&seed=7&to=8%3A12&t=0.7&path=lerp&autoplay=&loop=restart&speed=2&controls=t%2C+play&poster=poster.svg&label=From+3+to+8&theme=dark&${HASH}`]:
    {
      ...{ figure: 'morph', engine: 'cpu', seed: 7, from: stored(3), to: stored(8, 12), t: 0.7, path: 'lerp' },
      ...{ autoplay: true, loop: 'restart', speed: 2, controls: 't, play', poster: 'poster.svg', theme: 'dark', hash },
      label: 'From 3 to 8',
    },
  [`figure=morph&t=0.5&${HASH}`]: { figure: 'morph', from: stored(3), to: stored(8), t: 0.5, hash },
  [`from=3%3A2&${HASH}`]: { figure: 'morph', from: stored(3, 2), to: stored(8), hash },
  [`figure=morph&z=${Array(16).fill('0.12345679').join('%2C')}%3B${Array(16).fill('-1').join('%2C')}&${HASH}`]: {
    ...{ figure: 'morph', from: stored(3), to: stored(8), hash },
    z: { from: code(0.123456789), to: code(-1) },
  },
  [`figure=samples&model=fashion&compare=digits-plain&seed=2024&temperature=0.5&fit=&show=model&${HASH}`]: {
    ...{ figure: 'samples', model: 'fashion', compare: 'digits-plain', seed: 2024, temperature: 0.5, fit: true },
    ...{ prior: 'normal', show: 'model', hash },
  },
  [`figure=map&x=-1.25&y=2.5&extent=4&classes=037&grid=hidden&${HASH}`]: {
    ...{ figure: 'map', model: 'map', x: -1.25, y: 2.5, extent: 4, classes: '037', grid: 'hidden', hash },
  },
  [`figure=microscope&way=overlap&input=ramp&weights=1+2+3+4+5+6+7+8+9&kernel=5&stride=1&padding=2&output-padding=1&step=3&controls=-way&${HASH}`]:
    {
      ...{ figure: 'microscope', way: 'overlap', input: 'ramp', weights: '1 2 3 4 5 6 7 8 9', kernel: 5, stride: 1 },
      ...{ padding: 2, outputPadding: 1, step: 3, controls: '-way', from: stored(3), to: stored(8), hash },
    },
  'figure=train&lesson=one-picture&plan=beta%3A+4%3B+augment%3A+rotate+10%2C+zoom+0.2': {
    ...{ figure: 'train', lesson: 'one-picture', plan: 'beta: 4; augment: rotate 10, zoom 0.2' },
  },
};

/** The state of a figure opened with a link, which must not cause a warning. */
function stateOf(t, link) {
  const warn = t.mock.method(console, 'warn', () => {});
  const attributes = new Map(attributesOf(new URLSearchParams(link)));
  assert.deepEqual(
    warn.mock.calls.map((call) => call.arguments),
    [],
  );
  return readState({
    getAttribute: (name) => attributes.get(name) ?? null,
    hasAttribute: (name) => attributes.has(name),
  });
}

for (const [link, expected] of Object.entries(LINKS)) {
  test(`a link of version 0.1.0 still means the same: ${link.slice(0, 60)}`, (t) => {
    const state = stateOf(t, link);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(state[name], value, name);
    const named = new Set(Object.keys(expected));
    const rest = ([name]) => !named.has(name);
    const fresh = stateOf(t, new URLSearchParams({ figure: state.figure, model: state.model }));
    assert.deepEqual(
      Object.entries(state).filter(rest),
      Object.entries(fresh).filter(rest),
      'all other values are the defaults',
    );
  });
}

test('the links above name every attribute that version 0.1.0 put into links', () => {
  const all = Object.keys(LINKS).join('&');
  const missing = attributeNames.filter((name) => !new URLSearchParams(all).has(name));
  // `loading` is not part of a link. Version 0.1.0 had one worker, and no fitted priors, checks, lenses, puzzles, traversals, attribute
  // vectors or captions.
  const vectors = ['example', 'plus', 'minus', 'amount', 'analogy'];
  assert.deepEqual(missing, [
    'threads',
    'invite',
    'prior',
    'check',
    'lens',
    'day',
    'moved',
    ...vectors,
    'loading',
    'caption',
  ]);
});

test('a plan of version 0.1.0, which had no presets, sets every value that it names', (t) => {
  const plan =
    'kind: variational; latent: 8; layers: 16 3 2, 32 5 1, 64 3 2; loss: gaussian; beta: 0.5; rate: 0.002; batch: 32; seed: 9; ' +
    'pace: 0.5; augment: flip, rotate 10; copies: 5; side: 32; colors: rgb';
  const { plan: text } = stateOf(t, new URLSearchParams({ figure: 'train', plan }).toString());
  const free = { settings: defaults(), shape: { channels: 1, height: 28, width: 28 }, preset: 'quick' };
  const { settings, shape, wrong } = readRunConfig(text, free);
  assert.deepEqual(wrong, []);
  assert.deepEqual(shape, { channels: 3, height: 32, width: 32 });
  const layer = (filters, kernel, stride) => ({ filters, kernel, stride });
  assert.deepEqual(settings, {
    ...{ kind: 'variational', latent: 8, layers: [layer(16, 3, 2), layer(32, 5, 1), layer(64, 3, 2)] },
    ...{
      likelihood: 'gaussian',
      beta: 0.5,
      learningRate: 0.002,
      fall: 0,
      batch: 32,
      seed: 9,
      pace: 0.5,
      threads: 0,
      critic: 0,
      awake: false,
      copies: 5,
      held: 0,
    },
    augment: { flip: true, rotate: 10, shift: 0, zoom: 0 },
  });
});

test('a plan of version 0.1.0 that names one value gets the defaults of that version for the others', () => {
  const free = { settings: defaults(), shape: { channels: 1, height: 28, width: 28 }, preset: 'quick' };
  const { latent, layers, learningRate, batch } = readRunConfig('latent: 5', free).settings;
  assert.deepEqual(
    { latent, filters: layers.map(({ filters }) => filters), learningRate, batch },
    { latent: 5, filters: [32, 64, 128], learningRate: 0.001, batch: 64 },
  );
});

test('a link of this version names the ends of its path, so that it is not mistaken for one of version 0.1.0', (t) => {
  for (const figure of ['morph', 'microscope']) {
    const state = stateOf(t, `figure=${figure}`);
    const link = parametersOf(state, hash);
    assert.deepEqual([link.get('from'), link.get('to')], ['3:2', '8:4']);
    assert.deepEqual(stateOf(t, link.toString()), { ...state, hash });
  }
  assert.equal(parametersOf(stateOf(t, 'figure=samples'), hash).toString(), `figure=samples&${HASH}`);
});

test('links made before models had a fitted prior are known to show the same pictures', async () => {
  const { showsTheSame } = await import('../../www/element/fingerprint.js');
  for (const [name, earlier] of Object.entries({
    digits: 'ed11edc3f8c2',
    'digits-plain': '94aaef9caf0a',
    'cats-blurred': '7bc9046d6b99',
    fashion: 'b5b139c544ad',
    emoji: '19711139d84c',
  })) {
    const file = await readFile(new URL(`../../www/models/${name}.safetensors`, import.meta.url));
    const now = createHash('sha256').update(file).digest('hex').slice(0, 12);
    assert.ok(showsTheSame(`${earlier}.0123456789ab`, `${now}.0123456789ab`), name);
    assert.ok(showsTheSame(now, now), name);
    assert.ok(!showsTheSame('0123456789ab', now), name);
  }
});

test('a link made when `cats` was the blurred model shows `cats-blurred`', async (t) => {
  const { showsTheSame } = await import('../../www/element/fingerprint.js');
  const found = [];
  for (const file of ['cats-blurred.safetensors', 'cats-blurred.latents.safetensors']) {
    const bytes = await readFile(new URL(`../../www/models/${file}`, import.meta.url));
    found.push(createHash('sha256').update(bytes).digest('hex').slice(0, 12));
  }
  for (const model of ['7bc9046d6b99', '62cd895f83f7']) {
    const link = `figure=morph&model=cats&from=4%3A5&to=8%3A9&hash=${model}.6c5b0216dbbb`;
    const state = stateOf(t, link);
    assert.deepEqual([state.model, state.from], ['cats-blurred', stored(4, 5)]);
    assert.ok(showsTheSame(state.hash, found.join('.')));
    assert.equal(stateOf(t, `figure=samples&compare=cats&hash=ed11edc3f8c2.${model}`).compare, 'cats-blurred');
  }
  assert.equal(stateOf(t, `figure=morph&model=cats&${HASH}`).model, 'cats');
  assert.equal(stateOf(t, 'figure=morph&model=cats').model, 'cats');
});
