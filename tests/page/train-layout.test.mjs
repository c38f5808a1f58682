// The layout of the figure `train`: first the sources of pictures and the start button, then the networks' output, and settings that are
// folded until they are needed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress } from './support/browser.mjs';
import { bars, drop, idx, press, SMALL, stepOf, steps, text, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

async function train(options, attributes) {
  seen = await visit({ from: figureAddress('train', attributes), ...options });
  figure = await seen.figure('train').ready();
}

/** A new figure on the page shared by tests that take no step and so store nothing. */
async function another(options, attributes) {
  seen = await visit.shared('train', attributes, options);
  figure = await seen.figure('train').ready();
}

/** The position of a part relative to the figure's corner, in CSS pixels. */
async function place(part) {
  const node = await figure.part(part);
  return node.evaluate((element) => {
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    const frame = element.getRootNode().querySelector('[part=figure]').getBoundingClientRect();
    return {
      left: left - frame.left,
      top: top - frame.top,
      right: right - frame.left,
      bottom: bottom - frame.top,
      width,
      height,
      room: frame.width,
    };
  });
}

/** The parts of all visible fields and buttons. */
const controls = () =>
  figure.evaluate((element) => {
    const nodes = [
      ...element.shadowRoot.querySelectorAll('figure :is(input, select, button):not(dialog *, [type=file])'),
    ];
    return nodes
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => node.getAttribute('part'));
  });

/** The value that a slider shows. */
const said = (part) =>
  figure.evaluate((element, part) => element.shadowRoot.querySelector(`[data-control=${part}] output`).value, part);

test('before a run there are sources of pictures and a large start button, and the settings are folded into one line', async () => {
  for (const screen of [PHONE, DESK]) {
    await train(screen);
    await eventually(async () =>
      assert.deepEqual(await controls(), [
        'play',
        'step',
        'use-digits',
        'use-other',
        'choose-files',
        'choose-folder',
        'camera',
        'draw',
      ]),
    );
    const start = await place('play');
    assert.ok(start.height >= 48 && start.width >= 150, 'the start button is large');
    assert.ok(
      start.bottom < screen.height / 2,
      `the start button is in the upper half of the first screen: ${start.bottom}`,
    );
    await eventually(async () =>
      assert.match(
        await text(figure, 'choices'),
        /^VAE and plain, 16 numbers, 3 layers, 37,000 parameters, [\d.]+ m?s per step$/,
      ),
    );
    await figure.click('choices');
    const opened = await controls();
    for (const field of [
      'preset-plane',
      'start-from',
      'side',
      'latent',
      'filters-0',
      'batch',
      'beta',
      'learning-rate',
      'fall',
    ]) {
      assert.ok(opened.includes(field), field);
    }
    await seen.close();
  }
});

test('on a phone the start button, the random pictures and a curve are on the first two screens during a run', async () => {
  await train({ ...PHONE, touch: true }, SMALL);
  const before = await place('play');
  await bars(figure);
  await steps(figure, 2);
  // The first preview arrives after the step and changes the layout.
  await eventually(async () => {
    const start = await place('play');
    assert.equal(Math.round(start.top), Math.round(before.top), 'the start button does not move');
    const pictures = [await place('drawn-variational'), await place('drawn-autoencoder')];
    const chart = await place('chart-reconstruction');
    assert.equal(pictures[0].top, pictures[1].top, 'the networks are side by side');
    assert.ok(start.bottom < pictures[0].top && pictures[0].bottom < chart.top);
    assert.ok(chart.bottom <= 2 * PHONE.height, `${chart.bottom}`);
  });
  await eventually(async () => assert.ok(!(await controls()).includes('latent'), 'the settings are folded'));
  const scroll = await seen.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(scroll <= PHONE.width, 'nothing is wider than the screen');
});

test('on a wide screen both networks’ random pictures and the curves are side by side and fill the width', async () => {
  await train(DESK, SMALL);
  await bars(figure);
  await steps(figure, 2);
  await eventually(async () => {
    const [vae, plain, losses] = [
      await place('drawn-variational'),
      await place('drawn-autoencoder'),
      await place('losses'),
    ];
    assert.ok(vae.right <= plain.left && plain.right <= losses.left, 'three columns');
    assert.ok(vae.left < 1 && losses.right > 0.97 * losses.room);
    const [picture] = await (await figure.part('drawn-variational')).$$('canvas');
    const { width } = await picture.boundingBox();
    assert.ok(width > 0.25 * vae.room, `random pictures are large: ${width} of ${vae.room}`);
    assert.ok(losses.bottom < DESK.height, 'everything is on the first screen');
  });
});

