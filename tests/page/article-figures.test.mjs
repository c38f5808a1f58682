// In each browser, every figure of the article that decodes codes starts, responds to its controls, and shows the same picture as a
// second, independent decoder. The figures that train and the microscope are tested in browsers-training.test.mjs and
// browsers-figures.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { address, eventually } from './support/browser.mjs';
import { browsers } from './support/browsers.mjs';
import { decode, read } from './support/independent.mjs';

/** Values out of 255: the independent decoder computes in double precision, so it can round differently. */
const NEAR = 1;

/** The number of pictures of random codes that are compared. */
const FIRST = 3;

const file = (name) => read(readFileSync(new URL(`../../www/models/${name}.safetensors`, import.meta.url)));
const models = Object.fromEntries(
  ['digits', 'digits-plain', 'map', 'cats', 'fashion', 'emoji'].map((name) => [name, file(name)]),
);

/** The code that a figure takes for an end of its path. @param {string} model @param {string} end digit and number, `8:4` */
function endCode(model, end) {
  const { mean, label } = file(`${model}.latents`).tensors;
  const [digit, nth] = end.split(':').map(Number);
  const [count, size] = mean.shape;
  const ofDigit = label?.values.flatMap((value, i) => (value === digit ? [i] : []));
  const place = ofDigit ? ofDigit[nth] : Math.floor((digit * count) / 10) + nth;
  return mean.values.slice(place * size, (place + 1) * size);
}

/**
 * @param {number[]} rgba of a canvas
 * @param {string} model
 * @param {number[]} code
 */
function assertDecodes(rgba, model, code) {
  const { image } = models[model].config;
  const area = image.width * image.height;
  assert.equal(rgba.length, 4 * area);
  const values = decode(models[model], code);
  const worst = rgba.reduce((most, byte, i) => {
    const plane = image.channels === 1 ? 0 : i % 4;
    return i % 4 === 3 ? most : Math.max(most, Math.abs(byte - 255 * values[plane * area + Math.floor(i / 4)]));
  }, 0);
  assert.ok(worst <= NEAR, `${model}: ${worst} of 255 away`);
}

/* In the page: */

/** Scrolls to a figure and returns its status. */
async function arrive(selector) {
  const figure = document.querySelector(selector);
  figure.scrollIntoView();
  return figure.status;
}

async function pause(selector) {
  await document.querySelector(selector).pause();
}

/** Sets a control as a reader does. */
async function drive({ selector, part, value }) {
  const control = document.querySelector(selector).shadowRoot.querySelector(`[part~=${part}]`);
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}

/** RGBA of the canvases of a part, `count` at most. */
async function shown({ selector, part, count }) {
  const node = document.querySelector(selector).shadowRoot.querySelector(`[part~=${part}]`);
  const canvases = node.matches('canvas') ? [node] : [...node.querySelectorAll('canvas')].slice(0, count);
  return canvases.map((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]);
}

/** Standard normal codes of a seed, drawn by the module: in every browser they equal the native ones. */
async function draws({ seed, count }) {
  const { default: init, normalDraws } = await import('/pkg/cpu/latent_lab.js');
  await init({ module_or_path: '/pkg/cpu/latent_lab_bg.wasm' });
  return [...normalDraws(seed, 0, count)];
}

/** Moves the cursor of a map. */
async function point({ selector, x, y }) {
  Object.assign(document.querySelector(selector), { x, y });
}

for (const [name, open] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await open();
      await browser.open(address);
    });
    after(() => browser?.close());

    /** Scrolls again until the figure is ready, since figures above it change the layout when their scripts arrive. */
    const ready = (selector) => eventually(async () => assert.equal(await browser.run(arrive, selector), 'ready'));

    for (const [model, from, to] of [
      ['digits', '3:2', '8:4'],
      ['cats', '4:5', '8:9'],
      ['emoji', '7:3', '5:1'],
    ]) {
      test(`the path between two ${model} begins and ends with them`, async () => {
        const selector = `latent-lab[figure=morph][model=${model}][from="${from}"][to="${to}"]`;
        await ready(selector);
        await browser.run(pause, selector);
        for (const [t, end] of [
          [1, to],
          [0, from],
        ]) {
          await eventually(async () => {
            await browser.run(drive, { selector, part: 't', value: t === 1 ? 1e6 : 0 });
            const [picture] = await browser.run(shown, { selector, part: 'picture' });
            assertDecodes(picture, model, endCode(model, end));
          });
        }
        const strip = await browser.run(shown, { selector, part: 'strip', count: 11 });
        assertDecodes(strip[0], model, endCode(model, from));
        assertDecodes(strip[10], model, endCode(model, to));
        assert.equal(new Set(strip.map(String)).size, 11);
      });
    }

    for (const [model, compare] of [['digits', 'digits-plain'], ['fashion']]) {
      test(`random codes of another seed are decoded to ${model}`, async () => {
        const selector = `latent-lab[figure=samples][model=${model}]`;
        await ready(selector);
        await browser.run(drive, { selector, part: 'seed', value: 11 });
        for (const [which, part] of [[model, 'samples-model'], ...(compare ? [[compare, 'samples-compare']] : [])]) {
          const size = models[which].config.latent;
          const codes = await browser.run(draws, { seed: 11, count: FIRST * size });
          await eventually(async () => {
            const pictures = await browser.run(shown, { selector, part, count: FIRST });
            assert.equal(pictures.length, FIRST);
            pictures.forEach((picture, i) => assertDecodes(picture, which, codes.slice(i * size, (i + 1) * size)));
          });
        }
      });
    }

    test('the map decodes the code at its cursor', async () => {
      const selector = 'latent-lab[figure=map]';
      await ready(selector);
      await browser.run(point, { selector, x: 1.25, y: -0.5 });
      await eventually(async () => {
        const [picture] = await browser.run(shown, { selector, part: 'picture' });
        assertDecodes(picture, 'map', [1.25, -0.5]);
      });
    });
  });
}
