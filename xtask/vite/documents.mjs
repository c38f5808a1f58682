/** Files that keep their names: what no page and no script loads by itself, such as model cards and results. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that are in the bundle under another name, or in another form. */
const CODE = /\.(js|css|html)$/;

/**
 * @param {string} source folder of the page
 * @param {Set<string>} named paths of files that pages name as they are, once the pages are read
 * @returns {import('vite').Plugin}
 */
export function documents(source, named) {
  return {
    name: 'latent-lab:documents',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const loaded = new Set(
        Object.values(bundle).flatMap((output) => (output.type === 'asset' ? output.originalFileNames : [])),
      );
      for (const path of (await readdir(source, { recursive: true })).sort()) {
        const isDocument = named.has(path) || !(CODE.test(path) || loaded.has(path));
        if (!isDocument || (await stat(join(source, path))).isDirectory()) continue;
        this.emitFile({ type: 'asset', fileName: path, source: await readFile(join(source, path)) });
      }
    },
  };
}
