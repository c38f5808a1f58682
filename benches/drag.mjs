/**
 * How soon a drag changes the picture, such as that of a number in the figure `traversal`, the slider of `direction` or the cursor of
 * `map`: from the pointer's event to the task after the frame that shows the change.
 *
 *     node benches/drag.mjs ADDRESS [FIGURE]
 */

import { emptyPage, launch } from './chromium.mjs';
import { best, median, percentile } from './statistics.mjs';

const [address, only] = process.argv.slice(2);
if (!address) throw new Error('usage: node benches/drag.mjs ADDRESS [FIGURE]');

/** Moves of the pointer, and the pause between two of them, in milliseconds: the strips never follow before the drag has ended. */
const MOVES = 400;
const PAUSE = 50;

/**
 * The dragged parts, and the largest wait by the 98th percentile, in milliseconds.
 * @type {{figure: string, model: string, lens?: string, what: string, bar: number}[]}
 */
const drags = [
  { figure: 'posterior', model: 'cats', what: '[part=from-picture]', bar: 50 },
  { figure: 'traversal', model: 'digits', what: '.traverse', bar: 33 },
  { figure: 'traversal', model: 'cats', what: '.traverse', bar: 50 },
  { figure: 'direction', model: 'digits', what: '[part=amount]', bar: 33 },
  { figure: 'direction', model: 'cats', what: '[part=amount]', bar: 50 },
  { figure: 'paths', model: 'digits', what: '.all-paths', bar: 33 },
  { figure: 'paths', model: 'cats', what: '.all-paths', bar: 50 },
  { figure: 'puzzle', model: 'map', what: '.plot', bar: 33 },
  { figure: 'map', model: 'map', what: '.plot', bar: 33 },
  { figure: 'map', model: 'map', lens: 'density', what: '.plot', bar: 33 },
  { figure: 'map', model: 'map', lens: 'error', what: '.plot', bar: 33 },
  { figure: 'morph', model: 'digits', what: '[part=t]', bar: 33 },
  { figure: 'morph', model: 'digits', lens: 'density', what: '[part=t]', bar: 33 },
  { figure: 'morph', model: 'cats', what: '[part=t]', bar: 50 },
];

const browser = await launch();
try {
  for (const { what, bar, ...attributes } of drags) {
    if (only && attributes.figure !== only) continue;
    const waits = await drag(attributes, what);
    const [least, middle, most] = [best(waits), median(waits), percentile(waits, 0.98)];
    const row = [least, middle, most].map((wait) => wait.toFixed(1)).join(' / ');
    console.log(
      `drag in ${Object.values(attributes).join(', ')}: best / median / 98 % of ${waits.length}: ${row} ms, bar ${bar} ms`,
    );
  }
} finally {
  await browser.close();
}

/**
 * @param {object} attributes of the figure
 * @param {string} what selector of the dragged part
 */
async function drag(attributes, what) {
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  const body = `<script type="module" src="latent-lab.js"></script>
    <latent-lab ${written.join(' ')} engine="cpu" loading="eager"></latent-lab>`;
  const page = await emptyPage(browser, address, { body, before: listen });
  try {
    await page.waitForFunction(() => document.querySelector('latent-lab')?.status === 'ready', { timeout: 60_000 });
    const strip = (
      await page.evaluateHandle((part) => document.querySelector('latent-lab')?.shadowRoot?.querySelector(part), what)
    ).asElement();
    const handle = /** @type {import('puppeteer-core').ElementHandle<Element>} */ (strip);
    await handle.scrollIntoView();
    const box = await handle.boundingBox();
    if (!box) throw new Error(`${what} is not seen`);
    const waits = [];
    const at = (/** @type {number} */ share) =>
      /** @type {const} */ ([box.x + box.width * share, box.y + Math.min(20, box.height / 2)]);
    await page.mouse.move(...at(0.1));
    await page.mouse.down();
    for (let i = 1; i <= MOVES; i++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await page.mouse.move(...at(0.1 + 0.8 * ((i * 0.618) % 1)));
      waits.push(await page.evaluate(() => /** @type {any} */ (globalThis).wait()));
    }
    await page.mouse.up();
    return waits;
  } finally {
    await page.close();
  }
}

/** In the page, before its scripts: when the pointer moved, and when the picture was painted. */
function listen() {
  let [moved, painted] = [NaN, NaN];
  addEventListener('pointermove', ({ timeStamp }) => (moved = timeStamp), { capture: true });
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (/** @type {any[]} */ ...args) {
    // All paths are painted in one task.
    if (['picture', 'mean', 'now-slerp'].includes(this.canvas.getAttribute('part') ?? '')) {
      // After the frame that shows it.
      requestAnimationFrame(() => setTimeout(() => (painted = performance.now())));
    }
    return put.apply(this, /** @type {any} */ (args));
  };
  const wait = async () => {
    const start = moved;
    while (!(painted >= start)) {
      if (performance.now() > start + 5000) throw new Error('a picture did not come');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return painted - start;
  };
  Object.assign(globalThis, { wait });
}
