// Files dropped on the figure `train`: pictures of every kind, datasets, and files that are not pictures.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { add, address, ARTICLE, eventually, figureAddress, openChromium } from './support/browser.mjs';
import { png as pngOf } from './support/pictures.mjs';
import { drop, idx, press, small, steps, stored, text, type } from './support/training.mjs';
import { visits } from './support/visits.mjs';

const visit = visits();
let seen;
let figure;

async function train(from = figureAddress('train')) {
  seen = await visit({ from });
  figure = await seen.figure('train').ready();
}

/** A new figure on the page shared by tests that take no step and so store nothing. */
async function another() {
  seen = await visit.shared('train');
  figure = await seen.figure('train').ready();
}

/** A PNG of a single RGB color, whose header can claim another size. */
function png({ width, height, color = [200, 40, 90], claim }) {
  return pngOf(width, height, () => color, claim);
}

/** A GIF of two frames of one pixel each. */
const animated = Buffer.from(
  'R0lGODlhAQABAIAAAP8AAAAA/yH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAAAQABAAACAkQBACH5BAAKAAAALAAAAAABAAEAAAICTAEAOw==',
  'base64',
);

/** A JPEG of 16 by 16 pixels with a white upper half and an EXIF tag that rotates it. */
async function turnedJpeg(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(16, 16);
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, 16, 16);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 16, 8);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  const plain = Buffer.from(base64, 'base64');
  // Orientation 6: rotated clockwise by 90°.
  const exif = Buffer.from('ffe100224578696600004d4d002a00000008000101120003000000010006000000000000', 'hex');
  return Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]);
}

const count = (expected) => eventually(async () => assert.equal(await text(figure, 'count'), expected));
const status = (expected) => eventually(async () => assert.match(await text(figure, 'sources-status'), expected));

test('files that are not pictures are left out and named in alphabetical order, and the others are added', async () => {
  await train();
  await drop(figure, [
    { name: 'words.png', bytes: Buffer.from('These are words.') },
    { name: 'empty.png', bytes: Buffer.alloc(0) },
    { name: 'huge.png', bytes: png({ width: 1, height: 1, claim: [60_000, 60_000] }) },
    { name: 'cut.png', bytes: png({ width: 40, height: 40 }).subarray(0, 60) },
    { name: 'good.png', bytes: png({ width: 40, height: 30 }) },
    { name: 'moving.gif', bytes: animated },
  ]);
  await count('2 pictures');
  await status(
    /cut\.png: this browser cannot read it.*empty\.png: it is empty\..*huge\.png: it would have 60000 by 60000 pixels.*And 1 more\./,
  );
  await press(figure, 'step');
  await eventually(async () => assert.match(await text(figure, 'status'), /^Step 1 /));
});

test('color pictures keep their colors, and photographs are not shown as negatives', async () => {
  await another();
  await press(figure, 'channels-3');
  await drop(figure, [{ name: 'red.png', bytes: png({ width: 40, height: 20 }) }]);
  await count('One picture');
  const middle = await (
    await figure.part('sheet')
  ).evaluate((canvas) => [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data]);
  assert.deepEqual(middle, [200, 40, 90, 255]);
  assert.ok(
    await (await figure.part('sheet')).evaluate((canvas) => canvas.parentElement.classList.contains('in-color')),
  );
});

test('a photograph is rotated as its EXIF tag says', async () => {
  await another();
  await drop(figure, [{ name: 'turned.jpg', bytes: await turnedJpeg(seen.page) }]);
  await count('One picture');
  const [left, right] = await (
    await figure.part('sheet')
  ).evaluate((canvas) => {
    const at = (x) => canvas.getContext('2d').getImageData(x, 14, 1, 1).data[0];
    return [at(4), at(24)];
  });
  assert.ok(left < 50 && right > 200, `the white half is on the right: ${left}, ${right}`);
});