test('controls that need a network are hidden until there is one, and so are controls without effect', async () => {
  await train(DESK, SMALL);
  const shown = async (part) => (await controls()).includes(part);
  for (const part of ['reset', 'save', 'use', 'export', 'forget', 'time']) assert.ok(!(await shown(part)), part);
  await bars(figure);
  await steps(figure, 1);
  for (const part of ['reset', 'save', 'use', 'export', 'forget', 'time']) {
    await eventually(async () => assert.ok(await shown(part), part));
  }
  for (const part of ['use-digits', 'choose-files', 'clear']) assert.ok(!(await shown(part)), part);
  await press(figure, 'reset');
  await eventually(async () => assert.ok(await shown('use-digits')));
  for (const part of ['reset', 'save', 'time']) assert.ok(!(await shown(part)), part);
});

test('if a link hides some controls, the remaining settings are unfolded', async () => {
  await another(DESK, { controls: 'latent play' });
  await eventually(async () => assert.deepEqual((await controls()).sort(), ['latent', 'play']));
  await figure.set('controls', 'all');
  await figure.click('choices');
  await figure.set('controls', 'beta');
  await eventually(async () => assert.deepEqual(await controls(), ['beta']));
});

test('legends show the newest values, and those of a step while the pointer is over it', async () => {
  await train(DESK, SMALL);
  await bars(figure);
  await steps(figure, 4);
  const legend = () => text(figure, 'chart-reconstruction');
  const values = async () => /VAE ([\d.]+)\s+Plain ([\d.]+)/.exec(await legend())?.slice(1);
  await eventually(async () => assert.match(await legend(), /^Reconstruction, nats\s+VAE [\d.]+\s+Plain [\d.]+/));
  const box = await (await figure.inside('.chart .u-over')).boundingBox();
  const hover = async (x, step) => {
    await seen.page.mouse.move(x, box.y + box.height / 2);
    await eventually(async () => assert.match(await legend(), new RegExp(`^Reconstruction, nats, step ${step}\\s`)));
    // Both charts share one cursor.
    await eventually(async () =>
      assert.match(await text(figure, 'chart-kl'), new RegExp(`^KL, nats, step ${step}\\s`)),
    );
    return values();
  };
  const newest = await hover(box.x + box.width - 2, 4);
  assert.notDeepEqual(await hover(box.x + 2, 1), newest);
  await seen.page.mouse.move(box.x + 2, box.y - 400);
  await eventually(async () => assert.match(await legend(), /^Reconstruction, nats\s+VAE/));
  await eventually(async () => assert.deepEqual(await values(), newest));
});

test('a curve is drawn smoothed, with its raw values faint behind', async () => {
  await train(DESK, SMALL);
  await bars(figure);
  await press(figure, 'play');
  await eventually(async () => assert.ok((await stepOf(figure)) > 40));
  await press(figure, 'play');
  // Counts pixels that nearly have the line's color, and pixels between it and the background.
  const chart = await figure.inside('.chart canvas');
  const counted = () =>
    chart.evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let [full, faint] = [0, 0];
      for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue, alpha] = data.slice(i, i + 4);
        if (red - blue < 60 || red - green < 60 || alpha === 0) continue;
        if (alpha > 230) full += 1;
        else if (alpha < 110) faint += 1;
      }
      return { full, faint };
    });
  await eventually(async () => {
    const counts = await counted();
    assert.ok(counts.full > 50, `a line: ${JSON.stringify(counts)}`);
    assert.ok(counts.faint > 50, `and a faint one: ${JSON.stringify(counts)}`);
  });
});

test('a contact sheet that is painted while its pictures are being resized shows the old ones', async () => {
  await another(DESK);
  const values = await seen.page.evaluate(async () => {
    const { Sheet } = await import('/views/train/sheet.js');
    const sheet = new Sheet();
    document.body.append(sheet.node);
    sheet.node.style.inlineSize = '400px';
    sheet.width.measure();
    const item = { seen: new Uint8Array(64).fill(200), name: 'one' };
    sheet.show({ items: [item], shape: { channels: 1, height: 8, width: 8 }, isInk: false });
    item.seen = null;
    sheet.node.style.inlineSize = '300px';
    sheet.width.measure();
    const canvas = sheet.node.querySelector('canvas');
    return [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data];
  });
  assert.deepEqual(values, [200, 200, 200, 255]);
});

