// Details that could confuse a reader: the initial state of the figures, their captions, and gaps or clipping in the layout.

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';

import { latentsAddress, modelAddress, shippedModels } from '../../www/assets.js';
import { megabytesOf } from '../../www/element/figures.js';
import { readState } from '../../www/state/state.js';
import { address, eventually, figureAddress, KINDS } from './support/browser.mjs';
import { drop } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
const embed = (parameters) => new URL(`embed.html?${parameters}`, address).href;

async function open(parameters, options = {}) {
  const seen = await visit({ from: embed(parameters), ...options });
  const figure = seen.figure(/figure=([a-z]+)/.exec(parameters)[1]);
  return { ...seen, figure };
}

/** A new figure on the page shared with the other tests that need no page of their own. */
async function renewed(name, attributes, options) {
  const { page, figure } = await visit.shared(name, attributes, options);
  return { page, figure: await figure(name).ready() };
}

test('the first stored picture offered for each digit, and the initial ends of a path, are clear examples of their digits', async () => {
  const { figure, page } = await open('figure=morph');
  await figure.ready();
  const read = await page.evaluate(async () => {
    const [{ pageEngine }, { latentsAddress }, { shares }, { codeOf, DIGITS, firstOf, placeOf }] = await Promise.all(
      ['engine/engine', 'assets', 'views/parts/announcer', 'views/parts/stored'].map(
        (name) => import(new URL(`${name}.js`, location.href)),
      ),
    );
    const stored = await pageEngine.latents(latentsAddress('digits'));
    /** The digit of a picture according to the labels of all other pictures. */
    const judged = (endpoint) => {
      const own = placeOf(stored, endpoint);
      const others = [...stored.labels.keys()].filter((i) => i !== own);
      const mean = Float32Array.from(
        others.flatMap((i) => [...stored.mean.slice(i * stored.latent, (i + 1) * stored.latent)]),
      );
      return shares(codeOf(stored, endpoint, null), {
        latent: stored.latent,
        mean,
        labels: Uint8Array.from(others, (i) => stored.labels[i]),
      })[0];
    };
    const { from, to } = document.querySelector('latent-lab').state;
    return [
      ...DIGITS.map((digit) => ({ digit: Number(digit), ...rename(judged(firstOf(stored, Number(digit)))) })),
      ...[from, to].map((end) => ({ digit: end.digit, ...rename(judged(end)) })),
    ];
    function rename({ digit, share }) {
      return { as: digit, share };
    }
  });
  assert.deepEqual(
    read.filter(({ digit, as, share }) => digit !== as || share < 0.8),
    [],
  );
  const microscope = readState({
    getAttribute: (name) => (name === 'figure' ? 'microscope' : null),
    hasAttribute: () => false,
  });
  assert.deepEqual(
    [microscope.from, microscope.to],
    [
      { digit: 3, nth: 2 },
      { digit: 8, nth: 4 },
    ],
  );
});

test('the ends are chosen by small pictures, which the network decodes from the stored codes', async () => {
  for (const [model, part] of [
    ['digits', 'from'],
    ['cats', 'to'],
  ]) {
    const { figure, page } = await open(`figure=morph&model=${model}`);
    await figure.ready();
    const thumbs = await figure.inside(`.end[part=${part}] .thumbs[data-painted]`);
    const shown = await thumbs.$$eval('canvas', (all) =>
      all.map((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]),
    );
    assert.equal(shown.length, 10);
    await figure.click(`${part}-1`);
    const chosen = await (await figure.part(`${part}-1`)).evaluate((input) => input.checked);
    assert.ok(chosen);
    const drawn = await page.evaluate(
      async (model, end) => {
        const [{ pageEngine }, { latentsAddress }, { codeOf }] = await Promise.all(
          ['engine/engine', 'assets', 'views/parts/stored'].map((name) => import(new URL(`${name}.js`, location.href))),
        );
        const stored = await pageEngine.latents(latentsAddress(model));
        const element = document.querySelector('latent-lab');
        return [...(await element.decode(codeOf(stored, element.state[end], null)))[0].data];
      },
      model,
      part,
    );
    assert.deepEqual(shown[1], drawn);
    await page.close();
  }
});

