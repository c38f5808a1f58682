// The animation of each figure: the file that `toGIF` makes is decoded by the browser and compared with the figure.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './support/browser.mjs';
import { bars, SMALL, steps, text } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();

async function open(name, attributes) {
  const { page, figure } = await visit.shared(name, attributes);
  return { page, figure: await figure(name).ready() };
}

/** The frames of a figure's GIF and the figure's still picture: the size of each, and the red value of each pixel. */
function film(page, frames) {
  return page.evaluate(async (count) => {
    const element = document.querySelector('latent-lab');
    const draw = (image, width, height) => {
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, red: Array.from({ length: width * height }, (_, i) => data[4 * i]) };
    };
    const file = await element.toGIF({ frames: count, scale: 1, ink: false });
    const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type });
    await decoder.tracks.ready;
    const found = [];
    for (let i = 0; i < decoder.tracks.selectedTrack.frameCount; i++) {
      const { image } = await decoder.decode({ frameIndex: i });
      found.push(draw(image, image.displayWidth, image.displayHeight));
    }
    const picture = await createImageBitmap(await element.toBlob('image/png', { scale: 1, ink: false }));
    return { frames: found, still: draw(picture, picture.width, picture.height) };
  }, frames);
}

/** In the page: the tries of a puzzle that have a distance. */
const triesOf = ({ shadowRoot }) =>
  [...shadowRoot.querySelectorAll('.tries [data-level]')].map((node) => node.innerText);

/** The red values of one picture within a larger one. */
function cut({ width, red }, left, top, side = 28) {
  return Array.from({ length: side * side }, (_, i) => red[(top + Math.floor(i / side)) * width + left + (i % side)]);
}

const decoded = (page, z) =>
  page.evaluate(
    async (code) =>
      [...(await document.querySelector('latent-lab').decode(code))[0].data].filter((_, i) => i % 4 === 0),
    z,
  );

/** Asserts that a frame equals a picture of the engine: a GIF keeps gray values. */
function same(frame, picture) {
  frame.forEach((value, i) => assert.ok(Math.abs(value - picture[i]) <= 1, `pixel ${i}: ${value}, not ${picture[i]}`));
}

test('samples: the spread grows from zero to the value shown', async () => {
  const { page } = await open('samples', { seed: 3, temperature: 1.2 });
  const { frames, still } = await film(page, 4);
  assert.equal(frames.length, 4);
  const [{ width, height }] = frames;
  assert.deepEqual([width, height], [2 * 8 * 28 + 8, 5 * 28]);
  // With a spread of zero, every code is the mean.
  for (const [left, top] of [
    [28, 0],
    [7 * 28, 4 * 28],
  ]) {
    assert.deepEqual(cut(frames[0], left, top), cut(frames[0], 0, 0));
  }
  same(cut(frames[0], 0, 0), await decoded(page, new Array(16).fill(0)));
  // The last frame equals the figure. In the still, one network's pictures are below the other's.
  for (const nth of [0, 9, 39]) {
    const [column, row] = [nth % 8, Math.floor(nth / 8)];
    same(cut(frames[3], column * 28, row * 28), cut(still, column * 28, row * 28));
    same(cut(frames[3], 8 * 28 + 8 + column * 28, row * 28), cut(still, column * 28, (5 + row) * 28));
  }
  assert.notDeepEqual(cut(frames[3], 0, 0), cut(frames[2], 0, 0));
});

test('map: the cursor moves once around the origin in a circle', async () => {
  const { page } = await open('map', { x: 0.6, y: 0.8 });
  const { frames } = await film(page, 5);
  assert.equal(frames.length, 5);
  same(frames[0].red, await decoded(page, [0.6, 0.8]));
  same(frames[1].red, await decoded(page, [-0.8, 0.6]));
  same(frames[2].red, await decoded(page, [-0.6, -0.8]));
  same(frames[4].red, frames[0].red);
});

test('microscope: the code moves along its path, and the decoder’s layers follow', async () => {
  const { page, figure } = await open('microscope', { t: 1 });
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('picture'))) > 0));
  const { frames, still } = await film(page, 3);
  assert.equal(frames.length, 3);
  same(frames[2].red, still.red);
  assert.notDeepEqual(frames[0].red, frames[2].red);
});

test('attribute vectors: the picture moves along the direction, from one end to the other', async () => {
  const { page, figure } = await open('direction', { amount: 1.5 });
  const { frames, still } = await film(page, 3);
  assert.equal(frames.length, 3);
  same(frames[0].red, cut(still, 0, 0));
  same(frames[1].red, cut(still, 3 * 28, 0));
  same(frames[2].red, await figure.picture('picture'));
  assert.notDeepEqual(frames[0].red, frames[2].red);
});

