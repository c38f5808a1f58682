// The position of the square on the reader's own picture, and the pixels that a network gets: pure functions, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toGray, toValues } from '../../www/pixels.js';
import { found } from '../../www/training/input/found.js';
import { framingOf, placedAsInk } from '../../www/training/input/framing.js';
import { Levels } from '../../www/training/input/levels.js';
import { isOnPaper, withoutPaper } from '../../www/training/input/paper.js';
import { changed, covering, moved, MOST_ZOOM, pointAt, sideOf, valid } from '../../www/training/input/placement.js';
import { fit } from '../../www/training/input/preprocessing.js';
import { sevenAt } from './support/pictures.mjs';

/** The framing of the pictures of MNIST and of Fashion-MNIST. */
const STROKES = { isInk: true, share: 20 / 28, isBalanced: true };
const THINGS = { isInk: true, share: 26 / 28, isBalanced: false };

const photo = { width: 400, height: 300 };

/** Positions and angles are computed in 64-bit floats, so their errors are far below a pixel. */
const NEAR = 1e-9;

/** @param {{x: number, y: number}} one @param {{x: number, y: number}} other */
const near = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < NEAR;

/** Opaque RGBA. */
function made(width, height, colorAt) {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(colorAt(i % width, Math.floor(i / width)), 4 * i);
  return { data, width, height };
}

/** A smooth picture in which no two places look alike. */
const waves = (width, height) =>
  made(width, height, (x, y) => [
    Math.round(128 + 100 * Math.sin((7 * x) / width)),
    Math.round((255 * y) / height),
    Math.round(128 + 100 * Math.cos((5 * (x + y)) / width)),
  ]);

/** The largest difference between two pictures. */
const apart = (one, other) => one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

test('the initial square is in the middle and as large as fits', () => {
  const first = covering(photo);
  assert.deepEqual(first, { x: 200, y: 150, zoom: 1, turn: 0 });
  assert.equal(sideOf(photo, first), 300);
  assert.deepEqual(pointAt(photo, first, { right: -0.5, down: 0.5 }), { x: 50, y: 300 });
});

test('a picture that is moved, zoomed or turned keeps the place under the pointer', () => {
  const about = { right: 0.3, down: -0.2 };
  let placement = { x: 180, y: 140, zoom: 1.5, turn: 25 };
  const fixed = pointAt(photo, placement, about);
  for (const change of [{ factor: 1.7 }, { degrees: -70 }, { factor: 0.8, degrees: 200 }]) {
    placement = changed(photo, placement, { ...change, about });
    assert.ok(near(pointAt(photo, placement, about), fixed), JSON.stringify(change));
  }
  const by = { right: 0.1, down: -0.05 };
  const after = moved(photo, placement, by);
  const carried = { right: about.right + by.right, down: about.down + by.down };
  assert.ok(near(pointAt(photo, after, carried), fixed), 'a drag keeps the same place under the pointer');
});

test('the middle of the square stays on the picture, the zoom within its limits, and the turn within half a circle', () => {
  assert.deepEqual(valid(photo, { x: -5, y: 1000, zoom: 1, turn: 0 }), { x: 0, y: 300, zoom: 1, turn: 0 });
  assert.equal(valid(photo, { x: 0, y: 0, zoom: 1e9, turn: 0 }).zoom, MOST_ZOOM);
  assert.equal(
    valid(photo, { x: 0, y: 0, zoom: 0, turn: 0 }).zoom,
    0.375,
    'half the zoom that shows the whole picture',
  );
  for (const [turn, expected] of [
    [190, -170],
    [-190, 170],
    [720, 0],
  ]) {
    assert.equal(valid(photo, { x: 0, y: 0, zoom: 1, turn }).turn, expected);
  }
});

test('the initial square equals the picture that `encode` uses, except for the sampling', () => {
  for (const [width, height, side] of [
    [400, 300, 28],
    [90, 260, 32],
    [640, 640, 64],
    [20, 20, 32],
  ]) {
    const picture = waves(width, height);
    const size = { width: side, height: side };
    const seen = new Levels(picture).square(covering(picture), size);
    const difference = apart(seen, fit(picture, size));
    // The bound is for bilinear sampling of a smooth picture.
    assert.ok(difference <= 4, `${width} by ${height} to ${side}: ${difference}`);
  }
});