test('a large picture is reduced by averaging its pixels', async () => {
  await another();
  // Black and white stripes of one pixel: averaged to 28 by 28 pixels they are gray.
  const stripes = await seen.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(896, 896);
    const context = canvas.getContext('2d');
    for (let x = 0; x < 896; x++) {
      context.fillStyle = x % 2 ? '#fff' : '#000';
      context.fillRect(x, 0, 1, 896);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  await drop(figure, [{ name: 'stripes.png', bytes: Buffer.from(stripes, 'base64') }]);
  await count('One picture');
  const grey = await (
    await figure.part('sheet')
  ).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(2, 2, 24, 24);
    return [...data].filter((_, i) => i % 4 === 0);
  });
  assert.ok(
    grey.every((value) => value > 110 && value < 145),
    `${Math.min(...grey)} to ${Math.max(...grey)}`,
  );
});

test('IDX files are read, compressed or not, with their labels, and broken ones are reported', async () => {
  await another();
  const labels = Buffer.concat([
    Buffer.from([0, 0, 8, 1, 0, 0, 0, 40]),
    Buffer.from(Array.from({ length: 40 }, (_, i) => i % 10)),
  ]);
  await drop(figure, [{ name: 'labels', bytes: labels }]);
  await status(/holds labels, but there are no pictures yet/);
  await drop(figure, [
    { name: 'images-idx3-ubyte.gz', bytes: gzipSync(idx(40, 12)) },
    { name: 'labels-idx1-ubyte', bytes: labels },
    { name: 'cut-idx3-ubyte', bytes: idx(40, 12).subarray(0, 900) },
    { name: 'no.gz', bytes: gzipSync('nothing of the kind') },
    { name: 'torn.gz', bytes: gzipSync(idx(40, 12)).subarray(0, 60) },
  ]);
  await count('40 pictures');
  await status(/cut-idx3-ubyte: it is cut off.*no\.gz: it is not an IDX file.*torn\.gz: /);
});

