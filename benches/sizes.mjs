/** Bytes of everything served: uncompressed, and as servers send it, in gzip (level 9) and brotli (level 11). */

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** @typedef {{raw: number, gzip: number, brotli: number}} Bytes */

const SERVED = /\.(html|css|js|json|svg|png|webp|webmanifest|wasm|safetensors|md)$/;

/** @param {string} file @returns {Bytes} */
export function bytesOf(file) {
  const content = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return {
    raw: content.length,
    gzip: gzipSync(content, { level: 9 }).length,
    brotli: brotliCompressSync(content, { params }).length,
  };
}

/**
 * Bytes of the published site's files by address, and of the modules as they are built, below `pkg/`, last.
 * @param {string} root of the workspace
 * @param {string} site folder of the published site
 * @returns {Record<string, Bytes>}
 */
export function assets(root, site) {
  const published = filesBelow(site).map((path) => [path, join(site, path)]);
  const pkg = filesBelow(join(root, 'pkg')).map((path) => [`pkg/${path}`, join(root, 'pkg', path)]);
  return Object.fromEntries([...published, ...pkg].map(([address, file]) => [address, bytesOf(file)]));
}

/**
 * The assets that a visitor downloads, summed.
 * @param {Record<string, Bytes>} files by address
 * @param {Record<string, string[]>} views by name, the addresses that one asks for
 * @returns {Record<string, Bytes>}
 */
export function sums(files, views) {
  const unknown = Object.values(views)
    .flat()
    .filter((address) => !(address in files));
  if (unknown.length > 0) throw new Error(`the page asks for what is not there: ${unknown.join(', ')}`);
  const module = (/** @type {string} */ folder) =>
    sum(['latent_lab.js', 'latent_lab_bg.wasm'].map((name) => files[`pkg/${folder}/${name}`]));
  return {
    'wasm plain, with glue': module('cpu'),
    'wasm relaxed, with glue': module('cpu-relaxed'),
    'training plain, with glue': module('training'),
    'training relaxed, with glue': module('training-relaxed'),
    'WebGPU, with glue': module('webgpu'),
    ...Object.fromEntries(
      Object.entries(views).map(([name, asked]) => [name, sum(asked.map((address) => files[address]))]),
    ),
  };
}

/** @param {Bytes[]} parts @returns {Bytes} */
function sum(parts) {
  const add = (/** @type {keyof Bytes} */ unit) => parts.reduce((total, part) => total + part[unit], 0);
  return { raw: add('raw'), gzip: add('gzip'), brotli: add('brotli') };
}

/** Paths of served files, folder by folder. @param {string} folder @param {string} [prefix] @returns {string[]} */
function filesBelow(folder, prefix = '') {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = prefix + name;
      if (statSync(join(folder, name)).isDirectory()) return filesBelow(join(folder, name), `${path}/`);
      return SERVED.test(name) ? [path] : [];
    });
}
