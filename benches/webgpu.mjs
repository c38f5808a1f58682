/** The module for WebGPU, in its own Chromium: on a GPU if Chromium finds one, else on its software adapter. */

import { launch, startWorker } from './chromium.mjs';
import { best, median } from './statistics.mjs';

/** Switches that make Chromium compute WebGPU on the processor. The first alone gives an adapter that never opens a device. */
const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** One preset: in software a step takes seconds. */
const PRESET = 'digits';
const CONFIG = {
  image: { channels: 1, height: 28, width: 28 },
  layers: [32, 64, 128].map((filters) => ({ filters, kernel: 3, stride: 2 })),
  latent: 16,
  kind: 'variational',
  likelihood: 'bernoulli',
};

const WORK = [
  { work: 'decode', count: 1 },
  { work: 'decode', count: 64 },
  { work: 'train', count: 64 },
];

/**
 * @param {{address: string, seconds: number}} options `seconds` for each row
 * @returns {Promise<{adapter: string, software: boolean, rows: object[]}>}
 */
export async function timeWebGpu({ address, seconds }) {
  const found = await timeIn([], address, seconds);
  return found ?? (await timeIn(SOFTWARE, address, seconds)) ?? { adapter: 'nothing', software: true, rows: [] };
}

/**
 * @param {string[]} flags
 * @param {string} address
 * @param {number} seconds
 */
async function timeIn(flags, address, seconds) {
  const browser = await launch(...flags);
  try {
    const page = await browser.newPage();
    // A file of the site that runs no script.
    await page.goto(`${address}icon.svg`);
    const adapter = await page.evaluate(async () => {
      const adapter = await /** @type {any} */ (navigator).gpu?.requestAdapter();
      const { vendor, architecture, isFallbackAdapter } = adapter?.info ?? {};
      return adapter ? { adapter: `${vendor} ${architecture}`.trim(), software: isFallbackAdapter === true } : null;
    });
    if (!adapter) return null;
    const ask = await startWorker(page);
    await ask('start', {
      folder: `${address}pkg/webgpu/`,
      pixels: `${address}pixels.js`,
      limits: {},
      configs: { [PRESET]: CONFIG },
    });
    const rows = [];
    for (const { work, count } of WORK) {
      // The first call compiles kernels.
      await ask('time', { preset: PRESET, work, count, milliseconds: 0 });
      const samples = await ask('time', { preset: PRESET, work, count, milliseconds: seconds * 1000 });
      rows.push({ preset: PRESET, work, count, best: best(samples), median: median(samples), milliseconds: samples });
    }
    return { ...adapter, rows };
  } finally {
    await browser.close();
  }
}
