// Notes every module that is imported or required.

import module from 'node:module';
import { dirname, resolve } from 'node:path';

import * as hooks from './hooks.mjs';
import { noteRead, noteUntraceable } from './log.mjs';

/** From here on, the modules of tests are noted. */
export function traceModules() {
  if (module.registerHooks) module.registerHooks(hooks);
  else if (module.register) module.register('./hooks.mjs', import.meta.url);
  else noteUntraceable('ran in a Node.js without module hooks');
  traceRequire();
}

/** `require` and `require.resolve`, which hooks in a thread of their own do not see. */
function traceRequire() {
  const { _resolveFilename } = module;
  module._resolveFilename = function (request, parent, ...more) {
    // Found before a file of this name with an extension, once it is there.
    if (parent?.filename && request.startsWith('.')) noteRead(resolve(dirname(parent.filename), request));
    try {
      const found = _resolveFilename.call(this, request, parent, ...more);
      if (!module.isBuiltin(found)) noteRead(found);
      return found;
    } catch (error) {
      // It would be found under several names.
      noteUntraceable(`required ${request}, which is missing`);
      throw error;
    }
  };
}