test('a held-out emoji is shown beside its reconstruction', async () => {
  const { figure, page } = await renewed('emoji');
  // Pixels are read from copies: repeated reads of the figure's own canvases cause a warning that advises `willReadFrequently`.
  const pixels = () =>
    figure.evaluate((element) =>
      [...element.shadowRoot.querySelectorAll('.end[part=from] .pair canvas')].map((canvas) => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
      }),
    );
  const [original, redrawn] = await eventually(async () => {
    const both = await pixels();
    assert.ok(both.every((data) => data.length === 32 * 32 * 4 && data.some((value) => value > 0 && value < 255)));
    return both;
  });
  /** Mean squared difference of two pictures' values. */
  const distance = (a, b) => a.reduce((sum, value, i) => sum + (value / 255 - b[i] / 255) ** 2, 0) / a.length;
  const expected = await page.evaluate(async () => {
    const bitmap = await createImageBitmap(await (await fetch('/models/emoji.originals.webp')).blob());
    const context = new OffscreenCanvas(32, 32).getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 3 * 32, 7 * 32, 32, 32, 0, 0, 32, 32);
    return [...context.getImageData(0, 0, 32, 32).data];
  });
  assert.deepEqual(original, expected);
  // The reconstruction is close to this picture, so it is the one that was encoded.
  assert.ok(distance(original, redrawn) < 0.03, `${distance(original, redrawn)}`);
  await figure.click('from-another');
  await eventually(async () => assert.notDeepEqual((await pixels())[0], original));
});

test('choosing another picture of a digit changes the small picture of that digit', async () => {
  const { figure } = await renewed('morph');
  const picture = async () =>
    (await figure.inside('.end[part=from] .thumbs[data-painted] label:nth-child(4) canvas')).evaluate((canvas) =>
      [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].join(),
    );
  const before = await picture();
  await figure.click('from-another');
  await eventually(async () => assert.notEqual(await picture(), before));
});

/** Parameters of figures, with patterns that the caption must match and patterns that it must not match. */
const CAPTIONS = [
  ['figure=morph', [/Pick other digits or draw your own/], []],
  ['figure=morph&controls=play t', [/^Two handwritten digits/, /Look for the moment/], [/draw your own/i, /pick/i]],
  ['figure=morph&controls=from to', [/Pick other digits, and/], [/draw your own/i]],
  ['figure=morph&controls=-from-draw -to-draw', [/Pick other digits, and/], [/draw your own/i]],
  ['figure=morph&model=cats', [/^Two pictures/, /Pick others/], [/digit/, /draw your own/i]],
  ['figure=morph&model=cats&controls=none', [/Look for what changes first/], [/Pick/]],
  ['figure=samples', [/two networks/, /Drag Spread toward 0 .*; aim at/], []],
  ['figure=samples&show=model', [/decoded: no picture/], [/both grids/, /plain one/]],
  ['figure=samples&controls=new-seed', [/two networks/], [/spread/i, /aim/i]],
  ['figure=samples&controls=temperature', [/Drag Spread toward 0/], [/aim/i]],
  ['figure=samples&model=fashion', [/decoded: no picture/], [/both grids/, /digits/]],
  ['figure=samples&model=digits&compare=map', [/both grids/], [/plain one/]],
  ['figure=map', [/Each tile/, /The dots/], []],
  ['figure=map&classes=none', [/Each tile/], [/dots/]],
  ['figure=map&grid=hidden', [/The dots/], [/tile/]],
  ['figure=puzzle&day=2026-11-29', [/one a day/, /8 tries; 3 nats/], []],
  ['figure=puzzle&day=2026-11-29&controls=none', [/one a day/], [/tries/]],
  ['figure=traversal', [/order of KL/, /Drag a number/], [/variance/]],
  ['figure=traversal&controls=none', [/order of KL/], [/Drag/]],
  ['figure=traversal&model=digits-plain', [/order of variance/], [/KL/]],
  ['figure=paths', [/Four paths/, /Drag the slider/, /draw two ends/], [/pick other/]],
  ['figure=paths&controls=none', [/Four paths/], [/Drag/, /draw/, /pick/]],
  ['figure=paths&controls=t', [/Drag the slider/], [/draw/, /pick/]],
  ['figure=paths&model=cats', [/pick other ends/], [/draw/]],
  ['figure=posterior', [/a mean and a deviation/, /Draw something/], [/plain/]],
  ['figure=posterior&model=cats', [/a mean and a deviation/], [/Draw something/]],
  ['figure=posterior&model=digits-plain', [/a point and not a cloud/], [/deviation/, /Draw/]],
  ['figure=direction', [/mean codes/, /The slider/], [/In the row/]],
  ['figure=direction&controls=none', [/mean codes/, /In the row/], [/slider/]],
  ['figure=microscope', [/choose Overlap/, /128, 64 and 32 maps at a time/, /maps of 14 by 14/], []],
  ['figure=microscope&controls=none', [/128, 64 and 32/], [/overlap/i]],
  ['figure=microscope&model=cats', [/256, 128, 64 and 32 maps at a time/, /maps of 32 by 32/], []],
];

