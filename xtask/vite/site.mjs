/** The site as it is hosted. */

import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { build } from 'vite';

import { lastingAddresses } from './addresses.mjs';
import { chunks } from './chunks.mjs';
import { ASSETS, config } from './config.mjs';
import { documents } from './documents.mjs';
import { ENTRIES, publicEntries } from './entries.mjs';
import { offline } from './offline.mjs';
import { pages, workerPreload } from './pages.mjs';

/**
 * @param {string} source folder of the page
 * @param {string} out folder of the site
 */
export async function buildSite(source, out) {
  const names = await readdir(source, { recursive: true });
  const inputs = [...names.filter((name) => name.endsWith('.html')).sort(), ...ENTRIES];
  /** @type {Set<string>} */
  const named = new Set();
  await build(
    config({
      root: source,
      plugins: [
        lastingAddresses(source),
        pages(named),
        workerPreload(),
        documents(source, named),
        publicEntries(),
        offline(source, out),
      ],
      build: {
        outDir: out,
        rollupOptions: {
          input: Object.fromEntries(inputs.map((name) => [name.replace(/\.(html|js)$/, ''), join(source, name)])),
          preserveEntrySignatures: 'strict',
          // A module that is fetched later may be so small that it comes with the first ones all the same.
          onwarn: (warning, report) => warning.plugin === 'vite:reporter' || report(warning),
          output: {
            manualChunks: chunks({ core: join(source, 'element.js'), rest: join(source, 'element/rest.js') }),
            hashCharacters: 'hex',
            entryFileNames: ({ name }) => `${ASSETS}/${posix.basename(name)}.[hash:16].js`,
            chunkFileNames: `${ASSETS}/[name].[hash:16].js`,
            assetFileNames: ({ originalFileNames: [from = ''] }) =>
              `${ASSETS}/${folderOf(from)}[name].[hash:16][extname]`,
          },
        },
      },
    }),
  );
}

/** Modules and models lie in folders of their own, since their names alone say little. @param {string} path */
function folderOf(path) {
  return path.match(/^((pkg|models)\/(.*\/)?)/)?.[1] ?? '';
}
