// Makes one script of a module and all that it imports: `node bundle.mjs FROM TO`.

import { dirname } from 'node:path';

import { build } from 'esbuild';

const [from, to] = process.argv.slice(2);
await build({
  entryPoints: [from],
  // The names of modules in the result are relative to it.
  absWorkingDir: dirname(from),
  outfile: to,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
});