test('each caption describes the controls and pictures that its figure has', async () => {
  const { page } = await renewed('map');
  for (const [parameters, there, absent] of CAPTIONS) {
    const attributes = [...new URLSearchParams(parameters)];
    const said = await page.evaluate(async (attributes) => {
      const figure = document.createElement('latent-lab');
      for (const [name, value] of attributes) figure.setAttribute(name, value);
      document.querySelector('latent-lab').replaceWith(figure);
      await figure.whenReady();
      return figure.shadowRoot.querySelector('figcaption').textContent;
    }, attributes);
    for (const pattern of there) assert.match(said, pattern, `${parameters}: ${said}`);
    for (const pattern of absent) assert.doesNotMatch(said, pattern, `${parameters}: ${said}`);
  }
});

for (const name of KINDS) {
  test(`${name} without controls has no heading and no group that is empty`, async () => {
    const { figure } = await renewed(name, { controls: 'none' });
    const empty = await figure.evaluate((element) => {
      const seen = (node) => node.checkVisibility() && node.getClientRects().length > 0;
      const heads = [...element.shadowRoot.querySelectorAll('figure :is(h3, h4, legend, .name, .panel-title)')].filter(
        seen,
      );
      return heads
        .filter(
          (head) =>
            ![...head.parentElement.querySelectorAll('canvas, svg, input, button, p, .cell')].some(
              (node) => node !== head && seen(node),
            ),
        )
        .map((head) => head.textContent);
    });
    assert.deepEqual(empty, []);
  });
}

for (const name of KINDS) {
  test(`${name} without controls ends with its last part`, async () => {
    const { figure } = await renewed(name, { controls: 'none' });
    await eventually(async () => {
      const rest = await figure.evaluate((element) => {
        const node = element.shadowRoot.querySelector("[part='figure']");
        const ends = [...node.children]
          .filter((child) => child.checkVisibility() && child.getClientRects().length > 0)
          .map((child) => child.getBoundingClientRect().bottom);
        return node.getBoundingClientRect().bottom - Math.max(...ends);
      });
      assert.ok(rest < 32, `${rest} pixels`);
    });
  });
}

test('what direction says of its pictures is shown without the controls that choose them', async () => {
  const { figure } = await renewed('direction', { controls: 'amount' });
  const [status, section] = await figure.evaluate(({ shadowRoot }) =>
    ['.status', '.choosing'].map((selector) => shadowRoot.querySelector(selector).checkVisibility()),
  );
  assert.deepEqual({ status, section }, { status: true, section: false });
});

