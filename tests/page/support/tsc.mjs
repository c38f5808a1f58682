// TypeScript's compiler on a user's file, against the package's own types.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const strict =
  '--ignoreConfig --strict --noEmit --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom,dom.iterable';

/**
 * Checks the types of a file.
 * @param {string} file in `folder`
 * @param {string} folder
 * @param {string[]} [more] options
 * @returns {Promise<string>} the compiler's complaints
 */
export async function complaintsOfTypes(file, folder, more = []) {
  const { stdout } = await run(process.execPath, [tsc, ...strict.split(' '), ...more, file], { cwd: folder }).catch(
    (error) => error,
  );
  return stdout;
}
