// The figures that show a network, and a lesson, in every browser engine. Those that train are in browsers-training.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, eventually, figureAddress, selectorOf } from './support/browser.mjs';
import { inEveryBrowser } from './support/browsers.mjs';
import { assertShows, STORED, STRIP } from './support/golden.mjs';
import { scrollTo, statusOf } from './support/in-browser.mjs';
import {
  addExample,
  aim,
  bothPictures,
  chooseIn,
  directionOf,
  microscope,
  moveNumber,
  nearPictures,
  pathsAt,
  repliesIn,
  saidOf,
  stripColors,
  stripPixels,
  traversal,
  tryPlace,
} from './support/shown.mjs';

inEveryBrowser((browser) => {
  test('a lesson is displayed, and the network answers a question', async () => {
    await browser.open(new URL('lesson.html?src=lessons/bottleneck.md', address).href);
    await eventually(async () => assert.ok(await browser.run(chooseIn, 'question-2')));
    await eventually(async () => assert.match(await browser.run(repliesIn, 'question-2'), /The network’s answer: 2\./));
  });

  test('the microscope stamps a filter, and shows the feature maps of a whole decoder', async () => {
    await browser.open(figureAddress('microscope'));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('microscope'));
      assert.equal(await browser.run(statusOf, selectorOf('microscope')), 'ready');
    });
    const { reading, sums, maps, lens } = await browser.run(microscope, null);
    assert.match(
      reading,
      /^The input at row 4, column 4 is 0: 0.× the kernel is added to rows 6 to 7, columns 6 to 7\.$/,
    );
    // Ones in a corner, stamped with the filter whose rim is halved: at stride 2 this is linear interpolation.
    assert.deepEqual(sums.slice(27, 36), ['0', '0', '0.5', '1', '1', '1', '1', '1', '0.5']);
    assert.deepEqual(
      maps.map(({ pixels }) => pixels),
      [128 * 16, 64 * 49, 32 * 196, 784],
    );
    assert.ok(
      maps.every(({ colors }) => colors > 20),
      JSON.stringify(maps),
    );
    assert.match(lens, /^Map \d+ of 64/);
  });

  test('the lens of the map marks the nearest training codes and shows their pictures', async () => {
    await browser.open(figureAddress('map', { lens: 'density' }));
    await eventually(async () => {
      const { rings, pictures, source } = await browser.run(nearPictures, null);
      assert.deepEqual([rings, new Set(pictures).size], [5, 5]);
      assert.match(source, /^1,000 of the pictures that the network was trained on/);
    });
  });

  test('a slider moves one number of a code, and the picture is the last one of the strip', async () => {
    await browser.open(figureAddress('traversal'));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('traversal'));
      assert.equal(await browser.run(statusOf, selectorOf('traversal')), 'ready');
    });
    await browser.run(moveNumber, null);
    await eventually(async () => {
      const { picture, last, moved } = await browser.run(traversal, null);
      assert.equal(moved, '1:3');
      assert.ok(Math.max(...picture) > 200, 'the picture is not blank');
      assert.deepEqual(picture, last);
    });
  });

  test('four paths share their ends and one slider', async () => {
    await browser.open(figureAddress('paths', { t: 0 }));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('paths'));
      assert.equal(await browser.run(statusOf, selectorOf('paths')), 'ready');
    });
    await eventually(async () => assert.equal((await browser.run(pathsAt, 0)).isComplete, true));
    for (const t of [0, 1]) {
      const { pictures } = await browser.run(pathsAt, t);
      assert.ok(Math.max(...pictures[0]) > 200, 'the picture is not blank');
      for (const picture of pictures) assert.deepEqual(picture, pictures[0], `at ${t}`);
    }
    const { pictures, readings, lines } = await browser.run(pathsAt, 0.5);
    assert.equal(new Set(pictures.map((picture) => picture.join())).size, 4);
    for (const reading of readings) assert.match(reading, /^\d, \d+% sure$/);
    assert.deepEqual(
      lines.map((line) => line.startsWith('M') && !line.includes('NaN')),
      new Array(12).fill(true),
    );
  });

  test('adding a picture to the examples of an attribute vector updates the share', async () => {
    await browser.open(figureAddress('direction'));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('direction'));
      assert.equal(await browser.run(statusOf, selectorOf('direction')), 'ready');
    });
    await eventually(async () => assert.match((await browser.run(directionOf)).share, /^7[2-4]%$/));
    const before = await browser.run(directionOf);
    assert.match(before.finding, / 480 held-out pictures /);
    await browser.run(addExample);
    await eventually(async () => {
      const after = await browser.run(directionOf);
      assert.deepEqual(after.plus, [192, 228, 431, 230, 410, 155, 217, 34, 260, 20, 3]);
      assert.match(after.finding, / 479 held-out pictures /);
      assert.notDeepEqual(after.picture, before.picture);
    });
  });

  test('the target of a day is the same in every browser and can be found', async () => {
    await browser.open(figureAddress('puzzle', { day: '2026-11-29' }));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('puzzle'));
      assert.equal(await browser.run(statusOf, selectorOf('puzzle')), 'ready');
    });
    await browser.run(aim, { x: -0.45, y: -0.8 });
    await eventually(async () => {
      const [target, picture] = await browser.run(bothPictures, null);
      assert.ok(Math.max(...target) > 200, 'the picture is not blank');
      assert.deepEqual(picture, target);
    });
    await browser.run(tryPlace, null);
    await eventually(async () => assert.match(await browser.run(saidOf, null), /^Found on the first try/));
  });

  test('all figures show their pictures, and the strip equals the native decoder’s within 1/255', async () => {
    await browser.open(address);
    for (const figure of ['samples', 'map', 'morph']) {
      await browser.run(scrollTo, selectorOf(figure));
      await eventually(async () => assert.equal(await browser.run(statusOf, selectorOf(figure)), 'ready'));
    }
    const strip = await browser.run(stripPixels, null);
    assert.equal(strip.length, STRIP);
    strip.forEach((grey, stop) => assertShows(grey, STORED + stop));
  });

  test('a path through pictures has the same ends as the arc and differs between them', async () => {
    await browser.open(figureAddress('morph', { path: 'geodesic' }));
    await eventually(async () => {
      await browser.run(scrollTo, selectorOf('morph'));
      assert.equal(await browser.run(statusOf, selectorOf('morph')), 'ready');
    });
    const strip = await browser.run(stripPixels, null);
    for (const stop of [0, STRIP - 1]) assertShows(strip[stop], STORED + stop);
    assert.throws(() => assertShows(strip[5], STORED + 5));
  });

  test('two cats turn into each other, in color', async () => {
    await browser.open(figureAddress('cats'));
    const cats = selectorOf('cats');
    await eventually(async () => {
      await browser.run(scrollTo, cats);
      assert.equal(await browser.run(statusOf, cats), 'ready');
    });
    const strip = await browser.run(stripColors, cats);
    assert.equal(strip.length, STRIP);
    assert.ok(
      strip.every(({ side, colored }) => side === 64 && colored > 500),
      JSON.stringify(strip),
    );
  });
});
