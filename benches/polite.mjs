/**
 * How soon a visitor is answered during a run: real pointer and keys in a page with two figures, one of which trains. Measures the time
 * from an input to the task after its frame and to the requested picture, and the time that a request for a decode waits in the worker's
 * queue.
 */

import assert from 'node:assert/strict';

import { emptyPage } from './chromium.mjs';
import { percentile } from './statistics.mjs';

/**
 * @typedef {{count: number, median: number, most: number, worst: number}} Spread milliseconds; `most` is the 98th percentile
 * @typedef {{run: typeof RUNS[number], step: number, frames: Spread, pictures: Spread, queue: Spread}} Politeness `step` of one network
 */

/** Moves over the plane of the other figure, and presses in the one that trains. */
const MOVES = 80;
const PRESSES = 30;

/** Pauses between two of them, in milliseconds: they fall into any part of a step, sometimes while the run makes room for other figures. */
const PAUSES = [90, 230, 370, 560];

/** Longest wait for a picture, in milliseconds. */
const PATIENCE = 5_000;

/** Runs: one network, both side by side, and one whose steps two workers share, so that both processors compute. */
const RUNS = /** @type {const} */ (['variational', 'both', 'shared']);

/** @param {number} threads workers of the run; 0 to have the page choose */
const body = (threads) => `
  <style>body { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; margin: 1rem; font-family: sans-serif; align-items: start }</style>
  <script type="module" src="latent-lab.js"></script>
  <latent-lab figure="map" engine="cpu"></latent-lab>
  <latent-lab figure="train" engine="cpu" plan="preset: article" threads="${threads}"></latent-lab>`;

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address of the site
 * @returns {Promise<Politeness[]>} of each run
 */
export async function timePoliteness(browser, address) {
  const found = [];
  for (const run of RUNS) found.push(await timeRun(browser, address, run));
  return found;
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 * @param {typeof RUNS[number]} run
 */
async function timeRun(browser, address, run) {
  // A separate context, so that there is no run of an earlier visit.
  const context = await browser.createBrowserContext();
  const page = await emptyPage(context, address, { body: body(run === 'shared' ? 2 : 0), before: listen });
  // Before the run something may still be fetched or compiled.
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => console.error(`the page: ${/** @type {Error} */ (error).message}`));
  try {
    await page.setViewport({ width: 1600, height: 1300 });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('latent-lab')].every((figure) => /** @type {any} */ (figure).status === 'ready'),
    );
    /** @param {string} name of a part of the figure that trains */
    const part = async (name) => {
      const handle = await page.evaluateHandle(
        (name) => document.querySelector('[figure=train]')?.shadowRoot?.querySelector(`[part=${name}]`),
        name,
      );
      const element = /** @type {import('puppeteer-core').ElementHandle<HTMLElement> | null} */ (handle.asElement());
      assert.ok(element, `the figure has no ${name}`);
      return element;
    };
    const press = async (/** @type {string} */ name) => {
      const node = await part(name);
      await node.evaluate((element) => element.scrollIntoView({ block: 'center' }));
      await node.click();
    };
    // Not by the mouse: the figures are still finding their places.
    const choose = async (/** @type {string} */ name) => (await part(name)).evaluate((element) => element.click());
    await choose(`kind-${run === 'shared' ? 'variational' : run}`);
    const networks = run === 'both' ? 2 : 1;
    /** @type {import('puppeteer-core').JSHandle<any>} what `listen` has left there */
    const bench = await page.evaluateHandle(() => /** @type {any} */ (globalThis).bench);
    await bench.evaluate((bench, networks) => (bench.networks = networks), networks);
    await choose('play');
    for (
      const end = Date.now() + 120_000;
      !(await bench.evaluate((bench) => bench.last.step > bench.first.step + 20));
      await pause(0)
    ) {
      const words = await (await part('status')).evaluate((element) => element.textContent);
      assert.ok(Date.now() < end, `the run does not run: ${words}`);
    }
    for (const worker of page.workers()) await worker.evaluate(hear);

    const waits = [];
    const plot = await page.evaluateHandle(() =>
      document.querySelector('[figure=map]')?.shadowRoot?.querySelector('[part=plot]'),
    );
    const figure = /** @type {import('puppeteer-core').ElementHandle<HTMLElement>} */ (plot.asElement());
    await figure.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    for (let i = 0; i < MOVES; i++) {
      const box = await figure.boundingBox();
      assert.ok(box, 'the plane is seen');
      const [x, y] = [0.1 + 0.8 * ((i * 0.618) % 1), 0.1 + 0.8 * ((i * 0.382) % 1)];
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      waits.push(await bench.evaluate((bench, patience) => bench.picture(patience), PATIENCE));
      await pause(i);
    }
    // Keys and buttons where the run itself is shown.
    const beta = await part('beta');
    for (let i = 0; i < PRESSES; i++) {
      if (i % 3 === 0) await press(i % 2 ? 'scale-linear' : 'scale-log');
      else {
        await beta.focus();
        await page.keyboard.press(i % 3 === 1 ? 'ArrowRight' : 'ArrowLeft');
      }
      await pause(i);
    }
    const posted = await bench.evaluate((bench) => bench.posted);
    const heard = (
      await Promise.all(page.workers().map((worker) => worker.evaluate(() => /** @type {any} */ (self).heard ?? [])))
    ).flat();
    const queue = heard.flatMap(({ id, at }) => (id in posted ? [at - posted[id]] : []));
    assert.ok(queue.length >= MOVES, `${queue.length} decodes were heard of`);
    const { frames, each } = await bench.evaluate((bench) => ({ frames: bench.frames, each: bench.each() }));
    return { run, step: each / networks, frames: spread(frames), pictures: spread(waits), queue: spread(queue) };
  } finally {
    await context.close();
  }
}

