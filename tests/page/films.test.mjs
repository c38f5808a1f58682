// The animation of each figure, as the file that `toGIF` makes of it: decoded again by the browser and held against the
// figure.

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

/** The frames of a figure's film as the file has them, and the figure's still: sizes, and the red of each pixel. */
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

/** One picture out of a larger one. */
function cut({ width, red }, left, top, side = 28) {
  return Array.from({ length: side * side }, (_, i) => red[(top + Math.floor(i / side)) * width + left + (i % side)]);
}

const decoded = (page, z) =>
  page.evaluate(
    async (code) =>
      [...(await document.querySelector('latent-lab').decode(code))[0].data].filter((_, i) => i % 4 === 0),
    z,
  );

/** Frames and the engine's own pictures, of which a GIF keeps each gray. */
function same(frame, picture) {
  frame.forEach((value, i) => assert.ok(Math.abs(value - picture[i]) <= 1, `pixel ${i}: ${value}, not ${picture[i]}`));
}

test('of samples: the spread grows from nothing to what is shown', async () => {
  const { page } = await open('samples', { seed: 3, temperature: 1.2 });
  const { frames, still } = await film(page, 4);
  assert.equal(frames.length, 4);
  const [{ width, height }] = frames;
  assert.deepEqual([width, height], [2 * 8 * 28 + 8, 5 * 28]);
  // Without spread, every code is the middle.
  for (const [left, top] of [
    [28, 0],
    [7 * 28, 4 * 28],
  ]) {
    assert.deepEqual(cut(frames[0], left, top), cut(frames[0], 0, 0));
  }
  same(cut(frames[0], 0, 0), await decoded(page, new Array(16).fill(0)));
  // At the end it is the figure: the still has one network's pictures below the other's.
  for (const nth of [0, 9, 39]) {
    const [column, row] = [nth % 8, Math.floor(nth / 8)];
    same(cut(frames[3], column * 28, row * 28), cut(still, column * 28, row * 28));
    same(cut(frames[3], 8 * 28 + 8 + column * 28, row * 28), cut(still, column * 28, (5 + row) * 28));
  }
  assert.notDeepEqual(cut(frames[3], 0, 0), cut(frames[2], 0, 0));
});

test('of the map: a circle around the origin, from the cursor back to it', async () => {
  const { page } = await open('map', { x: 0.6, y: 0.8 });
  const { frames } = await film(page, 5);
  assert.equal(frames.length, 5);
  same(frames[0].red, await decoded(page, [0.6, 0.8]));
  same(frames[1].red, await decoded(page, [-0.8, 0.6]));
  same(frames[2].red, await decoded(page, [-0.6, -0.8]));
  same(frames[4].red, frames[0].red);
});

test('of the microscope: the path of the code that goes through the decoder', async () => {
  const { page, figure } = await open('microscope', { t: 1 });
  await eventually(async () => assert.ok(Math.max(...(await figure.picture('picture'))) > 0));
  const { frames, still } = await film(page, 3);
  assert.equal(frames.length, 3);
  same(frames[2].red, still.red);
  assert.notDeepEqual(frames[0].red, frames[2].red);
});

test('of attribute vectors: the way along the direction, from one end to the other', async () => {
  const { page, figure } = await open('direction', { amount: 1.5 });
  const { frames, still } = await film(page, 3);
  assert.equal(frames.length, 3);
  same(frames[0].red, cut(still, 0, 0));
  same(frames[1].red, cut(still, 3 * 28, 0));
  same(frames[2].red, await figure.picture('picture'));
  assert.notDeepEqual(frames[0].red, frames[2].red);
});

test('of the paths: all four beside each other, from the first picture to the last', async () => {
  const { page } = await open('paths', '');
  const { frames, still } = await film(page, 3);
  assert.deepEqual([still.width, still.height], [11 * 28, 4 * 28]);
  assert.deepEqual([frames.length, frames[0].width, frames[0].height], [3, 4 * 30 - 2, 28]);
  [0, 5, 10].forEach((picture, i) => {
    // The geodesic may not be in the still yet, but it is in the film.
    for (const way of [0, 1, 2]) same(cut(frames[i], way * 30, 0), cut(still, picture * 28, way * 28));
  });
  assert.notDeepEqual(cut(frames[1], 3 * 30, 0), cut(frames[1], 2 * 30, 0));
  for (const end of [0, 2]) same(cut(frames[end], 3 * 30, 0), cut(frames[end], 2 * 30, 0));
});

test('of the puzzle: from the middle through the tries to the cursor; the target stands beside the closest one', async () => {
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

test('of the traversal: the number that was moved last, from one end of its row to the other', async () => {
  const { page, figure } = await open('traversal');
  const [first] = await figure.evaluate((element) =>
    [...element.shadowRoot.querySelectorAll('.latent-row')].map(({ dataset }) => dataset.dimension),
  );
  // The rows below are those of the still; a strip has seven pictures with two pixels between them.
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

test('of the posterior: one draw after the other, the first of which is in the still', async () => {
  const { page } = await open('posterior');
  const { frames, still } = await film(page, 3);
  assert.deepEqual([still.width, still.height], [4 * 28, 28]);
  assert.equal(frames.length, 3);
  same(frames[0].red, cut(still, 2 * 28, 0));
  assert.notDeepEqual(frames[1].red, frames[0].red);
  // What changes is nothing in a corner, and as much as can be painted somewhere.
  const changes = cut(still, 3 * 28, 0);
  assert.deepEqual([changes[0], Math.max(...changes)], [0, 255]);
});

test('of a run: its history, which begins and ends with what was drawn then; and playing is training', async () => {
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
  // As short as a history can be.
  assert.ok((await film(page, 2)).frames.length <= 2);
  await steps(figure, 1);
  await page.evaluate(() => document.querySelector('latent-lab').play());
  await eventually(async () => assert.match(await text(figure, 'status'), /steps per second/));
  await page.evaluate(() => document.querySelector('latent-lab').pause());
  await eventually(async () => assert.match(await text(figure, 'status'), /paused/));
  // The snapshot and the preview of the last step may come after the words.
  await eventually(async () => {
    const { frames, still } = await film(page, 2);
    assert.equal(frames.length, 2);
    assert.deepEqual([frames[1].width, frames[1].height], [still.width, still.height]);
    same(frames[1].red, still.red);
    assert.notDeepEqual(frames[0].red, frames[1].red);
  });
});
