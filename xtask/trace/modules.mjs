// Notes every module that is imported or required.

import module from 'node:module';
import { dirname, resolve } from 'node:path';

import * as hooks from './hooks.mjs';
import { noteRead, noteUntraceable } from './log.mjs';

/** With the members that have no types: they are not documented, but libraries that wrap `require` rely on them. @type {any} */
const loader = module;

/** From here on, the modules of tests are noted. */
export function traceModules() {
  if (module.registerHooks) module.registerHooks(/** @type {any} */ (hooks));
  else if (module.register) module.register('./hooks.mjs', import.meta.url);
  else noteUntraceable('ran in a Node.js without module hooks');
  traceRequire();
}

/** `require` and `require.resolve`, which hooks in a thread of their own do not see. */
function traceRequire() {
  const { _resolveFilename } = loader;
  /** @this {unknown} @param {string} request @param {{filename?: string}} parent @param {unknown[]} more */
  loader._resolveFilename = function (request, parent, ...more) {
    if (parent?.filename && request.startsWith('.')) noteRequest(resolve(dirname(parent.filename), request));
    const found = _resolveFilename.call(this, request, parent, ...more);
    if (!module.isBuiltin(found)) noteRead(found);
    return found;
  };
}

/** The files that are looked for, in whatever order: a missing one is an input too. @param {string} path */
function noteRequest(path) {
  noteRead(path);
  if (/\.([cm]?js|json)$/.test(path)) return;
  for (const extension of Object.keys(loader._extensions)) noteRead(path + extension);
}
