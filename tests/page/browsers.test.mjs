// Every browser engine shows the page, and computes the same: the plain module's bits are those of the native engine's
// reproducible arithmetic.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { address, eventually, figureAddress, openWholeChromium, selectorOf } from './support/browser.mjs';
import { browsers, withPuppeteer } from './support/browsers.mjs';
import { assertShows, codes, fingerprint, pixels, STORED, STRIP, training } from './support/golden.mjs';
import { decodeInBrowser, sessionInBrowser, trainInBrowser } from './support/module.mjs';

/** A document of the site's origin that runs nothing by itself. */
const bare = new URL('icon.svg', address).href;

/** Fused multiplications and additions round once where plain ones round twice; that is all that may differ. */
const FUSED = 1e-4;

const bytes = (base64) => Uint8Array.from(Buffer.from(base64, 'base64'));

for (const [name, open] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await open();
      await browser.open(bare);
    });
    after(() => browser?.close());

    for (const build of ['cpu', 'training']) {
      test(`the plain module ${build} decodes to the bits of the native engine`, async () => {
        const decoded = await browser.run(decodeInBrowser, { build, model: 'digits', codes: [...codes] });
        assert.equal(fingerprint(bytes(decoded)), fingerprint(new Uint8Array(pixels.buffer)));
      });
    }

    test('the plain module trains to the bits of the native engine', async () => {
      const run = await browser.run(trainInBrowser, { build: 'training', golden: training });
      assert.deepEqual(run.losses, training.losses);
      for (const each of ['draws', 'weights', 'decoded']) {
        assert.equal(fingerprint(bytes(run[each])), training[each], each);
      }
    });

    test('a run as the page takes it has the losses of the native engine, also when it is broken off and goes on', async () => {
      const run = await browser.run(sessionInBrowser, { build: 'training', golden: training });
      const expected = training.losses.map(([reconstruction, kl]) => [reconstruction, kl]);
      assert.deepEqual(run.straight, expected);
      assert.deepEqual(run.resumed, expected);
      assert.ok(run.same, 'both end in the same state');
      assert.equal(fingerprint(bytes(run.weights)), training.weights);
    });

    test('a lesson is shown, and the network answers a question', async () => {
      await browser.open(new URL('lesson.html?src=lessons/bottleneck.md', address).href);
      await eventually(async () => assert.ok(await browser.run(chooseIn, 'question-2')));
      await eventually(async () =>
        assert.match(await browser.run(repliesIn, 'question-2'), /The network’s answer: 2\./),
      );
    });

    test('a figure trains, pauses, and finds its run again after a reload', async () => {
      await browser.open(figureAddress('train'));
      await eventually(async () => assert.equal(await browser.run(statusOf, selectorOf('train')), 'ready'));
      await browser.run(pressIn, 'use-digits');
      await eventually(async () => assert.equal(await browser.run(textIn, 'count'), '2,000 pictures'));
      await browser.run(pressIn, 'play');
      await eventually(async () =>
        assert.match(await browser.run(textIn, 'status'), /^Step ([3-9]|\d\d) .*steps per second/),
      );
      await browser.run(pressIn, 'play');
      await eventually(async () => assert.match(await browser.run(textIn, 'status'), /paused/));
      const paused = await browser.run(textIn, 'status');
      // The preview of the last step may come after the words.
      await eventually(async () => {
        const spread = await browser.run(spreadIn, 'redrawn');
        assert.ok(spread > 20, `the reconstructions have contrast: ${spread}`);
      });
      await eventually(async () => assert.equal(`Step ${await browser.run(storedStep)}`, paused.split(' · ')[0]));
      await browser.open(figureAddress('train'));
      await eventually(async () => assert.equal(await browser.run(textIn, 'status'), paused));
      await browser.run(pressIn, 'reset');
      await eventually(async () => assert.equal(await browser.run(textIn, 'play'), 'Start'));
    });

    test('charts that cannot be drawn show numbers, the second ones as the first', async () => {
      await browser.open(figureAddress('train'));
      // The chart library throws as soon as it is loaded.
      const shown = await browser.run(chartsInBrowser, { language: 'C' });
      assert.deepEqual(shown, Array(3).fill({ places: 1, plots: 0, numbers: 1 }));
    });

    test('the microscope stamps, and shows the maps of a whole decoder', async () => {
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
      // A corner of ones stamped with the halved rim: at stride 2 that is linear interpolation.
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

    test('the lens of the map marks the nearest stored codes and shows their pictures', async () => {
      await browser.open(figureAddress('map', { lens: 'density' }));
      await eventually(async () => {
        const { rings, pictures, source } = await browser.run(nearPictures, null);
        assert.deepEqual([rings, new Set(pictures).size], [5, 5]);
        assert.match(source, /^Held-out test images/);
      });
    });

    test('a number of a code is moved by its slider, and the picture is the last one of its strip', async () => {
      await browser.open(figureAddress('traversal'));
      await eventually(async () => {
        await browser.run(scrollTo, selectorOf('traversal'));
        assert.equal(await browser.run(statusOf, selectorOf('traversal')), 'ready');
      });
      await browser.run(moveNumber, null);
      await eventually(async () => {
        const { picture, last, moved } = await browser.run(traversal, null);
        assert.equal(moved, '1:3');
        assert.ok(Math.max(...picture) > 200, 'there is ink');
        assert.deepEqual(picture, last);
      });
    });

    test('four paths have the same ends and one slider', async () => {
      await browser.open(figureAddress('paths', { t: 0 }));
      await eventually(async () => {
        await browser.run(scrollTo, selectorOf('paths'));
        assert.equal(await browser.run(statusOf, selectorOf('paths')), 'ready');
      });
      await eventually(async () => assert.equal((await browser.run(pathsAt, 0)).isComplete, true));
      for (const t of [0, 1]) {
        const { pictures } = await browser.run(pathsAt, t);
        assert.ok(Math.max(...pictures[0]) > 200, 'there is ink');
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

    test('a picture is added to the examples of an attribute vector, and the number follows', async () => {
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

    test('the target of a day is the same in every browser, and is found', async () => {
      await browser.open(figureAddress('puzzle', { day: '2026-11-29' }));
      await eventually(async () => {
        await browser.run(scrollTo, selectorOf('puzzle'));
        assert.equal(await browser.run(statusOf, selectorOf('puzzle')), 'ready');
      });
      await browser.run(aim, { x: -0.45, y: -0.8 });
      await eventually(async () => {
        const [target, picture] = await browser.run(bothPictures, null);
        assert.ok(Math.max(...target) > 200, 'there is ink');
        assert.deepEqual(picture, target);
      });
      await browser.run(tryPlace, null);
      await eventually(async () => assert.match(await browser.run(saidOf, null), /^Found on the first try/));
    });

    test('all figures show their pictures, and the strip is the native decoder’s within 1/255', async () => {
      await browser.open(address);
      for (const figure of ['samples', 'map', 'morph']) {
        await browser.run(scrollTo, selectorOf(figure));
        await eventually(async () => assert.equal(await browser.run(statusOf, selectorOf(figure)), 'ready'));
      }
      const strip = await browser.run(stripPixels, null);
      assert.equal(strip.length, STRIP);
      strip.forEach((grey, stop) => assertShows(grey, STORED + stop));
    });

    test('a path through pictures shares its ends with the arc, and leaves it between them', async () => {
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

    test('one picture is prepared, and learned at a button', async () => {
      await browser.open(figureAddress('one-picture'));
      const lesson = selectorOf('one-picture');
      await eventually(async () => {
        await browser.run(scrollTo, lesson);
        assert.equal(await browser.run(statusOf, lesson), 'ready');
      });
      await browser.run(pressPlay, lesson);
      await eventually(async () => assert.match(await browser.run(lessonStatus, lesson), /^Step ([5-9]|\d\d) /));
      await browser.run(pressPlay, lesson);
      await eventually(async () => assert.match(await browser.run(lessonStatus, lesson), /paused/));
    });

    test('networks of an experiment take their steps, and are measured beside principal components', async () => {
      await browser.open(figureAddress('sizes', { plan: 'sizes: 2 4; steps: 4; layers: 4 3 2, 4 3 2, 4 3 2' }));
      const lesson = selectorOf('sizes');
      await eventually(async () => {
        await browser.run(scrollTo, lesson);
        assert.equal(await browser.run(statusOf, lesson), 'ready');
      });
      await browser.run(pressPlay, lesson);
      // The table has values before the last step too.
      await eventually(async () => assert.match(await browser.run(lessonStatus, lesson), /^Step 4 of 4 · done/));
      await eventually(async () => {
        const rows = await browser.run(tableOf, lesson);
        assert.deepEqual(
          rows.map(([size, bytes]) => [size, bytes]),
          [
            ['2', '8'],
            ['4', '16'],
          ],
        );
        for (const cell of rows.flat()) assert.match(cell, /^−?\d/);
      });
    });
  });
}

/* In the page: */

async function scrollTo(selector) {
  document.querySelector(selector).scrollIntoView();
}

async function statusOf(selector) {
  return document.querySelector(selector).status;
}

/** The cells of a table, by rows. */
async function tableOf(selector) {
  const { shadowRoot } = document.querySelector(selector);
  return [...shadowRoot.querySelectorAll('[part=table] tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
}

/* Of the paths: */

/** Moves the slider; the large pictures, what is measured there, and the curves. */
async function pathsAt(t) {
  const { shadowRoot } = document.querySelector('latent-lab');
  const slider = shadowRoot.querySelector('[part=t]');
  slider.value = String(t * Number(slider.max));
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const pictures = [...shadowRoot.querySelectorAll('.paths-now canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d', { willReadFrequently: true }).getImageData(0, 0, 28, 28);
    return [...data].filter((_, at) => at % 4 === 0);
  });
  return {
    pictures,
    readings: [...shadowRoot.querySelectorAll('.reading-now')].map((node) => node.textContent),
    lines: [...shadowRoot.querySelectorAll('.chart-line .series')].map((line) => line.getAttribute('d')),
    isComplete: 'complete' in shadowRoot.querySelector('figure').dataset,
  };
}

/* Of the traversal: */

async function moveNumber() {
  const slider = document.querySelector('latent-lab').shadowRoot.querySelector('[part=number-1]');
  slider.value = '3';
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The picture, the last one of the first number's strip, and what was moved. */
async function traversal() {
  const figure = document.querySelector('latent-lab');
  const gray = (part, left) => {
    const context = figure.shadowRoot.querySelector(`[part=${part}]`).getContext('2d', { willReadFrequently: true });
    return [...context.getImageData(left, 0, 28, 28).data].filter((_, at) => at % 4 === 0);
  };
  return { picture: gray('picture', 0), last: gray('strip-1', 6 * 30), moved: figure.state.moved };
}

/* Of attribute vectors: */

/** The number, the examples, and the gray values of the picture. */
async function directionOf() {
  const element = document.querySelector('latent-lab');
  const text = (part) => element.shadowRoot.querySelector(`[part=${part}]`).textContent;
  const canvas = element.shadowRoot.querySelector('canvas[part=picture]');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return {
    ...{ share: text('share'), finding: text('finding'), plus: element.state.plus },
    picture: [...data].filter((_, i) => i % 4 === 0),
  };
}

/** A click on the first stored picture. */
async function addExample() {
  document.querySelector('latent-lab').shadowRoot.querySelector('[role=option]').click();
}

/* Of the puzzle: */

async function aim(spot) {
  const sliders = document.querySelector('latent-lab').shadowRoot.querySelectorAll('.plot input');
  [spot.x, spot.y].forEach((value, i) => {
    sliders[i].value = String(value);
    sliders[i].dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function bothPictures() {
  const { shadowRoot } = document.querySelector('latent-lab');
  return ['target', 'picture'].map((part) => {
    const context = shadowRoot.querySelector(`[part=${part}]`).getContext('2d', { willReadFrequently: true });
    return [...context.getImageData(0, 0, 28, 28).data].filter((_, at) => at % 4 === 0);
  });
}

async function tryPlace() {
  document.querySelector('latent-lab').shadowRoot.querySelector('[part=try]').click();
}

async function saidOf() {
  return document.querySelector('latent-lab').shadowRoot.querySelector('[part=said]').textContent;
}

/* Of the figure that trains: */

async function pressIn(part) {
  document.querySelector('latent-lab[figure=train]:not([lesson])').shadowRoot.querySelector(`[part=${part}]`).click();
}

async function textIn(part) {
  return (
    document.querySelector('latent-lab[figure=train]:not([lesson])').shadowRoot.querySelector(`[part=${part}]`)
      ?.textContent ?? null
  );
}

/** The step that the database has. */
function storedStep() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('latent-lab');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = opening.result.transaction('run').objectStore('run').get('progress');
      request.onsuccess = () => {
        opening.result.close();
        resolve(request.result?.moment.step ?? null);
      };
    };
  });
}

/** How far apart the darkest and the lightest value of a canvas are. */
async function spreadIn(part) {
  const canvas = document
    .querySelector('latent-lab[figure=train]:not([lesson])')
    .shadowRoot.querySelector(`[part=${part}]`);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const grey = [...data].filter((_, i) => i % 4 === 0);
  return (
    grey.reduce((most, value) => Math.max(most, value), 0) - grey.reduce((least, value) => Math.min(least, value), 255)
  );
}

/** What three places for charts hold, of which two begin together, in a browser of a language. */
async function chartsInBrowser({ language }) {
  Object.defineProperty(navigator, 'language', { value: language });
  const { Charts } = await import('/views/train/charts.js');
  const begun = async () => {
    const charts = new Charts({ part: 'losses', hasScale: false });
    document.body.append(charts.node);
    await charts.begin([{ part: 'chart', title: 'Loss', series: [{ kind: 'variational', name: 'VAE', column: 1 }] }]);
    const count = (selector) => charts.node.querySelectorAll(selector).length;
    return { places: count('.chart'), plots: count('canvas'), numbers: count('.key') };
  };
  return [...(await Promise.all([begun(), begun()])), await begun()];
}

/** What the lens of the map shows around the cursor. */
async function nearPictures() {
  const root = document.querySelector('latent-lab[figure=map]').shadowRoot;
  return {
    rings: root.querySelectorAll('[part=near-codes] circle').length,
    pictures: [...root.querySelectorAll('[part=near] canvas')].map((canvas) => canvas.toDataURL()),
    source: root.querySelector('[part=near-source]')?.textContent ?? '',
  };
}

/** The last step by hand, and what is painted of the decoder. */
async function microscope() {
  const root = document.querySelector('latent-lab[figure=microscope]').shadowRoot;
  const steps = root.querySelector('[part=steps]');
  steps.value = steps.max;
  steps.dispatchEvent(new Event('input'));
  const side = [4, 7, 14, 28];
  const maps = side.map((side, layer) => {
    const canvas = root.querySelector(`[part=maps-${layer}]`);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const pixels = Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]).filter(
      ([, , , alpha]) => alpha === 255,
    );
    return { pixels: pixels.length, colors: new Set(pixels.map(String)).size };
  });
  return {
    reading: root.querySelector('[part=reading]').textContent,
    sums: [...root.querySelectorAll('[part=canvas] .cell')].map((cell) => cell.textContent),
    maps,
    lens: root.querySelector('[part=lens-text]').textContent,
  };
}

/** The strip of a figure: the side of each canvas, and how many of its pixels are not gray. */
async function stripColors(selector) {
  const canvases = document.querySelector(selector).shadowRoot.querySelectorAll('[part=strip] canvas');
  return Array.from(canvases, (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colored = data.filter((red, i) => i % 4 === 0 && Math.abs(red - data[i + 2]) > 8).length;
    return { side: canvas.width, colored };
  });
}

async function pressPlay(selector) {
  document.querySelector(selector).shadowRoot.querySelector('[part=play]').click();
}

async function lessonStatus(selector) {
  return document.querySelector(selector).shadowRoot.querySelector('[part=status]').textContent;
}

async function stripPixels() {
  const canvases = document.querySelector('latent-lab').shadowRoot.querySelectorAll('[part=strip] canvas');
  return Array.from(canvases, (canvas) =>
    [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0),
  );
}

test('the relaxed module decodes to the same picture, and trains to the same losses', async () => {
  const browser = await withPuppeteer(openWholeChromium());
  try {
    await browser.open(bare);
    const decoded = await browser.run(decodeInBrowser, { build: 'cpu-relaxed', model: 'digits', codes: [...codes] });
    const values = new Float32Array(bytes(decoded).buffer);
    assert.equal(values.length, pixels.length);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - pixels[i])), 0);
    assert.ok(worst <= FUSED, `${worst} away`);
    const { losses, draws } = await browser.run(trainInBrowser, { build: 'training-relaxed', golden: training });
    assert.equal(fingerprint(bytes(draws)), training.draws);
    losses.flat().forEach((loss, i) => {
      const golden = training.losses.flat()[i];
      assert.ok(Math.abs(loss - golden) <= FUSED * Math.abs(golden), `${loss} for ${golden}`);
    });
  } finally {
    await browser.close();
  }
});

/** In the page: takes the first choice of a lesson's question and asks the network; true if the question is there. */
async function chooseIn(name) {
  const input = document.querySelector(`[name=${name}]`);
  input?.click();
  input?.form.requestSubmit();
  return input !== null;
}

/** In the page: what a lesson's question says after its choices. */
async function repliesIn(name) {
  return document.querySelector(`[name=${name}]`).form.querySelector('.reply').textContent;
}
