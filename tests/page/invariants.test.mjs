// The invariants of ARCHITECTURE.md: each names the tests that check it. These are the tests that need only the sources of www/.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const architecture = await readFile(new URL('ARCHITECTURE.md', root), 'utf8');

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The service worker, which runs in a separate scope and contains a list of files written by the build. */
const SERVICE_WORKER = 'service-worker.js';

/** @typedef {{path: string, code: string}} Script path relative to www/; source without comments */

/** Every handwritten script of www/, except examples. @returns {Promise<Script[]>} */
async function scripts() {
  const all = (await readdir(new URL('www/', root), { recursive: true })).map((path) => path.replaceAll('\\', '/'));
  const own = all.filter((path) => /^(?!pkg\/|vendor\/|variants\/).*\.js$/.test(path));
  const read = (/** @type {string} */ path) => readFile(new URL(`www/${path}`, root), 'utf8');
  return Promise.all(own.map(async (path) => ({ path, code: (await read(path)).replace(COMMENT, '') })));
}

const all = await scripts();

/**
 * Every match of a pattern, as path and text.
 * @param {RegExp} pattern global
 * @param {string[]} [exceptions] paths
 */
function found(pattern, exceptions = []) {
  return all
    .filter(({ path }) => !exceptions.includes(path))
    .flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([text]) => `${path}: ${text}`));
}

/** Scripts that contain a match of a pattern. @param {RegExp} pattern */
const scriptsWith = (pattern) =>
  all
    .filter(({ code }) => code.search(pattern) >= 0)
    .map(({ path }) => path)
    .sort();

/** The numbered invariants, without their numbers. */
function invariants() {
  const [, section] = /\n## Invariants\n([\s\S]*?)\n## /.exec(architecture) ?? [];
  assert.ok(section, 'the section exists');
  return section.split(/^\d+\. /m).slice(1);
}

test('the invariants are numbered from 1 without a gap', () => {
  const [, section] = /\n## Invariants\n([\s\S]*?)\n## /.exec(architecture) ?? [];
  const numbers = [...(section ?? '').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
  assert.ok(numbers.length >= 10);
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i + 1),
  );
});

test('each invariant ends with the tests that check it, and these files exist', () => {
  for (const invariant of invariants()) {
    const [, last] = /\(([^()]*)\)\s*$/.exec(invariant) ?? [];
    const files = [...(last ?? '').matchAll(/`([^`]+)`/g)].map(([, path]) => path);
    assert.ok(files.length > 0, invariant);
    for (const path of files) {
      assert.match(path, /(^|\/)tests\/.*\.(rs|mjs)$/);
      assert.ok(existsSync(new URL(path, root)), path);
    }
  }
});

/** Resolves the addresses that a lesson names, and refuses those of other sites. */
const LESSONS = 'page/lesson/addresses.js';

test('addresses are built in two scripts, except that of the service worker and those of lessons', () => {
  const assets = ['assets.js', 'late-assets.js'];
  assert.deepEqual(scriptsWith(/import\.meta/), [...assets, 'page/offline.js']);
  assert.deepEqual(scriptsWith(/\bnew URL\(/), [...assets, LESSONS, 'page/offline.js', SERVICE_WORKER]);
  assert.deepEqual(scriptsWith(/\bbaseURI\b/), ['assets.js']);
  assert.deepEqual(found(/\bdocument\.currentScript\b|\bdocument\.scripts\b/g), []);
});

test('addresses of files are literals, except for networks that exist only on the page', () => {
  const uses = found(/import\.meta/g).length;
  const literal = found(/new URL\(\s*'\.{1,2}\/[^'`$]+',\s*import\.meta\.url,?\s*\)/g).length;
  assert.ok(literal > 20);
  assert.deepEqual(found(/new URL\((?!\s*')[^)]*import\.meta\.url/g), ['assets.js: new URL(path, import.meta.url']);
  assert.equal(uses, literal + 1);
  assert.deepEqual(found(/\bfromHere\([^)]*\)/g), [
    'assets.js: fromHere(`./models/${model}.safetensors`)',
    'assets.js: fromHere(path)',
  ]);
});

test('only addresses passed in are fetched, never one built at the call', () => {
  assert.deepEqual(found(/\bfetch\(\s*['"`][^)]*\)|\bfetch\([^)]*\+[^)]*\)/g, [SERVICE_WORKER]), []);
  assert.deepEqual(found(/\bimport\(\s*(`|'[^']*'\s*\+)/g), []);
});

test('only the worker imports from addresses it is given: the wasm modules and its code for training', () => {
  assert.deepEqual(scriptsWith(/(?<![.\w])import\(\s*[^'\s]/), ['engine/worker.js']);
  assert.deepEqual(found(/['"`][^'"`]*pkg\/[^'"`]*['"`]/g, ['assets.js']), []);
});

test('no script sends data: requests are made in few places, each for a file and without a body', () => {
  assert.deepEqual(
    found(
      /\b(XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection|sendBeacon|importScripts|fetchLater)\b/g,
    ),
    [],
  );
  assert.deepEqual(scriptsWith(/(?<![#.\w])fetch\(/), [
    'engine/files.js',
    'engine/worker.js',
    'page/lesson/source.js',
    SERVICE_WORKER,
    'state/texts.js',
    'views/parts/originals.js',
    'views/train/charts.js',
  ]);
  assert.deepEqual(found(/(?<![#.\w])fetch\([^;]*\b(method|body)\b[^;]*;/g), []);
  assert.deepEqual(found(/\.submit\(|\bnew FormData\b|\.ping\s*=|\bping:\s*['"`]/g), []);
});