test('a preset changes the settings, and is marked as chosen until one of them is changed', async () => {
  await another(DESK);
  const value = async (part) =>
    (await figure.part(part)).evaluate((node) => (node.type === 'radio' ? node.checked : node.value));
  await eventually(async () => assert.ok(await value('preset-quick')));
  await type(figure, 'train-seed', 7);
  await eventually(async () => assert.ok(!(await value('preset-quick'))));
  await type(figure, 'train-seed', 1);
  await press(figure, 'preset-plane');
  await eventually(async () => assert.equal(await value('latent'), '2'));
  await eventually(async () => assert.equal((await figure.state()).plan, 'preset: plane'));
  await press(figure, 'preset-article');
  await eventually(async () => assert.deepEqual([await value('filters-2'), await value('batch')], ['128', '64']));
  await eventually(async () => assert.equal(await said('learning-rate'), '0.001'));
  await type(figure, 'batch', 32);
  await eventually(async () => assert.ok(!(await value('preset-article'))));
  await eventually(async () => assert.equal((await figure.state()).plan, 'preset: article; batch: 32'));
});

test('the fields show the settings of a link, including those that an old link without a preset implies', async () => {
  await another(DESK, { plan: 'latent: 8; seed: 4' });
  const value = async (part) => (await figure.part(part)).evaluate((node) => node.value);
  await eventually(async () =>
    assert.deepEqual(
      [
        await value('latent'),
        await value('filters-0'),
        await value('filters-2'),
        await value('batch'),
        await value('train-seed'),
      ],
      ['8', '32', '128', '64', '4'],
    ),
  );
});

test('logarithmic sliders state the exact value, not the nearest step', async () => {
  await another(DESK, { plan: 'preset: quick; beta: 8; rate: 0.0033' });
  await eventually(async () => assert.deepEqual([await said('beta'), await said('learning-rate')], ['8', '0.0033']));
});

test('the text counts the latent dimensions in use, and NaN has no bar', async () => {
  await another(DESK);
  const told = await seen.page.evaluate(async () => {
    const { Divergence } = await import('/views/train/divergence.js');
    const texts = [
      [0.001, 0.012],
      [0.5, 0.001],
      [NaN, 0.5],
      [NaN, Infinity, 1],
    ].map((values) => {
      const bars = new Divergence();
      bars.show(Float32Array.from(values));
      return [
        bars.node.querySelector('[part=divergence-text]').textContent,
        [...bars.node.querySelectorAll('path')].map((path) => path.getAttribute('d')).join(' '),
      ];
    });
    return texts;
  });
  assert.deepEqual(
    told.map(([words]) => words),
    [
      '0 of 2 in use, each below 0.02 nats',
      '1 of 2 in use, up to 0.50 nats',
      'The KL of one number is no longer finite.',
      'The KL of 2 numbers is no longer finite.',
    ],
  );
  for (const [, drawn] of told) assert.doesNotMatch(drawn, /NaN|Infinity/);
});

test('the caption does not mention two networks if there is one', async () => {
  await train(DESK);
  await eventually(async () => assert.match(await text(figure, 'caption'), /Both networks/));
  await press(figure, 'kind-variational');
  await eventually(async () => assert.doesNotMatch(await text(figure, 'caption'), /Both networks/));
  await drop(figure, [{ name: 'bars', bytes: idx(3, 12) }]);
  await type(figure, 'side', 12);
  await eventually(async () => assert.equal(await text(figure, 'count'), '3 pictures'));
  await steps(figure, 1);
  await eventually(async () =>
    assert.equal(await figure.evaluate((element) => element.shadowRoot.querySelectorAll('.drawn').length), 1),
  );
});

test('a dropped model file can be trained further, at a low learning rate', async () => {
  await train(DESK);
  const bytes = Buffer.from(await (await fetch(new URL('models/map.safetensors', seen.page.url()))).arrayBuffer());
  await drop(figure, [{ name: 'mine.safetensors', bytes }]);
  await eventually(async () => assert.match(await text(figure, 'proposal'), /train it further/));
  await press(figure, 'accept');
  const value = async (part) => (await figure.part(part)).evaluate((node) => node.value);
  await eventually(async () =>
    assert.deepEqual(
      [await value('start-from'), await value('latent'), await value('filters-2')],
      ['file', '2', '128'],
    ),
  );
  assert.equal(await said('learning-rate'), '0.001');
  await drop(figure, [{ name: 'bars', bytes: idx(8, 28) }]);
  await eventually(async () => assert.equal(await text(figure, 'count'), '8 pictures'));
  await steps(figure, 1);
});
