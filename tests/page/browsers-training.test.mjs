// The figures that train, in every browser engine: a run pauses, survives a reload, and is measured.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, figureAddress, selectorOf } from './support/browser.mjs';
import { inEveryBrowser } from './support/browsers.mjs';
import { lessonStatus, pressPlay, scrollTo, statusOf } from './support/in-browser.mjs';

inEveryBrowser((browser) => {
  test('a figure trains, pauses, and finds its run again after a reload', async () => {
    await browser.open(figureAddress('train'));
    await eventually(async () => assert.equal(await browser.run(statusOf, selectorOf('train')), 'ready'));
    await browser.run(pressIn, 'use-digits');
    await eventually(async () => assert.equal(await browser.run(textIn, 'count'), '2,000 pictures'));
    await browser.run(pressIn, 'play');
    await eventually(async () =>
      assert.match(await browser.run(textIn, 'status'), /^Step (?:[3-9]|\d[\d,]+) .*steps per second/),
    );
    await browser.run(pressIn, 'play');
    await eventually(async () => assert.match(await browser.run(textIn, 'status'), /paused/));
    const paused = await browser.run(textIn, 'status');
    // The preview of the last step may arrive after the status text.
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

  test('charts that cannot be drawn show numbers, in every figure that tries', async () => {
    await browser.open(figureAddress('train'));
    // The chart library throws while it is loaded with this language.
    const shown = await browser.run(chartsInBrowser, { language: 'C' });
    assert.deepEqual(shown, Array(3).fill({ places: 1, plots: 0, numbers: 1 }));
  });

  test('the lesson of one picture learns it at the press of a button', async () => {
    await browser.open(figureAddress('one-picture'));
    const lesson = selectorOf('one-picture');
    await eventually(async () => {
      await browser.run(scrollTo, lesson);
      assert.equal(await browser.run(statusOf, lesson), 'ready');
    });
    await browser.run(pressPlay, lesson);
    await eventually(async () => assert.match(await browser.run(lessonStatus, lesson), /^Step (?:[5-9]|\d[\d,]+) /));
    await browser.run(pressPlay, lesson);
    await eventually(async () => assert.match(await browser.run(lessonStatus, lesson), /paused/));
  });

  test('networks of an experiment train and are compared with principal components', async () => {
    await browser.open(figureAddress('sizes', { plan: 'sizes: 2 4; steps: 4; layers: 4 3 2, 4 3 2, 4 3 2' }));
    const lesson = selectorOf('sizes');
    await eventually(async () => {
      await browser.run(scrollTo, lesson);
      assert.equal(await browser.run(statusOf, lesson), 'ready');
    });
    await browser.run(pressPlay, lesson);
    // The table also has values before the last step.
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

/* In the page: */

async function pressIn(part) {
  document.querySelector('latent-lab[figure=train]:not([lesson])').shadowRoot.querySelector(`[part=${part}]`).click();
}

async function textIn(part) {
  return (
    document.querySelector('latent-lab[figure=train]:not([lesson])').shadowRoot.querySelector(`[part=${part}]`)
      ?.textContent ?? null
  );
}

/** The step of the run in the database. */
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

/** The difference between the lightest and the darkest value of a canvas. */
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

/** The contents of three containers of charts, two of which are filled at the same time, in a browser with the given language. */
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

/** The cells of a table, row by row. */
async function tableOf(selector) {
  const { shadowRoot } = document.querySelector(selector);
  return [...shadowRoot.querySelectorAll('[part=table] tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
}
