/**
 * How long a dragged slider waits for its picture: from the input event to the end of the frame that shows the decoded picture.
 *
 *     node benches/drag.mjs ADDRESS
 *
 * ADDRESS is the served site (`cargo xtask serve`). Asserts that each picture is the one of its code before it times any.
 */

import assert from 'node:assert/strict';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { launch } from './chromium.mjs';
import { median, percentile } from './statistics.mjs';

/** Sliders by figure, with the bar in milliseconds. */
const DRAGS = [
  { figure: 'direction', model: 'digits', part: 'amount', bar: 33 },
  { figure: 'direction', model: 'cats', part: 'amount', bar: 50 },
];

/** Steps of a drag. */
const STEPS = 60;

/** In the page: until the figure has its first picture and nothing is decoded any more. */
async function settle() {
  await document.querySelector('latent-lab')?.whenReady();
  await new Promise((resolve) => setTimeout(resolve, 3000));
}

/**
 * In the page: drags a slider step by step, each time until the picture has changed and its frame has ended.
 * @param {{part: string, steps: number}} drag
 * @returns {Promise<number[]>} milliseconds
 */
async function drag({ part, steps }) {
  const root = /** @type {ShadowRoot} */ (document.querySelector('latent-lab')?.shadowRoot);
  const slider = /** @type {HTMLInputElement} */ (root.querySelector(`[part=${part}]`));
  const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('canvas[part=picture]'));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const { min, max } = slider;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  for (let i = 0; i < steps; i++) {
    const put = context.putImageData;
    const painted = new Promise((resolve) => {
      context.putImageData = /** @type {typeof put} */ (
        (/** @type {Parameters<typeof put>} */ ...given) => {
          put.apply(context, given);
          context.putImageData = put;
          resolve(undefined);
        }
      );
    });
    await frame();
    const start = performance.now();
    slider.value = String(Number(min) + ((i + 1) / steps) * (Number(max) - Number(min)));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await painted;
    // The frame is on its way once the next task runs.
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
    times.push(performance.now() - start);
  }
  return times;
}

/** In the page: how far the large picture is from the last one of the row, which has the same code at the end of the slider. */
function difference() {
  const root = /** @type {ShadowRoot} */ (document.querySelector('latent-lab')?.shadowRoot);
  const pixels = (/** @type {HTMLCanvasElement} */ canvas) =>
    /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, canvas.width, canvas.height)
      .data;
  const large = pixels(/** @type {HTMLCanvasElement} */ (root.querySelector('canvas[part=picture]')));
  const last = pixels(/** @type {HTMLCanvasElement} */ ([...root.querySelectorAll('[part=strip] canvas')].pop()));
  return large.reduce((most, value, i) => Math.max(most, Math.abs(value - last[i])), 0);
}

/** @param {string} address */
async function main(address) {
  const browser = await launch();
  try {
    for (const { figure, model, part, bar } of DRAGS) {
      const page = await browser.newPage();
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(`${address}embed.html?figure=${figure}&model=${model}`);
      await page.evaluate(settle);
      await page.evaluate(drag, { part, steps: 5 });
      assert.ok((await page.evaluate(difference)) <= 1, 'the picture is the one of its code');
      const times = await page.evaluate(drag, { part, steps: STEPS });
      const shown = [Math.min(...times), median(times), percentile(times, 0.95)].map((time) => time.toFixed(1));
      console.log(`${figure} of ${model}: best, median, 95th percentile ${shown.join(', ')} ms (bar ${bar})`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await main(argv[2]);
