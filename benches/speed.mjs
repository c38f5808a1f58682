/** Times every row: in Chromium and natively, variants in turn, round by round, so that a busy moment hits them all. */

import { assertChecks } from './checks.mjs';
import { emptyPage, startWorker } from './chromium.mjs';
import { FORMS, assemble, operationsPerTurn } from './limit.mjs';
import { runNative } from './native.mjs';
import { operations } from './operations.mjs';
import { best, median } from './statistics.mjs';

/**
 * @typedef {object} Row
 * @property {string} preset
 * @property {string} variant
 * @property {'decode' | 'encode' | 'train'} work
 * @property {number} count pictures of one call
 * @property {number} best milliseconds of one call
 * @property {number} median
 * @property {number} gflops operations of a call by its best time, in 1e9 a second
 * @property {number} share of the variant's limit (`fed`), by the best time
 * @property {number} medianShare the same by the median
 * @property {number[]} milliseconds every sample
 *
 * @typedef {{best: number, median: number}} Limit of all rounds, in 1e9 operations a second
 */

/** Builds in `pkg/`: the modules that draw and train. */
const BUILDS = /** @type {const} */ ([
  { variant: 'wasm relaxed', drawer: 'cpu-relaxed', folder: 'training-relaxed', kind: 'relaxed' },
  { variant: 'wasm plain', drawer: 'cpu', folder: 'training', kind: 'plain' },
]);

/** The operations that are timed for each preset. */
const WORK = [
  { work: 'decode', count: 1 },
  { work: 'decode', count: 64 },
  { work: 'decode', count: 400 },
  { work: 'encode', count: 64 },
  { work: 'train', count: 64 },
];

/** Milliseconds of every row before the first round: until then the browser still compiles better code. */
const WARM_UP = 150;

/**
 * @param {object} options
 * @param {import('puppeteer-core').Browser} options.browser
 * @param {string} options.address of the site
 * @param {string} options.program the native bench
 * @param {number} options.rounds
 * @param {number} options.seconds for each row in each round
 * @returns {Promise<ReturnType<typeof summarize>>}
 */
export async function timeRounds({ browser, address, program, rounds, seconds }) {
  const warmUp = runNative(program, 0);
  const configs = Object.fromEntries(of(warmUp, 'config').map(({ preset, config }) => [preset, config]));
  const page = await emptyPage(browser, address);
  const builds = [];
  for (const { variant, drawer, folder, kind } of BUILDS) {
    const ask = await startWorker(page);
    const limits = Object.fromEntries(FORMS.map((form) => [form, assemble(kind, form).toString('base64')]));
    const pkg = `${address}pkg`;
    const modules = { folder: `${pkg}/${folder}/`, drawer: `${pkg}/${drawer}/` };
    await ask('start', { ...modules, pixels: `${address}pixels.js`, limits, configs });
    builds.push({ variant, kind, ask });
  }

  const checks = of(warmUp, 'check').map(asNative);
  for (const preset of Object.keys(configs)) {
    for (const { variant, ask } of builds) checks.push({ preset, variant, ...(await ask('check', { preset })) });
  }
  assertChecks(checks);

  await inChromium(builds, Object.keys(configs), WARM_UP);
  const found = [];
  for (let round = 1; round <= rounds; round++) {
    console.log(`    round ${round} of ${rounds}`);
    found.push(...(await inChromium(builds, Object.keys(configs), seconds * 1000)));
    found.push(...runNative(program, seconds).map(asNative));
  }
  return summarize(configs, found);
}

/**
 * One round of both builds.
 * @param {{variant: string, kind: import('./limit.mjs').Kind, ask: (action: string, args: object) => Promise<any>}[]} builds
 * @param {string[]} presets
 * @param {number} milliseconds for each row
 */
async function inChromium(builds, presets, milliseconds) {
  const found = [];
  for (const form of FORMS) {
    for (const { variant, kind, ask } of builds) {
      const { turns, milliseconds: samples } = await ask('limit', { form, milliseconds });
      const gflops = (turns * operationsPerTurn(kind, form)) / best(samples) / 1e6;
      found.push({ kind: 'limit', variant, form, gflops });
    }
  }
  for (const preset of presets) {
    for (const { work, count } of WORK) {
      for (const { variant, ask } of builds) {
        const samples = await ask('time', { preset, work, count, milliseconds });
        found.push({ kind: 'row', preset, variant, work, count, milliseconds: samples });
      }
    }
  }
  return found;
}

/**
 * The samples of all rounds together, as shares of the best limit of all rounds.
 * @param {Record<string, import('./operations.mjs').Config>} configs
 * @param {any[]} found
 */
function summarize(configs, found) {
  const counts = Object.fromEntries(Object.entries(configs).map(([preset, config]) => [preset, operations(config)]));
  const limits = limitsOf(found, 'fed');
  const name = (/** @type {any} */ row) => [row.preset, row.variant, row.work, row.count].join();
  const rows = [...grouped(of(found, 'row'), name).values()].map((lines) => {
    const { preset, variant, work, count } = lines[0];
    const milliseconds = lines.flatMap((line) => line.milliseconds);
    const total = counts[preset][/** @type {Row['work']} */ (work)] * count;
    const speed = (/** @type {number} */ time) => total / time / 1e6;
    const [shortest, middle] = [best(milliseconds), median(milliseconds)];
    return {
      ...{ preset, variant, work, count, best: shortest, median: middle, gflops: speed(shortest) },
      share: speed(shortest) / limits[variant].best,
      medianShare: speed(middle) / limits[variant].best,
      milliseconds,
    };
  });
  return { operations: counts, limits, idleLimits: limitsOf(found, 'idle'), rows };
}

/** @param {any[]} found @param {import('./limit.mjs').Form} form */
function limitsOf(found, form) {
  const lines = of(found, 'limit').filter((line) => line.form === form);
  const entries = [...grouped(lines, ({ variant }) => variant)].map(([variant, lines]) => {
    const gflops = lines.map((line) => line.gflops);
    return [variant, { best: Math.max(...gflops), median: median(gflops) }];
  });
  return /** @type {Record<string, Limit>} */ (Object.fromEntries(entries));
}

/** @param {any[]} lines @param {string} kind */
const of = (lines, kind) => lines.filter((line) => line.kind === kind);

/** @param {any} line */
const asNative = (line) => ('variant' in line ? { ...line, variant: `native ${line.variant}` } : line);

/** @param {any[]} lines @param {(line: any) => string} key @returns {Map<string, any[]>} */
function grouped(lines, key) {
  const groups = new Map();
  for (const line of lines) {
    const name = key(line);
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return groups;
}