/** @param {number} turn */
function pause(turn) {
  return new Promise((resolve) => setTimeout(resolve, PAUSES[turn % PAUSES.length]));
}

/** @param {number[]} times @returns {Spread} */
function spread(times) {
  assert.ok(times.length > 0, 'nothing was measured');
  return {
    count: times.length,
    median: percentile(times, 0.5),
    most: percentile(times, 0.98),
    worst: Math.max(...times),
  };
}

/** In the page, before its scripts: notes inputs, pictures of the plane's cursor, steps, and requests as they leave. */
function listen() {
  const bench = {
    /** @type {number[]} from each input to the next frame */
    frames: [],
    networks: 1,
    /** @type {Record<number, number>} when a decode was asked for, by its number */
    posted: {},
    moved: NaN,
    painted: NaN,
    first: { time: NaN, step: NaN },
    last: { time: NaN, step: NaN },
    /** Milliseconds of a step of all networks. */
    each: () => (bench.last.time - bench.first.time) / (bench.last.step - bench.first.step),
    /** Milliseconds from the last move to the frame with its picture. @param {number} patience */
    async picture(patience) {
      const { moved } = bench;
      while (!(bench.painted >= moved)) {
        if (performance.now() > moved + patience) throw new Error('a picture did not come');
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return bench.painted - moved;
    },
  };
  Object.assign(globalThis, { bench });
  // Not by Event Timing: in headless Chromium its entries may wait for seconds, all for the same moment, while the trace of that time
  // shows a
  // frame being drawn every tenth of a second.
  for (const name of ['pointermove', 'keydown', 'click']) {
    addEventListener(
      name,
      ({ timeStamp }) => {
        if (name === 'pointermove') bench.moved = timeStamp;
        // After the next frame.
        requestAnimationFrame(() => setTimeout(() => bench.frames.push(performance.now() - timeStamp)));
      },
      { capture: true },
    );
  }
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (/** @type {any[]} */ ...args) {
    if (this.canvas.getAttribute('part') === 'picture') {
      // After the frame that shows it.
      requestAnimationFrame(() => setTimeout(() => (bench.painted = performance.now())));
    }
    return put.apply(this, /** @type {any} */ (args));
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (/** @type {any[]} */ ...args) {
    const [{ id, action }] = args;
    if (action === 'decode') bench.posted[id] = performance.timeOrigin + performance.now();
    if (!(/** @type {any} */ (this).isHeard)) {
      Object.assign(this, { isHeard: true });
      this.addEventListener('message', ({ data }) => {
        if (data.event?.type !== 'losses') return;
        const { rows } = data.event.detail;
        const now = { time: performance.now(), step: rows[rows.length - 1 - 2 * bench.networks] };
        if (Number.isNaN(bench.first.time)) bench.first = now;
        bench.last = now;
      });
    }
    return post.apply(this, /** @type {any} */ (args));
  };
}

/** In the worker: notes when a decode begins. */
function hear() {
  const heard = /** @type {{id: number, at: number}[]} */ ([]);
  Object.assign(self, { heard });
  self.addEventListener('message', ({ data: { id, action } }) => {
    if (action === 'decode') heard.push({ id, at: performance.timeOrigin + performance.now() });
  });
}
