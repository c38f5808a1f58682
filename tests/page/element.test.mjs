// The element as hosts use it: attributes and properties, events, methods, slots, controls, theme.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attributeNames, propertyOf } from '../../www/state/attributes.js';
import { address, eventually } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const variant = (name) => new URL(`variants/${name}.html`, address).href;

const visit = visits();
let seen;

async function open(name, options = {}) {
  seen = await visit({ from: variant(name), ...options });
  return seen.page;
}

/** In the page: the name of every control, and whether it is visible. */
function controls(selector) {
  const nodes = [...document.querySelector(selector).shadowRoot.querySelectorAll('[data-control]:not(dialog *)')];
  return Object.fromEntries(nodes.map((node) => [node.dataset.control, node.checkVisibility()]));
}

test('each attribute has a property: reading validates, writing sets the attribute, and null removes it', async () => {
  const page = await open('script');
  const names = attributeNames.map((name) => [name, propertyOf(name)]);
  const found = await page.evaluate((pairs) => {
    const element = document.createElement('latent-lab');
    const before = pairs.map(([, property]) => typeof element[property]);
    element.seed = 7;
    element.outputPadding = 1;
    element.autoplay = true;
    element.z = [0.5, -1];
    element.t = 0.25;
    const set = [element.outerHTML, element.seed, element.outputPadding, element.autoplay, element.z, element.t];
    element.setAttribute('seed', 'seven');
    element.autoplay = false;
    element.z = null;
    const undone = [element.seed, element.hasAttribute('autoplay'), element.z];
    return { missing: pairs.filter(([, property]) => !(property in element)), before, set, undone };
  }, names);
  assert.deepEqual(found.missing, []);
  assert.ok(
    found.before.every((type) => ['string', 'number', 'boolean'].includes(type)),
    `${found.before}`,
  );
  assert.deepEqual(found.set, [
    '<latent-lab seed="7" output-padding="1" autoplay="" z="0.5,-1" t="0.25"></latent-lab>',
    7,
    1,
    true,
    '0.5,-1',
    0.25,
  ]);
  assert.deepEqual(found.undone, [1, false, '']);
});

test('invalid values become the default, with one warning that names them all', async () => {
  const page = await open('script');
  await seen.figure('morph').ready();
  await page.$eval('latent-lab', (element) => {
    for (const [name, value] of Object.entries({ t: '7', path: 'walk', z: '1,two', speed: '-1' })) {
      element.setAttribute(name, value);
    }
  });
  await eventually(() => assert.equal(seen.complaints.length, 1));
  const [warning] = seen.complaints.splice(0);
  for (const named of ['t="7"', 'path="walk"', 'z="1,two"', 'speed="-1"']) assert.ok(warning.includes(named), warning);
  const { t, path, z, speed } = await seen.figure('morph').state();
  assert.deepEqual({ t, path, z, speed }, { t: 1, path: 'slerp', z: { from: null, to: null }, speed: 0.25 });
});

test('the events load, progress and change have their documented details', async () => {
  const page = await open('script', {
    before: () => {
      globalThis.told = [];
      document.addEventListener('DOMContentLoaded', () => {
        for (const type of ['load', 'progress', 'change']) {
          document
            .querySelector('latent-lab')
            .addEventListener(type, ({ detail }) => globalThis.told.push([type, detail]));
        }
      });
    },
  });
  const figure = await seen.figure('morph').ready();
  assert.deepEqual(await page.evaluate(() => globalThis.told), [
    ['progress', { stage: 'files', done: 1, of: 2 }],
    ['progress', { stage: 'files', done: 2, of: 2 }],
    ['load', { figure: 'morph', model: 'digits' }],
  ]);
  await figure.click('path-lerp');
  assert.deepEqual(await page.evaluate(() => globalThis.told.at(-1)), ['change', { path: 'lerp' }]);
});

test('the event error has a kind, whenReady rejects, and the host’s own message replaces the figure', async () => {
  const page = await open('slots');
  await seen.figure('morph').ready();
  const failed = await page.evaluate(async () => {
    const element = document.querySelector('latent-lab');
    const error = new Promise((resolve) => element.addEventListener('error', ({ detail }) => resolve(detail.kind)));
    element.model = 'models/none.safetensors';
    await Promise.resolve();
    const ready = await element.whenReady().then(
      () => 'ready',
      ({ kind }) => kind,
    );
    return { kind: await error, ready, own: element.querySelector('[slot=error]').checkVisibility() };
  });
  assert.deepEqual(failed, { kind: 'missing', ready: 'missing', own: true });
  // The browser logs a line for each missing file: the model and its latents.
  await eventually(() => assert.equal(seen.complaints.length, 2));
  assert.ok(seen.complaints.splice(0).every((line) => line.includes('404')));
});

test('decode and encode use the model, and invalid input gets a clear message', async () => {
  const page = await open('script');
  await seen.figure('morph').ready();
  const found = await page.evaluate(async () => {
    const element = document.querySelector('latent-lab');
    const { mean } = await element.encode((await element.decode(new Float32Array(16)))[0]);
    const [a, b] = await element.decode([...new Float32Array(16), ...mean]);
    const refused = await Promise.all(
      [[1, 2, 3], [], new Array(16).fill(NaN)].map((z) =>
        element.decode(z).then(
          () => '',
          ({ message }) => message,
        ),
      ),
    );
    const apart = a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);
    return {
      size: [a.width, a.height],
      latent: mean.length,
      ink: a.data.filter((value, i) => i % 4 === 0 && value > 128).length,
      apart,
      refused,
    };
  });
  assert.deepEqual(found.size, [28, 28]);
  assert.equal(found.latent, 16);
  assert.ok(found.ink > 20, 'the picture is not blank');
  assert.ok(found.apart < 160, `the round trip changes pixels by less than 160: ${found.apart}`);
  assert.match(found.refused[0], /expected codes of 16 numbers each, got 3/);
  assert.match(found.refused[1], /0 numbers/);
  assert.match(found.refused[2], /not finite/);
});

