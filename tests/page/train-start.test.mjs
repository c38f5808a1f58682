// Runs that start from a network: a shipped one or a model file.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, ARTICLE, eventually, figureAddress } from './support/browser.mjs';
import { read } from './support/independent.mjs';
import { drop, idx, press, steps, storedAt, text, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(options) {
  seen = await visit({ from: figureAddress('train'), ...options });
  figure = await seen.figure('train').ready();
}

const shipped = async (name) =>
  Buffer.from(await (await fetch(new URL(`models/${name}.safetensors`, seen.page.url()))).arrayBuffer());

const start = (value) => figure.part('start-from').then((select) => select.select(value));

/** Starts from a network and waits for its settings, since their arrival moves the controls below. */
async function startLoaded(value) {
  await start(value);
  await eventually(async () =>
    assert.notEqual(await (await figure.part('filters-0')).evaluate((field) => field.value), '8'),
  );
}

const settings = async () => (await storedAt(seen.page, 1)).run.settings;

/** The first weights of a model file, in the order of its layers. */
const firstWeights = ({ tensors }) => [
  ...tensors['encoder.conv.0.weight'].values,
  ...tensors['encoder.conv.0.bias'].values,
];

/** The weights of each network of the run at its first snapshot. */
function weightsAtStart() {
  return seen.page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('latent-lab');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const request = opening.result.transaction('run').objectStore('run').get('progress');
          request.onsuccess = () => {
            opening.result.close();
            resolve(request.result.moment.states.map((state) => [...state.slice(0, 300)]));
          };
        };
      }),
  );
}

test('a run can start from the weights and config of a dropped file, as a VAE and as its plain twin', async () => {
  await train();
  await add(seen.page, ARTICLE.map);
  const bytes = await shipped('map');
  await drop(figure, [{ name: 'mine.safetensors', bytes }]);
  await eventually(async () => assert.match(await text(figure, 'keep-status'), /mine\.safetensors is now in/));
  await drop(figure, [{ name: 'bars', bytes: idx(20, 28) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '20 pictures'));
  await startLoaded('file');
  await press(figure, 'kind-both');
  await figure.focus('learning-rate');
  await seen.page.keyboard.press('Home');
  await steps(figure, 1);
  const { kind, latent, layers } = await settings();
  assert.deepEqual([kind, latent, layers.map(({ filters }) => filters)], ['both', 2, [32, 64, 128]]);
  const expected = firstWeights(read(bytes)).slice(0, 300);
  const states = await weightsAtStart();
  assert.equal(states.length, 2);
  // One step of Adam changes a weight by at most the learning rate, 1e-5.
  for (const weights of states) {
    weights.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 2e-5, `${value} ${expected[i]}`));
  }
});

test('training can continue from every shipped network', async () => {
  await train();
  for (const [name, latent, side] of [
    ['digits', 16, 28],
    ['digits-plain', 16, 28],
    ['map', 2, 28],
    ['fashion', 16, 28],
    ['emoji', 64, 32],
    ['cats', 128, 64],
  ]) {
    await startLoaded(name);
    await eventually(async () =>
      assert.equal(await (await figure.part('latent')).evaluate((input) => input.valueAsNumber), latent),
    );
    assert.equal(await (await figure.part('side')).evaluate((input) => input.valueAsNumber), side);
    await drop(figure, [{ name: 'bars', bytes: idx(4, 16) }]);
    await eventually(async () => assert.equal(await text(figure, 'count'), '4 pictures'));
    await steps(figure, 1);
    const expected = firstWeights(read(await shipped(name))).slice(0, 300);
    await settings();
    (await weightsAtStart())[0].forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]) < 2e-3, `${name}: ${value} ${expected[i]}`),
    );
    await press(figure, 'reset');
    await eventually(async () =>
      assert.equal(await (await figure.part('play')).evaluate((node) => node.textContent), 'Start'),
    );
    await press(figure, 'clear');
  }
});

test('a run still knows its initial network after a reload, and names it in the file that it saves', async () => {
  await train({ before: catchDownloads });
  await drop(figure, [{ name: 'bars', bytes: idx(10, 28) }]);
  await startLoaded('digits-plain');
  await press(figure, 'kind-variational');
  await steps(figure, 1);
  await storedAt(seen.page, 1);
  await seen.page.reload();
  figure = await seen.figure('train').ready();
  await eventually(async () => assert.match(await text(figure, 'status'), /^Step 1 /));
  assert.equal(await (await figure.part('start-from')).evaluate((select) => select.value), 'digits-plain');
  await steps(figure, 1);
  await press(figure, 'save');
  const bytes = await eventually(async () => {
    const saved = await seen.page.evaluate(async () => [...new Uint8Array(await globalThis.saved[0])]);
    assert.ok(saved.length > 0, 'nothing saved yet');
    return saved;
  });
  const { card, config } = read(Buffer.from(bytes));
  assert.equal(config.kind, 'variational');
  assert.match(card.notes, /started from the weights of the network digits-plain, which was trained on MNIST/);
  assert.match(card.license, /^CC BY-SA 3\.0/);
});

test('settings changed while the network’s file loads are kept', async () => {
  await train();
  // Once the page's requests are held back, those of workers would wait forever, so the estimate must be complete before.
  await eventually(async () => assert.match(await text(figure, 'estimate'), /parameters/));
  let arrive;
  const held = new Promise((resolve) => (arrive = resolve));
  await seen.page.setRequestInterception(true);
  seen.page.on('request', async (request) => {
    if (request.url().endsWith('/digits-plain.safetensors')) await held;
    await request.continue();
  });
  await start('digits-plain');
  await press(figure, 'kind-variational');
  await type(figure, 'batch', 24);
  arrive();
  await eventually(async () =>
    assert.equal(await (await figure.part('layers')).evaluate((node) => node.querySelector('input').value), '32'),
  );
  assert.ok(await (await figure.part('kind-variational')).evaluate((input) => input.checked));
  assert.equal(await (await figure.part('batch')).evaluate((input) => input.value), '24');
  assert.equal(await (await figure.part('start-from')).evaluate((select) => select.value), 'digits-plain');
});

test('a run cannot start from a network whose config differs from the settings', async () => {
  await train();
  await start('map');
  await eventually(async () =>
    assert.equal(await (await figure.part('latent')).evaluate((input) => input.valueAsNumber), 2),
  );
  await type(figure, 'latent', 3);
  assert.equal(await (await figure.part('start-from')).evaluate((select) => select.value), '');
  const refused = await seen.page.evaluate(async () => {
    const { pageEngine } = await import('/engine/engine.js');
    const { TrainingController } = await import('/training/page/controller.js');
    const { defaults } = await import('/training/page/settings.js');
    const controller = new TrainingController(pageEngine, () => {}, 'test');
    const { start, settings, shape } = await controller.readStart({ model: 'digits' });
    const data = { shape, pixels: new Uint8Array(784), labels: null, name: 'nothing', isInk: true };
    return controller
      .begin({ settings: { ...defaults(), ...settings, latent: 3 }, data, start })
      .catch((error) => error.message);
  });
  assert.match(refused, /the network to start from has another config than the run/);
});

/** In the page: files that a link would save are kept here instead. */
function catchDownloads() {
  globalThis.saved = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.download) return click.call(this);
    globalThis.saved.push(fetch(this.href).then((answer) => answer.arrayBuffer()));
  };
}