test('ten thousand files are accepted, but no more than twenty thousand pictures', async () => {
  await train();
  await (
    await figure.part('figure')
  ).evaluate((node) => {
    const dataTransfer = new DataTransfer();
    // Empty files are refused without the browser's decoder, which takes milliseconds for each file.
    for (let i = 0; i < 10_000; i++) dataTransfer.items.add(new File([new Uint8Array(i % 20 ? 0 : 3)], `${i}.png`));
    node.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await status(/And 9,?997 more\./);
  // These pictures have the network's size, so they need no resizing.
  await type(figure, 'side', 8);
  await drop(figure, [{ name: 'many', bytes: idx(21_000, 8) }]);
  await count('20,000 pictures, the first 2,000 shown');
  await drop(figure, [{ name: 'one-more.png', bytes: png({ width: 9, height: 9 }) }]);
  await status(/one file: there are already 20,000 pictures, which is the limit/);
  // In color the same memory holds a third of the pixels.
  await press(figure, 'channels-3');
  await type(figure, 'side', 128);
  await status(/15,904 pictures no longer fit into memory/);
});

test('a dropped model file is used in the other figures, and a broken one is reported', async () => {
  await train();
  await add(seen.page, ARTICLE.morph, ARTICLE.samples, ARTICLE.map);
  const model = Buffer.from(await (await fetch(new URL('models/map.safetensors', seen.page.url()))).arrayBuffer());
  await drop(figure, [{ name: 'broken.safetensors', bytes: model.subarray(0, 1000) }]);
  await eventually(async () => assert.match(await text(figure, 'keep-status'), /broken\.safetensors: .*cut off/));
  await drop(figure, [{ name: 'mine.safetensors', bytes: model }]);
  await eventually(async () =>
    assert.match(
      await text(figure, 'keep-status'),
      /mine\.safetensors is now in: the path between two pictures, the random codes, the plane/,
    ),
  );
  const map = await seen.figure('map').ready();
  assert.match((await map.state()).model, /^trained-here-/);
  // Without pictures, its codes are random, and the figures say so.
  assert.match(await text(map, 'figure'), /Closest random codes: /);
  assert.match(await text(await seen.figure('morph').ready(), 'from'), /^From random code \d+ of 300/);
});

test('a pasted picture is added', async () => {
  await another();
  await seen.page.evaluate(
    (base64) => {
      const clipboardData = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    png({ width: 9, height: 9 }).toString('base64'),
  );
  await count('One picture');
});

test('drawings are added one by one, and a missing camera is reported', async () => {
  await another();
  await press(figure, 'draw');
  const box = await figure.box('pad');
  for (const _ of [1, 2]) {
    await seen.page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await seen.page.mouse.down();
    await seen.page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.7, { steps: 5 });
    await seen.page.mouse.up();
    await figure.click('draw-add');
  }
  await figure.click('draw-done');
  await count('2 pictures');
  await press(figure, 'camera');
  await eventually(async () => assert.match(await text(figure, 'camera-dialog'), /The camera cannot be used/));
  await figure.click('camera-done');
});

describe('a camera', () => {
  const visit = visits(() => openChromium('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'));

  test('takes one picture or ten in a row, and is then turned off', async () => {
    seen = await visit({ from: figureAddress('train') });
    figure = await seen.figure('train').ready();
    await press(figure, 'camera');
    await eventually(async () =>
      assert.ok((await (await figure.part('video')).evaluate((video) => video.videoWidth)) > 0),
    );
    const tracks = await (await figure.part('video')).evaluateHandle((video) => video.srcObject.getTracks());
    await figure.click('shoot');
    await count('One picture');
    await figure.click('shoot-series');
    await count('11 pictures');
    await eventually(async () => assert.match(await text(figure, 'camera-dialog'), /11 pictures taken/));
    await figure.click('camera-done');
    await eventually(async () =>
      assert.deepEqual(await tracks.evaluate((all) => all.map(({ readyState }) => readyState)), ['ended']),
    );
    await steps(figure, 1);
    assert.equal((await stored(seen.page)).run.pictures, 11 * 28 * 28);
  });
});

test('no picture leaves the device: after the page is loaded, it requests only its own files', async () => {
  await train(address);
  await small(figure);
  await steps(figure, 1);
  const origin = new URL(seen.page.url()).origin;
  const own =
    /^\/(pkg|models|posters|results|page|element|engine|state|views|training|vendor)\/|^\/[a-z-]+\.(js|css|svg)$|^\/$/;
  for (const url of seen.requests) {
    if (url.startsWith('blob:') || url.startsWith('data:')) continue;
    assert.ok(url.startsWith(origin) && own.test(new URL(url).pathname), url);
  }
  assert.ok((await stored(seen.page)).run);
});

test('no picture is lost when the size changes while pictures are read or rendered', async () => {
  await another();
  const found = await seen.page.evaluate(async () => {
    const { ImageCollection } = await import('/training/input/images.js');
    /** Changes the size while picture `at` is being read, as when the reader types another size. */
    const turning = (at) => {
      let count = 0;
      const collection = new ImageCollection(async (rgba, { height, width }) => {
        const before = count;
        count += rgba.length / (4 * height * width);
        if (before < at && at <= count) collection.setShape({ channels: 1, height: 12, width: 12 });
        return new Uint8Array(rgba.length / 4);
      });
      return collection;
    };
    const state = ({ items }) => items.map(({ seen }) => seen?.length ?? null);

    const last = turning(2);
    last.addRaw(new Uint8Array(2 * 64), { shape: { channels: 1, height: 8, width: 8 }, labels: null, name: 'raw' });
    const first = await last.render(() => {});
    const between = state(last);
    const second = await last.render(() => {});

    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d').fillRect(0, 0, 4, 8);
    const file = await canvas.convertToBlob();
    const files = turning(1);
    const { taken } = await files.addFiles([file, file, file], () => {});
    await files.render(() => {});
    return {
      first: first.isDone,
      between: between.length,
      second: second.isDone,
      raw: state(last),
      taken,
      files: state(files),
    };
  });
  assert.deepEqual(found, {
    ...{ first: false, between: 2, second: true, raw: [144, 144] },
    ...{ taken: 3, files: [144, 144, 144] },
  });
});

test('pictures that are still being read when all are cleared do not reappear', async () => {
  await another();
  const left = await seen.page.evaluate(async () => {
    const { ImageCollection } = await import('/training/input/images.js');
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d');
    const file = await canvas.convertToBlob();
    const collection = new ImageCollection(async (_, { height, width }) => {
      collection.clear();
      return new Uint8Array(height * width);
    });
    const { taken } = await collection.addFiles([file, file], () => {});
    return { taken, items: collection.items.length };
  });
  assert.deepEqual(left, { taken: 0, items: 0 });
});
