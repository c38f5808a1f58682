/**
 * `cargo xtask bench`: asserts, then times, prints tables and writes `target/bench.json`.
 *
 *     node benches/bench.mjs ADDRESS SITE [--rounds 5] [--seconds 0.3]
 *     node benches/bench.mjs ADDRESS --training
 *
 * ADDRESS is where the page is served as it is written, SITE the folder of the published one, whose loading is measured. Each row is
 * timed for that many seconds in each round. With `--training` only training is measured, and the result is printed but not written.
 * docs/speed.md says what the numbers mean.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { StaticHost } from '../tests/page/support/static-host.mjs';
import { bars } from './bars.mjs';
import { launch } from './chromium.mjs';
import { composition } from './composition.mjs';
import { pathsToFirstPicture, timeToFirstPicture } from './first-picture.mjs';
import { busyShare, load, machine } from './machine.mjs';
import { buildNative } from './native.mjs';
import { print, printTraining } from './report.mjs';
import { assets, sums } from './sizes.mjs';
import { timeRounds } from './speed.mjs';
import { best, median } from './statistics.mjs';
import { timeTraining } from './training.mjs';
import { measureVitals } from './vitals.mjs';
import { timeWebGpu } from './webgpu.mjs';

/** The module for WebGPU before wasm-bindgen and wasm-opt, with its names. */
const LINKED = 'target/wasm/wasm32-unknown-unknown/webgpu/latent_lab.wasm';

const { address, site, rounds, seconds, onlyTraining } = readArguments();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (onlyTraining) {
  printTraining(await timeTraining({ address, rounds }));
  process.exit();
}

const program = buildNative();
const before = { average: load(), busy: await busyShare() };

console.log('    sizes and first picture');
const files = assets(process.cwd(), site);
const host = await StaticHost.start(pathToFileURL(`${site}/`));
const paths = await pathsToFirstPicture(host.address);
const pictures = [];
for (let round = 0; round < rounds; round++) pictures.push(await timeToFirstPicture(host.address));
const vitals = await measureVitals(host.address);
await host.stop();
const views = {
  'all to the first picture': paths,
  ...Object.fromEntries(vitals.map(({ screen, files }) => [`first view, ${screen}`, files])),
};
// Missing inputs are reported before minutes of timing.
const sizes = { assets: files, sums: sums(files, views), webgpu: composition(LINKED) };

console.log('    training as the page does it');
const training = await timeTraining({ address, rounds });

console.log('    WebGPU');
const webgpu = await timeWebGpu({ address, seconds });

const browser = await launch();
const version = await browser.version();
const speed = await timeRounds({ browser, address, program, rounds, seconds }).finally(() => browser.close());

const measured = {
  machine: machine(version),
  load: { before, after: { average: load() } },
  rounds,
  seconds,
  ...speed,
  training,
  webgpu,
  firstPicture: { best: best(pictures), median: median(pictures), milliseconds: pictures, files: paths },
  vitals,
  sizes,
};
const result = { ...measured, bars: bars(measured) };
print(result);
mkdirSync('target', { recursive: true });
writeFileSync('target/bench.json', `${JSON.stringify(result, null, 2)}\n`);
console.log('\nAll of this, with every sample, is in target/bench.json');

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '0.3' },
      training: { type: 'boolean', default: false },
    },
  });
  const [address, site] = positionals;
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  if (!address || !(site || values.training) || !(rounds >= 1) || !(seconds >= 0)) {
    console.error('usage: node benches/bench.mjs ADDRESS SITE [--rounds 5] [--seconds 0.3], or ADDRESS --training');
    process.exit(2);
  }
  return { address, site: resolve(site ?? ''), rounds, seconds, onlyTraining: values.training };
}
