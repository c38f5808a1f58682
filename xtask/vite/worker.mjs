/** The scripts that a worker loads by their address. Vite copies such files as they are, so they are made small before. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

/** @type {import('esbuild').BuildOptions} */
const SMALL = {
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'inline',
  logLevel: 'warning',
};

/** Scripts that stand for all that they import: the worker's own, and what it loads for training runs. */
const BUNDLED = ['engine/worker.js', 'training/worker/training.js'];

/**
 * Makes each script of the worker and all that it imports one: it is loaded with one request, also where a bundler copies it as it is.
 * @param {string} source folder of the page
 */
export async function bundleWorker(source) {
  await build({
    ...SMALL,
    entryPoints: BUNDLED.map((path) => join(source, path)),
    bundle: true,
    // The names of modules in the result are relative to it.
    absWorkingDir: source,
    outbase: source,
    outdir: source,
    allowOverwrite: true,
  });
}

/**
 * Shrinks what wasm-bindgen writes beside each module.
 * @param {string} source folder of the page, with `pkg/` in it
 */
export async function minifyGlue(source) {
  const folder = join(source, 'pkg');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  const entryPoints = files.map((name) => join(folder, name));
  await build({ ...SMALL, entryPoints, outbase: folder, outdir: folder, allowOverwrite: true });
}
