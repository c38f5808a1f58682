// The figure `map`: the picture at the cursor, moved with mouse, finger and keys.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function map(options) {
  seen = await visit.shared('map', {}, options);
  figure = await seen.figure('map').ready();
}

/** In the page: the picture of a code, decoded by the module without the engine, in the build for this browser. */
async function decoded({ x, y }) {
  const { pickBuild } = await import('/engine/support.js');
  const { default: init, Model } = await import(`/pkg/${pickBuild()}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${pickBuild()}/latent_lab_bg.wasm` });
  const loaded = await Model.load(new Uint8Array(await (await fetch('/models/map.safetensors')).arrayBuffer()));
  return [...(await loaded.decodeImages(Float32Array.of(x, y))).data].filter((_, at) => at % 4 === 0);
}

/** Waits until the picture is that of the cursor's position. */
async function followed() {
  const { x, y } = await figure.state();
  const expected = await seen.page.evaluate(decoded, { x, y });
  await eventually(async () => assert.deepEqual(await figure.picture(), expected));
  return { x, y };
}

function near({ x, y }, [right, up]) {
  assert.ok(Math.abs(x - right) < 0.05 && Math.abs(y - up) < 0.05, `at ${x}, ${y}`);
}

test('the cursor follows the mouse, and the code under it is decoded', async () => {
  await map();
  near(await followed(), [0, 0]);
  const { x, y, width, height } = await figure.box('plot');
  await seen.page.mouse.move(x + 0.75 * width, y + 0.25 * height);
  near(await followed(), [1.5, 1.5]);
  await seen.page.mouse.click(x + 0.25 * width, y + 0.75 * height);
  near(await followed(), [-1.5, -1.5]);
});

test('the cursor follows a finger', async () => {
  await map({ width: 360, height: 740, touch: true });
  const { x, y, width, height } = await figure.box('plot');
  await seen.page.touchscreen.tap(x + 0.25 * width, y + 0.25 * height);
  near(await followed(), [-1.5, 1.5]);
});

test('arrow keys move the cursor in all four directions', async () => {
  await map();
  const { x, y, width, height } = await figure.box('plot');
  await seen.page.mouse.click(x + width / 2, y + height / 2);
  const start = await figure.state();
  for (const [key, right, up] of [
    ['ArrowRight', 1, 0],
    ['ArrowUp', 0, 1],
    ['ArrowLeft', -1, 0],
    ['ArrowDown', 0, -1],
  ]) {
    const from = await figure.state();
    for (let i = 0; i < 10; i++) await seen.page.keyboard.press(key);
    near(await followed(), [from.x + 0.5 * right, from.y + 0.5 * up]);
  }
  near(await figure.state(), [start.x, start.y]);
});

test('the cursor stays on the plane', async () => {
  await map();
  await figure.set('x', '2.98');
  await figure.set('y', '-2.98');
  const { x, y, width, height } = await figure.box('plot');
  await seen.page.mouse.click(x + 0.999 * width, y + 0.999 * height);
  for (let i = 0; i < 3; i++) {
    await seen.page.keyboard.press('ArrowRight');
    await seen.page.keyboard.press('ArrowDown');
  }
  const { x: right, y: up } = await followed();
  near({ x: right, y: up }, [3, -3]);
  assert.ok(right <= 3 && up >= -3, `at ${right}, ${up}`);
});

test('the plane is decoded tile by tile, and each tile equals the picture of the cursor at its middle', async () => {
  await map();
  const part = await figure.part('backdrop');
  await eventually(async () => assert.ok(await part.evaluate((canvas) => 'complete' in canvas.dataset)));
  const { columns, tile } = await part.evaluate((canvas) => ({
    columns: canvas.width / 28,
    tile: [...canvas.getContext('2d').getImageData(28, 56, 28, 28).data].filter((_, i) => i % 4 === 0),
  }));
  assert.ok(columns >= 8, `${columns} columns`);
  const middle = (index) => -3 + (6 * (index + 0.5)) / columns;
  const expected = await seen.page.evaluate(decoded, { x: middle(1), y: -middle(2) });
  // The grid's coordinates are rounded in another order than this test's.
  tile.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1, `pixel ${i}: ${value}, ${expected[i]}`));
});

test('the codes of a digit and the grid can be hidden', async () => {
  await map();
  const shown = () =>
    seen.page.$$eval('latent-lab[figure=map] >>> .codes g', (groups) =>
      groups.map((group) => getComputedStyle(group).display !== 'none'),
    );
  const all = Array(10).fill(true);
  await eventually(async () => assert.deepEqual(await shown(), all));
  const marks = await seen.page.$$('latent-lab[figure=map] >>> .codes circle');
  assert.ok(marks.length > 50, `${marks.length} marks`);
  await figure.click('class-4');
  await eventually(async () =>
    assert.deepEqual(
      await shown(),
      all.map((_, at) => at !== 4),
    ),
  );
  await figure.click('no-classes');
  await eventually(async () => assert.deepEqual(await shown(), Array(10).fill(false)));
  await figure.click('all-classes');
  await eventually(async () => assert.deepEqual(await shown(), all));
  const backdrop = await figure.part('backdrop');
  await eventually(async () => assert.ok(await backdrop.isVisible()));
  await figure.click('show-grid');
  await eventually(async () => assert.equal(await backdrop.isVisible(), false));
});