test('posterior without the choice of a picture shows its pictures over the whole width', async () => {
  for (const [controls, least, most] of [
    ['code', 0.95, 1],
    ['from', 0.5, 0.8],
  ]) {
    const { figure } = await renewed('posterior', { controls });
    const share = await figure.evaluate(({ shadowRoot }) => {
      const [whole, pictures] = ["[part='figure']", '.three'].map(
        (selector) => shadowRoot.querySelector(selector).getBoundingClientRect().width,
      );
      return pictures / whole;
    });
    assert.ok(share >= least && share <= most, `${controls}: ${share}`);
  }
});

/** Controls of `morph`, and where its caption is then, in a wide figure. */
const PLACES = [
  ['all', 'between the ends'],
  ['play t', 'beside the picture'],
  ['none', 'beside the picture'],
  ['none', 'beside the picture', { invite: '', z: Array(16).fill(0.5).join() }],
  ['code', 'below'],
  ['-from -from-another -from-draw -from-own -to -to-another -to-draw -to-own', 'below'],
  ['from t', 'beside one end'],
  ['to code', 'below, beside one end'],
];
for (const [controls, place, more] of PLACES) {
  test(`the caption of morph with the controls "${controls}"${more ? ' and an invitation' : ''} is ${place}`, async () => {
    const { figure } = await renewed('morph', { controls, ...more });
    const [whole, caption, picture, strip, from, to] = await figure.evaluate((element) =>
      ["[part='figure']", 'figcaption', '.frame', '.strip', "[part='from']", "[part='to']"].map((selector) => {
        const { left, right, top, bottom, width } = element.shadowRoot.querySelector(selector).getBoundingClientRect();
        return { left, right, top, bottom, width };
      }),
    );
    const isBeside = (one, other) => one.top < other.bottom && other.top < one.bottom;
    const shown = [from, to].filter(({ width }) => width > 0);
    const seen = [
      isBeside(caption, picture) && caption.left > picture.right && 'beside the picture',
      caption.top > strip.bottom && Math.abs(caption.left - whole.left) < 2 && 'below',
      shown.length === 2 && isBeside(caption, from) && from.right < caption.left && 'between the ends',
      shown.length === 1 && isBeside(caption, shown[0]) && 'beside one end',
    ];
    assert.equal(seen.filter(Boolean).join(', '), place);
  });
}

test('opening the details of the device does not change the button beside them', async () => {
  const { figure } = await renewed('morph');
  const before = await figure.box('embed');
  await figure.click('device');
  await eventually(async () => assert.ok((await (await figure.inside('.device')).boundingBox()).height > 60));
  assert.equal((await figure.box('embed')).height, before.height);
});

