// Labels are given only to the pictures of the file that they belong to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { ImageCollection } from '../../www/training/input/images.js';
import { idx } from './support/training.mjs';

const SIDE = 8;

/** A file with a number of pictures. */
const images = (name, count, pack = (bytes) => bytes) => new File([pack(idx(count, SIDE))], name);

/** A file of labels: the nth label is `first` plus n modulo the number of classes. */
function labels(name, count, { classes = 10, first = 0 } = {}) {
  const bytes = Buffer.alloc(8 + count);
  bytes.set([0, 0, 8, 1]);
  bytes.writeUInt32BE(count, 4);
  for (let n = 0; n < count; n++) bytes[8 + n] = first + (n % classes);
  return new File([bytes], name);
}

function collection() {
  const all = new ImageCollection(async () => new Uint8Array(SIDE * SIDE));
  all.setShape({ channels: 1, height: SIDE, width: SIDE });
  return all;
}

const add = (to, ...files) => to.addFiles(files, () => {});

const reasons = ({ refused }) => refused.map(({ name, why }) => `${name}: ${why}`);

/** Asserts that every picture has the label of its position in its file. */
function assertLabeled({ items }, origin, expected) {
  const own = items.filter((item) => item.origin?.name === origin);
  assert.equal(own.length, expected);
  for (const { index, label } of own) assert.equal(label, index % 10, `${origin} ${index}`);
}

test('if some pictures were removed, the others get their own labels', async () => {
  const all = collection();
  await add(all, images('t10k-images-idx3-ubyte', 300));
  for (const index of [0, 0, 100]) all.remove(index);
  const { labeled, refused } = await add(all, labels('t10k-labels-idx1-ubyte', 300));
  assert.deepEqual(refused, []);
  assert.deepEqual(labeled, [{ images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte', count: 297 }]);
  assertLabeled(all, 't10k-images-idx3-ubyte', 297);
  await all.render(() => {});
  const { labels: values } = all.data();
  assert.deepEqual([...values.slice(0, 3)], [2, 3, 4]);
});

for (const [pictures, answers] of [
  ['t10k', 'train'],
  ['train', 't10k'],
]) {
  test(`labels whose number differs are refused, both counts are stated, and the pictures are kept: ${answers} for ${pictures}`, async () => {
    const counts = { t10k: 300, train: 600 };
    const all = collection();
    const { taken, labeled, refused } = await add(
      all,
      images(`${pictures}-images-idx3-ubyte`, counts[pictures]),
      labels(`${answers}-labels-idx1-ubyte`, counts[answers]),
    );
    assert.deepEqual([taken, labeled], [counts[pictures], []]);
    assert.deepEqual(reasons({ refused }), [
      `${answers}-labels-idx1-ubyte: no file here holds as many pictures as it has labels (${counts[answers]}): ${pictures}-images-idx3-ubyte (${counts[pictures]})`,
    ]);
    assert.ok(all.items.every(({ label }) => label === null));
  });
}

test('files of pictures get the labels whose names match, in any order', async () => {
  const files = [
    images('train-images-idx3-ubyte.gz', 60, gzipSync),
    labels('train-labels-idx1-ubyte', 60),
    images('t10k-images-idx3-ubyte', 30),
    labels('t10k-labels-idx1-ubyte', 30),
  ];
  for (let turn = 0; turn < 4; turn++) {
    const all = collection();
    const { labeled, refused } = await add(all, ...files.slice(turn), ...files.slice(0, turn));
    assert.deepEqual(refused, []);
    assert.equal(labeled.length, 2);
    assertLabeled(all, 'train-images-idx3-ubyte.gz', 60);
    assertLabeled(all, 't10k-images-idx3-ubyte', 30);
  }
});

test('labels whose name does not match go to the only file with as many pictures, and are refused if there are two', async () => {
  const all = collection();
  await add(all, images('mine', 20), images('yours', 30), images('theirs', 30));
  const { labeled } = await add(all, labels('answers', 20));
  assert.deepEqual(labeled, [{ images: 'mine', labels: 'answers', count: 20 }]);
  assert.deepEqual(reasons(await add(all, labels('more', 30))), [
    'more: several files hold as many pictures as it has labels (30): yours, theirs',
  ]);
  assert.equal(all.items.filter(({ label }) => label !== null).length, 20);
});

test('labels whose name matches a file are not given to another file with as many pictures', async () => {
  const all = collection();
  await add(all, images('train-images', 20), images('t10k-images', 30));
  const answer = await add(all, labels('train-labels', 30));
  assert.deepEqual(reasons(answer), [
    'train-labels: no file here holds as many pictures as it has labels (30): train-images (20)',
  ]);
});

test('labels without any file of pictures are refused', async () => {
  const answer = await add(collection(), labels('labels', 30));
  assert.deepEqual(reasons(answer), [
    'labels: it holds labels, but there are no pictures yet that they could belong to',
  ]);
});

test('labels of letters, 1 to 26, are refused rather than folded into ten classes', async () => {
  const all = collection();
  await add(all, images('emnist-letters-train-images-idx3-ubyte', 520));
  const answer = await add(all, labels('emnist-letters-train-labels-idx1-ubyte', 520, { classes: 26, first: 1 }));
  assert.match(reasons(answer)[0], /its labels go up to 26, but this page only knows the classes 0 to 9/);
  assert.ok(all.items.every(({ label }) => label === null));
});

test('if only part of a file fits, its pictures get their own labels', async () => {
  const all = collection();
  const { taken, labeled } = await add(all, images('train-images', 20_500), labels('train-labels', 20_500));
  assert.equal(taken, 20_000);
  assert.equal(labeled[0].count, 20_000);
  assertLabeled(all, 'train-images', 20_000);
});