test('play and pause', async () => {
  const page = await open('script');
  const figure = await seen.figure('morph').ready();
  await page.$eval('latent-lab', (element) => element.play());
  await eventually(async () => assert.notEqual((await figure.state()).t, 0.5));
  await page.$eval('latent-lab', (element) => element.pause());
  const { t } = await figure.state();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await figure.state()).t, t);
});

test('toBlob returns the picture that is shown, and toGIF its animation', async () => {
  const page = await open('script');
  const figure = await seen.figure('morph').ready();
  const strip = await figure.pictures('strip');
  const { png, gif, types } = await page.evaluate(async () => {
    const element = document.querySelector('latent-lab');
    const still = await element.toBlob('image/png', { scale: 1, ink: false });
    const bitmap = await createImageBitmap(still);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 0);
    const film = await element.toGIF({ frames: 5, scale: 2 });
    return {
      png: [...pixels],
      gif: [...new Uint8Array(await film.arrayBuffer()).slice(0, 10)],
      types: [still.type, film.type],
    };
  });
  assert.deepEqual(types, ['image/png', 'image/gif']);
  strip.forEach((picture, stop) => {
    picture.forEach((value, i) => assert.equal(png[Math.floor(i / 28) * 28 * 11 + stop * 28 + (i % 28)], value));
  });
  assert.equal(String.fromCharCode(...gif.slice(0, 6)), 'GIF89a');
  assert.deepEqual(gif.slice(6), [56, 0, 56, 0]);
});

test('any control can be hidden, by naming those that stay or those to hide', async () => {
  const page = await open('controls');
  for (const name of ['morph', 'samples', 'map']) await seen.figure(name).ready();
  const shown = Object.entries(await page.evaluate(controls, '[figure=morph]')).filter(([, isShown]) => isShown);
  assert.deepEqual(shown.map(([name]) => name).sort(), ['play', 't']);
  // The line about the device is added when the page is idle.
  await eventually(async () => {
    const gone = Object.entries(await page.evaluate(controls, '[figure=samples]')).filter(([, isShown]) => !isShown);
    assert.deepEqual(gone.map(([name]) => name).sort(), ['device', 'device-test', 'embed', 'engine', 'fit', 'seed']);
  });
  const none = Object.values(await page.evaluate(controls, '[figure=map]'));
  assert.ok(none.length > 3 && none.every((isShown) => !isShown), `${none}`);
  for (const name of Object.keys(await page.evaluate(controls, '[figure=morph]'))) {
    await seen.figure('morph').set('controls', `-${name}`);
    await eventually(async () => assert.equal((await page.evaluate(controls, '[figure=morph]'))[name], false, name));
  }
});

test('the host’s colors, radius, label and theme apply to the figure, whose style does not affect the page', async () => {
  const page = await open('controls');
  for (const name of ['morph', 'samples']) await seen.figure(name).ready();
  const found = await page.evaluate(() => {
    const inside = (figure, selector) =>
      getComputedStyle(document.querySelector(`[figure=${figure}]`).shadowRoot.querySelector(selector));
    return {
      accent: inside('morph', '.play').backgroundColor,
      radius: inside('morph', '.play').borderRadius,
      label: document.querySelector('[figure=morph]').shadowRoot.querySelector('figure').getAttribute('aria-label'),
      ink: inside('samples', 'figure').color,
      names: [...getComputedStyle(document.documentElement)].filter((name) => name.startsWith('--')),
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    };
  });
  assert.deepEqual(found, {
    accent: 'rgb(0, 102, 94)',
    radius: '0px',
    label: 'A four that becomes a nine',
    ink: 'rgb(236, 234, 228)',
    names: [],
    sheets: 1,
  });
});

test('a poster is shown until there is a picture, and the host’s caption replaces the figure’s own', async () => {
  const page = await open('slots', {
    before: () =>
      document.addEventListener('DOMContentLoaded', () => {
        const poster = () => document.querySelector('latent-lab').shadowRoot?.querySelector('[part=poster-picture]');
        document
          .querySelector('latent-lab')
          .addEventListener('progress', () => (globalThis.poster ??= poster()?.getAttribute('src')));
      }),
  });
  await seen.figure('morph').ready();
  assert.equal(await page.evaluate(() => globalThis.poster), 'poster.svg');
  assert.equal(await page.$eval('latent-lab', (element) => element.shadowRoot.querySelector('[part=poster]')), null);
  const caption = await page.$eval(
    'latent-lab',
    (element) => element.shadowRoot.querySelector('slot[name=caption]').assignedNodes()[0].textContent,
  );
  assert.match(caption, /^The host says what this is/);
});

test('the reader’s changes are kept when the host changes something else', async () => {
  const page = await open('script');
  const figure = await seen.figure('morph').ready();
  await figure.focus('t');
  await page.keyboard.press('Home');
  await figure.set('speed', '2');
  await eventually(async () => assert.equal((await figure.state()).speed, 2));
  assert.equal((await figure.state()).t, 0);
  await figure.set('t', '0.5');
  await eventually(async () => assert.equal((await figure.state()).t, 0.5));
});