test('a quarter turn rotates the picture, and the area beside the picture has the color of its edge', () => {
  const picture = waves(128, 128);
  const levels = new Levels(picture);
  const size = { width: 32, height: 32 };
  const straight = levels.square(covering(picture), size);
  const turned = levels.square({ ...covering(picture), turn: 90 }, size);
  const expected = made(32, 32, (x, y) => straight.subarray(4 * ((31 - x) * 32 + y), 4 * ((31 - x) * 32 + y) + 3)).data;
  assert.ok(apart(turned, expected) <= 2, 'the left side is at the top');

  const flat = made(60, 60, () => [10, 200, 90]);
  const far = new Levels(flat).square({ x: 0, y: 0, zoom: 0.5, turn: 30 }, size);
  for (let i = 0; i < far.length; i += 4) assert.deepEqual([...far.subarray(i, i + 3)], [10, 200, 90]);
});

test('fine stripes become an even gray without a pattern, at every zoom and angle', () => {
  const stripes = new Levels(made(512, 512, (x) => (x % 2 === 0 ? [255, 255, 255] : [0, 0, 0])));
  for (const [zoom, turn] of [
    [1, 0],
    [1, 33],
    [1.7, -80],
  ]) {
    const seen = stripes.square({ x: 256, y: 256, zoom, turn }, { width: 28, height: 28 });
    const inner = [...seen].filter((_, i) => i % 4 === 0 && Math.hypot(((i / 4) % 28) - 13.5, i / 112 - 13.5) < 12);
    assert.ok(
      Math.max(...inner) - Math.min(...inner) < 40,
      `${zoom}, ${turn}: ${Math.min(...inner)} to ${Math.max(...inner)}`,
    );
  }
});

test('a picture with a light edge counts as paper, and a white stroke on black does not', () => {
  const photo = made(320, 240, sevenAt);
  assert.equal(isOnPaper(new Levels(photo)), true);
  const negative = made(320, 240, (x, y) => sevenAt(x, y).map((value) => 255 - value));
  assert.equal(isOnPaper(new Levels(negative)), false);
});

test('unevenly lit paper becomes black, and the stroke on it white', () => {
  const levels = withoutPaper(new Levels(made(320, 240, sevenAt)), THINGS);
  const { data } = levels.largest;
  const at = (x, y) => data[4 * (y * 320 + x)];
  assert.deepEqual(levels.edge, [0, 0, 0]);
  for (const [x, y] of [
    [5, 5],
    [310, 230],
    [100, 120],
    [180, 90],
  ]) {
    assert.equal(at(x, y), 0, `${x}, ${y}`);
  }
  assert.ok(at(180, 66) > 200, 'the bar');
  assert.ok(at(184, 116) > 200, 'the stem');
});

test('a digit on paper is placed as in MNIST, wherever it is in the photograph', () => {
  for (const [right, down] of [
    [0, 0],
    [-100, 40],
  ]) {
    const photo = made(320, 240, (x, y) => sevenAt(x - right, y - down));
    const ink = withoutPaper(new Levels(photo), STROKES);
    const seen = ink.square(placedAsInk(ink, STROKES), { width: 28, height: 28 });
    const box = found(toValues(toGray(seen)), { width: 28, height: 28 });
    assert.ok(Math.abs(Math.max(box.width, box.height) - 20) <= 2, `${box.width} by ${box.height}`);
    assert.ok(Math.hypot(box.x - 14, box.y - 14) < 0.7, `its center of mass is at ${box.x}, ${box.y}`);
  }
});