test('a long file name is wrapped, not cut off', async () => {
  const { figure, page } = await open('figure=train', { width: 360 });
  await figure.ready();
  await drop(figure, [{ name: `${'x'.repeat(230)}.png`, bytes: Buffer.from('no picture') }]);
  await eventually(async () =>
    assert.match(await figure.evaluate((element) => element.shadowRoot.querySelector('figure').innerText), /x{40}/),
  );
  const { scrollWidth, clientWidth } = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} in ${clientWidth}`);
  const wide = await figure.evaluate((element) =>
    [...element.shadowRoot.querySelectorAll('figure p')]
      .filter((node) => node.scrollWidth > node.clientWidth + 1)
      .map((node) => node.textContent.slice(0, 40)),
  );
  assert.deepEqual(wide, []);
});

test('an SVG that the browser cannot read is refused with a message about SVG', async () => {
  const { figure } = await renewed('train');
  const bytes = Buffer.from(
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" /></svg>',
  );
  for (const type of ['image/svg+xml', '']) {
    await drop(figure, [{ name: 'circle.svg', bytes, type }]);
    await eventually(async () =>
      assert.match(
        await figure.evaluate((element) => element.shadowRoot.querySelector('figure').innerText),
        /circle\.svg: it is an SVG, which has shapes/,
      ),
    );
  }
});

/** In the page, before anything else: turns on the preference for little data. */
const saving = () => Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true });

test('for readers who save data, controls are disabled until there is a picture', async () => {
  const { figure, page } = await open('figure=morph', { before: saving });
  const load = await figure.part('load');
  await eventually(async () =>
    assert.equal(await load.evaluate((node) => node.textContent), 'Load the figure, about 0.5 MB'),
  );
  const isInert = () => figure.evaluate((element) => element.shadowRoot.querySelector('figure').inert);
  await eventually(async () => assert.ok(await isInert()));
  const reached = [];
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Tab');
    reached.push(await figure.evaluate((element) => element.shadowRoot.activeElement?.getAttribute('part') ?? null));
  }
  assert.ok(reached.includes('load'), `${reached}`);
  assert.deepEqual(
    reached.filter((part) => part !== null && part !== 'load' && part !== 'embed'),
    [],
  );
  await load.click();
  await figure.ready();
  await eventually(async () => assert.equal(await isInert(), false));
});

test('the size stated on the button that loads a figure is the size of its files', async () => {
  const size = async (url) => (await stat(new URL(url))).size;
  const sizeOfModule = (name) => size(new URL(`../../pkg/${name}/latent_lab_bg.wasm`, import.meta.url));
  const module = await sizeOfModule('cpu-relaxed');
  for (const model of shippedModels) {
    const state = readState({
      getAttribute: (name) => ({ figure: 'microscope', model })[name] ?? null,
      hasAttribute: () => false,
    });
    const bytes = module + (await size(modelAddress(model))) + (await size(latentsAddress(model)));
    assert.ok(Math.abs(megabytesOf(state) - bytes / 1e6) < 0.05, `${model}: ${megabytesOf(state)} for ${bytes}`);
  }
  const trains = readState({ getAttribute: (name) => (name === 'figure' ? 'train' : null), hasAttribute: () => false });
  const bytes = module + (await sizeOfModule('training-relaxed'));
  assert.ok(Math.abs(megabytesOf(trains) - bytes / 1e6) < 0.05, `train: ${megabytesOf(trains)} for ${bytes}`);
  const other = readState({
    getAttribute: (name) => (name === 'model' ? 'https://host/model.safetensors' : null),
    hasAttribute: () => false,
  });
  assert.ok(Number.isNaN(megabytesOf(other)));
});

for (const [name, parameters, last] of [
  ['the microscope’s last map', 'figure=microscope', '.stage:last-child canvas'],
  ['the pickers of cats', 'figure=morph&model=cats', '.end[part=to] .row'],
]) {
  test(`on a phone only a margin separates ${name} from the caption`, async () => {
    const { figure } = await open(parameters, { width: 390 });
    await figure.ready();
    const gap = await figure.evaluate((element, selector) => {
      const bottom = element.shadowRoot.querySelector(selector).getBoundingClientRect().bottom;
      return element.shadowRoot.querySelector('figcaption').getBoundingClientRect().top - bottom;
    }, last);
    assert.ok(gap > 0 && gap <= 48, `${gap} px`);
  });
}

for (const name of ['sizes', 'few-and-many']) {
  for (const width of [390, 768, 1280]) {
    test(`the space reserved for the experiment ${name}, ${width} pixels wide, is that of its initial state`, async () => {
      const seen = await visit({ from: figureAddress(name), width });
      const figure = await seen.figure(name).ready();
      const { height, reserved, gap } = await figure.evaluate(({ shadowRoot }) => {
        const node = shadowRoot.querySelector('figure');
        const { bottom } = shadowRoot.querySelector('figcaption').getBoundingClientRect();
        return {
          height: node.getBoundingClientRect().height,
          reserved: parseFloat(getComputedStyle(node).minBlockSize),
          gap: shadowRoot.querySelector('.foot').getBoundingClientRect().top - bottom,
        };
      });
      assert.equal(height, reserved, 'the layout does not shift when the figure loads');
      assert.ok(gap > 0 && gap <= 128, `${gap} px`);
    });
  }
}
