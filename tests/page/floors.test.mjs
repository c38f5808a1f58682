// The floors (layers) of www/: a script imports from its own floor and those below, never from above. See ARCHITECTURE.md.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { test } from 'node:test';

const www = new URL('../../www/', import.meta.url);

/** The floor of each folder and file; the longest matching path decides. Generated and third-party code has no floor. */
const floors = new Map([
  ['page/', 7],
  ['latent-lab.js', 6],
  ['element.js', 6],
  ['variants/', 6],
  ['element/', 5],
  ['views/', 4],
  ['views/parts/', 3],
  ['engine/', 3],
  ['state/', 2],
  ['training/', 2],
  ['assets.js', 1],
  ['late-assets.js', 1],
  ['failure.js', 1],
  ['pixels.js', 1],
]);

/** The service worker, which runs in a separate scope: it imports nothing, and nothing imports it. */
const ALONE = 'service-worker.js';

/**
 * Types that come from above, and why. A type is erased, so no code is loaded by it.
 * @type {Map<string, Map<string, string>>} by the importing folder, then by the imported file
 */
const typesFromAbove = new Map([
  [
    'training/',
    new Map([
      ['engine/engine.js', 'the page’s side of a run and image sources are handed an engine'],
      ['engine/types.js', 'model configs, image shapes and stored latents are named by the engine'],
    ]),
  ],
]);

/** @typedef {{from: string, to: string, kind: 'static' | 'dynamic' | 'type'}} Import both paths are relative to www/ */