test('specks and shapes that touch the edge do not change the placement of the digit', () => {
  const placed = (colorAt) => {
    const ink = withoutPaper(new Levels(made(320, 240, colorAt)), STROKES);
    return placedAsInk(ink, STROKES);
  };
  const clean = placed(sevenAt);
  const dirty = placed((x, y) => {
    const isSpeck = Math.hypot(x - 40, y - 200) < 3;
    const isFinger = x > 290 && y > 200;
    return isSpeck || isFinger ? [60, 50, 40] : sevenAt(x, y);
  });
  assert.ok(Math.hypot(clean.x - dirty.x, clean.y - dirty.y) < 6, JSON.stringify([clean, dirty]));
  assert.ok(Math.abs(clean.zoom / dirty.zoom - 1) < 0.06, JSON.stringify([clean, dirty]));
});

test('a fine line becomes as wide as on the pad, while wide lines and pictures of garments are unchanged', () => {
  const line = (width) =>
    made(320, 240, (x, y) => (Math.abs(x - 160) < width / 2 && y > 40 && y < 200 ? [30, 30, 30] : [230, 230, 225]));
  const widthOf = (width, framing) => {
    const ink = withoutPaper(new Levels(line(width)), framing);
    const seen = toValues(toGray(ink.square(placedAsInk(ink, framing), { width: 28, height: 28 })));
    // The sum of a row in the middle of the square, which is the width in its pixels.
    return seen.subarray(14 * 28, 15 * 28).reduce((sum, value) => sum + value, 0);
  };
  for (const width of [2, 4, 8]) {
    assert.ok(Math.abs(widthOf(width, STROKES) - 2.2) < 0.5, `${width}: ${widthOf(width, STROKES)}`);
  }
  const scale = 20 / 159;
  assert.ok(Math.abs(widthOf(40, STROKES) - 40 * scale) < 0.6, `${widthOf(40, STROKES)}`);
  assert.ok(widthOf(4, THINGS) < 1);
});

test('noise has a finite placement, although it shows no object', () => {
  let state = 1;
  const noise = made(640, 480, () => {
    state = (state * 48271) % 2147483647;
    const value = state % 3 === 0 ? 20 : 230;
    return [value, value, value];
  });
  const levels = new Levels(noise);
  const ink = withoutPaper(levels, STROKES);
  const placement = valid(levels.whole, placedAsInk(ink, STROKES));
  assert.ok(Object.values(placement).every(Number.isFinite), JSON.stringify(placement));
});

test('an empty sheet, a single pixel and a line have finite placements', () => {
  for (const picture of [
    made(40, 30, () => [250, 250, 250]),
    made(1, 1, () => [0, 0, 0]),
    made(1, 500, (_, y) => [y % 256, 0, 0]),
    made(500, 1, () => [255, 255, 255]),
  ]) {
    const levels = new Levels(picture);
    for (const each of [levels, withoutPaper(levels, STROKES)]) {
      const placement = valid(levels.whole, placedAsInk(each, STROKES));
      assert.ok(Object.values(placement).every(Number.isFinite), JSON.stringify(placement));
      assert.equal(each.square(placement, { width: 28, height: 28 }).length, 28 * 28 * 4);
    }
  }
});

test('the framing of a network’s pictures is measured on pictures that it draws', () => {
  const side = 28;
  /** Pictures of a white square on black, each around one of the given middles. */
  const blocks = (middles, size) =>
    Uint8ClampedArray.from(
      middles.flatMap(([left, top]) => [
        ...made(side, side, (x, y) => {
          const isIn = Math.abs(x + 0.5 - left) < size / 2 && Math.abs(y + 0.5 - top) < size / 2;
          return isIn ? [255, 255, 255] : [0, 0, 0];
        }).data,
      ]),
    );
  const shape = { channels: 1, width: side, height: side };
  const framing = framingOf(
    blocks(
      [
        [14, 14],
        [13, 15],
      ],
      20,
    ),
    shape,
  );
  assert.equal(framing.isInk, true);
  assert.ok(Math.abs(framing.share - 20 / 28) < 0.02);
  const photos = Uint8ClampedArray.from(waves(side, side).data);
  assert.equal(framingOf(photos, shape).isInk, false);
  assert.equal(framingOf(photos, { ...shape, channels: 3 }).isInk, false);
  assert.equal(framingOf(new Uint8ClampedArray(), shape).isInk, false);
});