test('paths: all four side by side, from the first picture to the last', async () => {
  const { page } = await open('paths', '');
  const { frames, still } = await film(page, 3);
  assert.deepEqual([still.width, still.height], [11 * 28, 4 * 28]);
  assert.deepEqual([frames.length, frames[0].width, frames[0].height], [3, 4 * 30 - 2, 28]);
  [0, 5, 10].forEach((picture, i) => {
    // The still may lack the geodesic at first; the animation never does.
    for (const way of [0, 1, 2]) same(cut(frames[i], way * 30, 0), cut(still, picture * 28, way * 28));
  });
  assert.notDeepEqual(cut(frames[1], 3 * 30, 0), cut(frames[1], 2 * 30, 0));
  for (const end of [0, 2]) same(cut(frames[end], 3 * 30, 0), cut(frames[end], 2 * 30, 0));
});

test('puzzle: from the origin through the tries to the cursor, with the target beside the closest try', async () => {
  const { page, figure } = await open('puzzle');
  const { x, y, width, height } = await figure.box('plot');
  await page.mouse.click(x + 0.25 * width, y + 0.75 * height);
  await figure.click('try');
  await eventually(async () => assert.equal((await figure.evaluate(triesOf)).length, 1));
  await page.mouse.click(x + 0.75 * width, y + 0.25 * height);
  const { frames, still } = await film(page, 3);
  same(frames[0].red, await decoded(page, [0, 0]));
  assert.deepEqual([still.width, still.height], [2 * 28, 28]);
  same(frames[1].red, cut(still, 28, 0));
  assert.notDeepEqual(frames[2].red, frames[1].red);
});

test('traversal: the number that was moved last, from one end of its row to the other', async () => {
  const { page, figure } = await open('traversal');
  const [first] = await figure.evaluate((element) =>
    [...element.shadowRoot.querySelectorAll('.latent-row')].map(({ dataset }) => dataset.dimension),
  );
  // The rows below equal those of the still. A strip has seven pictures with gaps of two pixels.
  const { frames, still } = await film(page, 3);
  assert.deepEqual([still.width, still.height], [7 * 30 - 2, 8 * 28]);
  const at = (picture, row) =>
    Array.from(
      { length: 28 * 28 },
      (_, i) => still.red[(row * 28 + Math.floor(i / 28)) * still.width + picture * 30 + (i % 28)],
    );
  [0, 3, 6].forEach((picture, i) => same(frames[i].red, at(picture, 0)));
  await figure.focus('number-8');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageDown');
  assert.notEqual(first, '8');
  const { frames: last } = await film(page, 3);
  assert.notDeepEqual(last[0].red, frames[0].red);
});

test('posterior: one draw after another, the first of which is in the still', async () => {
  const { page } = await open('posterior');
  const { frames, still } = await film(page, 3);
  assert.deepEqual([still.width, still.height], [4 * 28, 28]);
  assert.equal(frames.length, 3);
  same(frames[0].red, cut(still, 2 * 28, 0));
  assert.notDeepEqual(frames[1].red, frames[0].red);
  // The picture of deviations is 0 in a corner and reaches the maximum somewhere.
  const changes = cut(still, 3 * 28, 0);
  assert.deepEqual([changes[0], Math.max(...changes)], [0, 255]);
});

test('a run: its history, whose last frame equals the figure; and `play` trains', async () => {
  const { page, figure } = await open('train', SMALL);
  const refused = await page.evaluate(() =>
    document
      .querySelector('latent-lab')
      .toGIF()
      .catch((error) => error.message),
  );
  assert.match(refused, /no animation to export/);
  await bars(figure);
  await steps(figure, 1);
  // This is the shortest possible history: the start and one step, whose snapshot may arrive after the status text.
  await eventually(async () => assert.equal((await film(page, 2)).frames.length, 2));
  await steps(figure, 1);
  await page.evaluate(() => document.querySelector('latent-lab').play());
  await eventually(async () => assert.match(await text(figure, 'status'), /steps per second/));
  await page.evaluate(() => document.querySelector('latent-lab').pause());
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  // The snapshot and the preview of the last step may arrive after the status text.
  await eventually(async () => {
    const { frames, still } = await film(page, 2);
    assert.equal(frames.length, 2);
    assert.deepEqual([frames[1].width, frames[1].height], [still.width, still.height]);
    same(frames[1].red, still.red);
    assert.notDeepEqual(frames[0].red, frames[1].red);
  });
});
