/**
 * Figures over a long time: 1,000 of them come and go, then ten play on one page for ten minutes. Memory must stay flat.
 *
 *     node benches/soak.mjs ADDRESS [--cycles 1000] [--minutes 10]
 *
 * ADDRESS is where the site is served, as `cargo xtask demo` prints it.
 */

import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';

import { comeAndGo, grown, memory } from '../tests/page/support/soak.mjs';
import { attributes } from '../www/state/attributes.js';
import { launch } from './chromium.mjs';

const KINDS = attributes.figure.choices ?? [];

/** Figures between two measurements of the memory. */
const BATCH = 100;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { cycles: { type: 'string', default: '1000' }, minutes: { type: 'string', default: '10' } },
});
const [address] = positionals;
const [cycles, minutes] = [Number(values.cycles), Number(values.minutes)];
if (!address || !(cycles >= BATCH) || !(minutes >= 0)) {
  console.error(`usage: node benches/soak.mjs ADDRESS [--cycles 1000, at least ${BATCH}] [--minutes 10]`);
  process.exit(2);
}

const browser = await launch();
try {
  await soak('variants/picture.html', async (page, look) => {
    await page.addScriptTag({ url: new URL('latent-lab.js', address).href, type: 'module' });
    await page.evaluate(comeAndGo, BATCH / 5, KINDS);
    const before = await look('before');
    for (let done = 0; done < cycles; done += BATCH) {
      await page.evaluate(comeAndGo, BATCH, KINDS);
      assert.deepEqual(grown(before, await look(`${done + BATCH} came and went`)), []);
    }
  });
  await soak('variants/many.html', async (page, look) => {
    await page.evaluate(async () => {
      for (const figure of document.querySelectorAll('latent-lab')) {
        figure.scrollIntoView();
        await /** @type {any} */ (figure).whenReady();
      }
    });
    assert.equal(page.workers().length, 1);
    const before = await look('ten figures');
    for (let minute = 1; minute <= minutes; minute++) {
      // Up and down, as a reader does.
      for (let i = 0; i < 60; i++) {
        await page.evaluate((share) => scrollTo(0, share * document.body.scrollHeight), (i % 20) / 20);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      assert.deepEqual(grown(before, await look(`minute ${minute}`)), []);
    }
  });
  console.log('memory stays flat');
} finally {
  await browser.close();
}

/**
 * @param {string} path of a page
 * @param {(page: import('puppeteer-core').Page, look: (when: string) => Promise<{heap: number, nodes: number, listeners: number}>) =>
 *   Promise<void>} work
 */
async function soak(path, work) {
  const page = await browser.newPage();
  await page.goto(new URL(path, address).href);
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  await work(page, async (when) => {
    const now = await memory(session);
    console.log(
      `${when}: ${(now.heap / 1e6).toFixed(2)} MB, ${now.nodes} nodes, ${now.listeners} listeners, ${page.workers().length} workers`,
    );
    return now;
  });
  await page.close();
}
