// The shipped model `cats`, in color and without labels, in figures that otherwise show digits.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;

/** A figure of the page with cats in place of digits. */
async function cats(name) {
  seen = await visit.shared(name);
  const figure = await seen.figure(name).ready();
  await seen.page.$eval(figure.selector, (element) => {
    element.removeAttribute('compare');
    element.setAttribute('model', 'cats');
  });
  return figure.ready();
}

/** RGBA of every canvas in a part. */
async function colors(figure, name) {
  return (await figure.part(name)).evaluate((node) => {
    const canvases = node.matches('canvas') ? [node] : [...node.querySelectorAll('canvas')];
    return canvases.map((canvas) => [
      canvas.width,
      ...canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data,
    ]);
  });
}

function assertInColor([width, ...rgba]) {
  assert.equal(width, 64);
  assert.ok(
    rgba.some((value, i) => i % 4 === 0 && Math.abs(value - rgba[i + 2]) > 10),
    'no pixel is red or blue',
  );
}

const isShown = async (figure, part) => (await figure.part(part)).evaluate((node) => node.checkVisibility());

test('the cats at the ends of a path are chosen by number, since they have no labels, and cannot be drawn by hand', async () => {
  const figure = await cats('morph');
  await eventually(async () => assertInColor((await colors(figure, 'strip'))[0]));
  const picker = await figure.part('from');
  await eventually(async () => assert.match(await picker.evaluate((node) => node.textContent), /picture \d+ of 100/));
  assert.equal(await isShown(figure, 'from-draw'), false);
  const strip = await colors(figure, 'strip');
  assert.notDeepEqual(strip[0], strip.at(-1));
  const stops = strip
    .slice(1)
    .map((picture, i) => picture.reduce((sum, value, k) => sum + Math.abs(value - strip[i][k]), 0));
  assert.ok(Math.max(...stops) < 3 * Math.min(...stops), `the steps have similar sizes: ${stops}`);
  await figure.click('from-another');
  await eventually(async () => assert.notDeepEqual((await colors(figure, 'strip'))[0], strip[0]));
});

test('random cats are shown without a second network, since there is none to compare with', async () => {
  const figure = await cats('samples');
  await eventually(async () => (await colors(figure, 'samples-model')).forEach(assertInColor));
  assert.equal(await isShown(figure, 'samples-compare'), false);
  assert.equal(await isShown(figure, 'show-both'), false);
  const all = (await colors(figure, 'samples-model')).map(String);
  assert.equal(new Set(all).size, 40);
});
