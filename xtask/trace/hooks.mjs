// Module hooks: note every module that is imported, also one that is missing. Where Node.js runs hooks in a thread of their own, this file
// is loaded there once more.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { noteRead } from './log.mjs';

/**
 * @param {string} specifier
 * @param {{parentURL?: string}} context
 * @param {(specifier: string, context: object) => {url: string} | Promise<{url: string}>} next a promise in a thread of their own
 */
export function resolve(specifier, context, next) {
  // Before it is looked up: a missing file is an input too.
  if (/^(\.{0,2}\/|file:)/.test(specifier)) noteModule(new URL(specifier, context.parentURL).href);
  const found = next(specifier, context);
  return found instanceof Promise ? found.then(noteFound) : noteFound(found);
}

/** @param {{url: string}} found */
function noteFound(found) {
  noteModule(found.url);
  return found;
}

/** @param {string} address */
function noteModule(address) {
  if (!address.startsWith('file:')) return;
  const file = fileURLToPath(address.replace(/[?#].*/, ''));
  noteRead(file);
  if (!file.endsWith('.js')) return;
  // The nearest package.json says of what kind it is.
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    noteRead(join(folder, 'package.json'));
    if (folder === dirname(folder)) return;
  }
}
