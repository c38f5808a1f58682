/**
 * Publishes the page with Vite: `node xtask/vite/build.mjs SOURCE OUT [--notebook] [--single-file]`, called by `cargo xtask dist`.
 *
 * SOURCE is a copy of the page as it is served while developing, with `pkg/` in it. Its scripts become those of the npm package: modules
 * that are not there have no address, and the worker is one script. Into OUT come `site/` and, when asked for, `notebook.html` with
 * `attributes.json`, for the package for Python, and `latent-lab.html`.
 */

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { leaveOutModules } from './addresses.mjs';
import { buildNotebook } from './notebook.mjs';
import { buildSingleFile } from './single-file.mjs';
import { buildSite } from './site.mjs';
import { bundleWorker, minifyGlue } from './worker.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { notebook: { type: 'boolean' }, 'single-file': { type: 'boolean' } },
});
const [source, out] = positionals.map((folder) => resolve(folder));

await leaveOutModules(source);
await bundleWorker(source);
await minifyGlue(source);
await buildSite(source, join(out, 'site'));
if (values.notebook) await buildNotebook(source, out);
if (values['single-file']) await buildSingleFile(source, out);
