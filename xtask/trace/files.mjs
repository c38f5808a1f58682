// Wraps the functions of node:fs that read, so that they note what they are given.

import fs from 'node:fs';
import { join } from 'node:path';

import { noteRead, noteUntraceable } from './log.mjs';

/** Functions whose first argument names what is read; most have a variant with `Sync` and one in node:fs/promises. */
const READING = [
  'access',
  'copyFile',
  'createReadStream',
  'exists',
  'lstat',
  'open',
  'openAsBlob',
  'opendir',
  'readdir',
  'readFile',
  'readlink',
  'realpath',
  'stat',
  'watch',
  'watchFile',
];

/** Functions that read whole trees by themselves. */
const UNTRACEABLE = ['cp', 'glob'];

const { readdirSync } = fs;

/** From here on, what tests read is noted. `syncBuiltinESMExports` must follow, which makes it hold for named imports too. */
export function traceFiles() {
  for (const name of READING) wrap(name, noteReading);
  for (const name of UNTRACEABLE) wrap(name, () => noteUntraceable(`called fs.${name}`));
}

/**
 * @param {string} name
 * @param {(path: unknown, options: any) => void} before
 */
function wrap(name, before) {
  /** @type {[any, string][]} */
  const variants = [
    [fs, name],
    [fs, `${name}Sync`],
    [fs.promises, name],
  ];
  for (const [owner, key] of variants) {
    if (typeof owner[key] !== 'function') continue;
    // A proxy, since some of these functions have properties.
    owner[key] = new Proxy(owner[key], {
      apply(original, self, args) {
        before(args[0], args[1]);
        return Reflect.apply(original, self, args);
      },
    });
  }
}

/**
 * @param {unknown} path
 * @param {any} options
 */
function noteReading(path, options) {
  noteRead(path);
  if (options?.recursive) noteFolders(path);
}

/** The folders in a folder. @param {any} path */
function noteFolders(path) {
  const folder = path instanceof URL ? path : String(path);
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      // Its name before Node.js 20.12.
      const { parentPath = /** @type {any} */ (entry).path } = entry;
      if (entry.isDirectory()) noteRead(join(parentPath, entry.name));
    }
  } catch {
    // The caller gets the same failure.
  }
}
