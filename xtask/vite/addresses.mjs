/** Addresses in code: `new URL('./file', import.meta.url)`, as the page writes all of them. Vite follows them, but for these. */

import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import { ENTRIES } from './entries.mjs';
import { SERVICE_WORKER } from './offline.mjs';

const ADDRESS = /new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url,?\s*\)/g;

/** Files that keep their names. */
const LASTING = [...ENTRIES, SERVICE_WORKER];

/** Folder of the wasm modules, some of which a copy of the page goes without. */
const MODULES = 'pkg/';

/**
 * A script with other addresses.
 * @param {string} code
 * @param {string} file its path
 * @param {string} source folder of the page
 * @param {(path: string, address: string) => string | undefined} change gets the file that is meant, relative to `source`; undefined
 *   leaves the address
 */
export function changeAddresses(code, file, source, change) {
  return code.replaceAll(
    ADDRESS,
    (whole, address) => change(relative(source, resolve(dirname(file), address)), address) ?? whole,
  );
}

/**
 * An address that neither Vite nor a later step changes.
 * @param {string} address
 */
export function fixedAddress(address) {
  return `new URL(/* @vite-ignore */ '${address}', import.meta.url)`;
}

/**
 * Replaces the addresses of modules that are not there by null, of which the page knows what it means.
 * @param {string} source folder of the page; its scripts are changed
 */
export async function leaveOutModules(source) {
  for (const name of (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.js'))) {
    const file = join(source, name);
    const code = await readFile(file, 'utf8');
    const isAbsent = (/** @type {string} */ path) => path.startsWith(MODULES) && !existsSync(join(source, path));
    const changed = changeAddresses(code, file, source, (path) => (isAbsent(path) ? 'null' : undefined));
    if (changed !== code) await writeFile(file, changed);
  }
}

/**
 * Leaves alone the addresses of files that keep their names.
 * @param {string} source folder of the page
 * @returns {import('vite').Plugin}
 */
export function lastingAddresses(source) {
  return {
    name: 'latent-lab:lasting-addresses',
    enforce: 'pre',
    transform(code, id) {
      // All code lies one folder below these files.
      return changeAddresses(code, id, source, (path) =>
        LASTING.includes(path) ? fixedAddress(`../${path}`) : undefined,
      );
    },
  };
}