const DOC = /\/\*\*[\s\S]*?\*\//g;
const STATIC = /^(?:import|export)\b(?:[^'";]*\bfrom)?\s*'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

/**
 * @param {string} from
 * @param {string} source
 * @returns {Import[]}
 */
function importsOf(from, source) {
  const docs = (source.match(DOC) ?? []).join('\n');
  const code = source.replace(DOC, '').replace(/^\s*\/\/.*$/gm, '');
  const found = (/** @type {Import['kind']} */ kind, /** @type {string} */ text, /** @type {RegExp} */ pattern) =>
    [...text.matchAll(pattern)].map(([, name]) => ({ from, to: posix.join(posix.dirname(from), name), kind }));
  return [...found('static', code, STATIC), ...found('dynamic', code, DYNAMIC), ...found('type', docs, DYNAMIC)];
}

/** Every script of www/ that is written by hand. @returns {Promise<string[]>} */
async function scripts() {
  const all = await readdir(www, { recursive: true });
  return all.map((path) => path.replaceAll('\\', '/')).filter((path) => /^(?!pkg\/|vendor\/).*\.js$/.test(path));
}

/** @returns {Promise<Import[]>} */
async function allImports() {
  const read = async (/** @type {string} */ path) => importsOf(path, await readFile(new URL(path, www), 'utf8'));
  return (await Promise.all((await scripts()).map(read))).flat();
}

/** @param {string} path */
function floorOf(path) {
  const fitting = [...floors.keys()].filter((key) => path.startsWith(key));
  return floors.get(fitting.sort((a, b) => b.length - a.length)[0]) ?? NaN;
}

/** The figure or dialog that a script of floor 4 belongs to. @param {string} path */
function viewOf(path) {
  return /^views\/(?!parts\/)([^/.]+)/.exec(path)?.[1];
}

/** @param {Import} import_ */
function isListed({ from, to }) {
  return [...typesFromAbove].some(([folder, files]) => from.startsWith(folder) && files.has(to));
}

/** @param {Import[]} imports */
function written(imports) {
  return [...new Set(imports.map(({ from, to, kind }) => `${from} -> ${to} (${kind})`))];
}

/** @param {Import} import_ */
const isCode = ({ kind }) => kind !== 'type';

test('every script has a floor, and every entry of the list has scripts', async () => {
  const paths = (await scripts()).filter((path) => path !== ALONE);
  assert.deepEqual(
    paths.filter((path) => Number.isNaN(floorOf(path))),
    [],
  );
  for (const key of floors.keys()) {
    assert.ok(
      paths.some((path) => path.startsWith(key)),
      key,
    );
  }
});

test('every static, dynamic and type import is found, and none in comments', async () => {
  const source = [
    `import { a } from './a.js';`,
    `import {\n  b,\n  c,\n} from '../b.js';`,
    `import './c.js';`,
    `export { d } from './d.js';`,
    `/** @type {import('./e.js').E} */`,
    `// import('./f.js')`,
    `const g = await import('./g.js');`,
  ].join('\n');
  assert.deepEqual(written(importsOf('x/y.js', source)), [
    'x/y.js -> x/a.js (static)',
    'x/y.js -> b.js (static)',
    'x/y.js -> x/c.js (static)',
    'x/y.js -> x/d.js (static)',
    'x/y.js -> x/g.js (dynamic)',
    'x/y.js -> x/e.js (type)',
  ]);
  const imports = await allImports();
  for (const kind of ['static', 'dynamic', 'type']) {
    assert.ok(
      imports.some((each) => each.kind === kind),
      kind,
    );
  }
  const known = new Set(await scripts());
  const isOurs = (/** @type {Import} */ { to }) => !/^(pkg|vendor)\//.test(to);
  assert.deepEqual(written(imports.filter((each) => isOurs(each) && !known.has(each.to))), []);
});

test('no script loads code from a floor above its own', async () => {
  const upward = (await allImports()).filter((each) => isCode(each) && floorOf(each.from) < floorOf(each.to));
  assert.deepEqual(written(upward), []);
});

test('types come from a higher floor only where listed, and every entry of the list is needed', async () => {
  const upward = (await allImports()).filter((each) => !isCode(each) && floorOf(each.from) < floorOf(each.to));
  assert.deepEqual(written(upward.filter((each) => !isListed(each))), []);
  for (const [folder, files] of typesFromAbove) {
    for (const file of files.keys()) {
      assert.ok(
        upward.some(({ from, to }) => from.startsWith(folder) && to === file),
        `${folder} -> ${file}`,
      );
    }
  }
});

test('a view loads no code of the engine or of another view, and the engine loads no code of a view', async () => {
  const code = (await allImports()).filter(isCode);
  const views = code.filter(({ from }) => from.startsWith('views/'));
  assert.deepEqual(written(views.filter(({ to }) => to.startsWith('engine/'))), []);
  assert.deepEqual(written(views.filter(({ from, to }) => viewOf(to) && viewOf(from) !== viewOf(to))), []);
  assert.deepEqual(written(code.filter(({ from, to }) => from.startsWith('engine/') && to.startsWith('views/'))), []);
});

test('the page’s side and the worker’s side of a training run load no code from each other', async () => {
  const sideOf = (/** @type {string} */ path) => /^training\/(page|worker)\//.exec(path)?.[1];
  const across = (await allImports()).filter(
    (each) => isCode(each) && sideOf(each.from) && sideOf(each.to) && sideOf(each.from) !== sideOf(each.to),
  );
  assert.deepEqual(written(across), []);
});

test('only one script loads the GPU’s code, and that script is loaded on demand', async () => {
  const isOfGpu = (/** @type {string} */ path) => path.startsWith('engine/webgpu/');
  const code = (await allImports()).filter(isCode);
  const loading = code.filter(({ from, to }) => isOfGpu(to) && !isOfGpu(from)).map(({ from }) => from);
  assert.deepEqual([...new Set(loading)], ['element/device.js']);
  assert.deepEqual(written(code.filter(({ to }) => /^element\/(device|rest)\.js$/.test(to))).sort(), [
    'element/frame.js -> element/rest.js (dynamic)',
    'element/rest.js -> element/device.js (static)',
  ]);
});

test('no script imports a wasm module by path, and each library is imported by one script', async () => {
  const code = (await allImports()).filter(isCode);
  assert.deepEqual(written(code.filter(({ to }) => to.startsWith('pkg/'))), []);
  assert.deepEqual(written(code.filter(({ to }) => to.startsWith('vendor/'))).sort(), [
    'page/lesson.js -> vendor/markdown-it/markdown-it.js (dynamic)',
    'views/train/charts.js -> vendor/uplot/uPlot.js (dynamic)',
  ]);
});

test('the service worker imports nothing, and nothing imports it', async () => {
  const imports = await allImports();
  assert.deepEqual(written(imports.filter(({ from, to }) => from === ALONE || to === ALONE)), []);
});

test('only one script reads the browser’s preferences for little data and reduced motion', async () => {
  const asking = [];
  for (const path of await scripts()) {
    const source = await readFile(new URL(path, www), 'utf8');
    if (/saveData|matchMedia\([^)]*reduced/.test(source)) asking.push(path);
  }
  assert.deepEqual(asking, ['state/reader.js']);
});

test('losses and divergences are defined only in the core: four listed scripts use exponentials or logarithms, for other purposes', async () => {
  const defining = [];
  for (const path of await scripts()) {
    const source = await readFile(new URL(path, www), 'utf8');
    if (/\bMath\.(exp|expm1|log|log1p)\(/.test(source)) defining.push(path);
  }
  assert.deepEqual(defining.sort(), [
    'training/page/measures.js',
    'views/parts/mixture.js',
    'views/posterior/deviation.js',
    'views/puzzle/nats.js',
  ]);
});
