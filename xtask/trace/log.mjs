// The list of what a test file reads: one JSON object for each entry, in the file that LATENT_LAB_INPUTS names. `cargo xtask test` reads it
// when the tests have passed; xtask/src/test/page/inputs/trace.rs. Entries are written at once, so that they are there however node ends.

import fs from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// As they are before the preload wraps them.
const { openSync, writeSync } = fs;

const list = openSync(String(process.env.LATENT_LAB_INPUTS), 'a');
const known = new Set();

/** @param {Record<string, unknown>} entry */
function note(entry) {
  const line = `${JSON.stringify(entry)}\n`;
  if (known.has(line)) return;
  known.add(line);
  writeSync(list, line);
}

/** Says that reading and importing are recorded from here on; a list without it is not used. */
export const noteStart = () => note({ tracing: true });

/**
 * A file or folder whose content, or absence, a test depends on.
 * @param {unknown} path as node:fs takes it; a number or a handle stands for a file that was noted when it was opened
 */
export function noteRead(path) {
  const name = path instanceof URL ? pathOf(path) : Buffer.isBuffer(path) ? path.toString() : path;
  if (typeof name === 'string') note({ read: resolve(name) });
}

/**
 * Something that may read files without being recorded.
 * @param {string} reason completes "always run, because it …"
 */
export const noteUntraceable = (reason) => note({ untraceable: reason });

/** @param {URL} address */
function pathOf({ href, protocol }) {
  return protocol === 'file:' ? fileURLToPath(href.replace(/[?#].*/, '')) : null;
}
