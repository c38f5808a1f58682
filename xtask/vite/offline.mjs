/**
 * The service worker's list: a digest of each file of the release. Workbox was weighed: its precache has one store for all releases and
 * drops what the newest does not name, so that a page which is still open with an older release would lose its code.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** It lies at the root, for it serves what lies below it, and must never be renamed, or old ones could not be replaced. */
export const SERVICE_WORKER = 'service-worker.js';

/** The release of the worker as it is written. */
const NO_RELEASE = "{ version: '', files: {} }";

/** The page that is kept, with all that it reaches. */
const START = 'index.html';

/** Files that are not fetched in advance: those of other pages, those that are kept once they were used, and those outside the page. */
const SKIPPED = [/^variants\//, /^assets\/pkg\/webgpu\//, /^(latent-lab|element)\.js$/, /^service-worker\.js$/];

/**
 * @param {string} source folder of the page
 * @param {string} out folder of the site
 * @returns {import('vite').Plugin}
 */
export function offline(source, out) {
  return {
    name: 'latent-lab:offline',
    async writeBundle() {
      const page = await readFile(join(out, START), 'utf8');
      const names = await readdir(out, { recursive: true });
      const paths = names.filter((name) => name.includes('.'));
      const kept = paths.filter((path) => !SKIPPED.some((pattern) => pattern.test(path)) && isShown(path, page)).sort();
      const digests = await Promise.all(kept.map(async (path) => [path, digestOf(await readFile(join(out, path)))]));
      const files = Object.fromEntries(digests);
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
      const worker = await readFile(join(source, SERVICE_WORKER), 'utf8');
      if (!worker.includes(NO_RELEASE)) this.error(`${SERVICE_WORKER} has no place for its release`);
      await writeFile(
        join(out, SERVICE_WORKER),
        worker.replace(NO_RELEASE, JSON.stringify({ version, files }, null, 2)),
      );
    },
  };
}

/**
 * Whether the page's figures need a file from the start: of the models, those that they name. The others are kept once a reader has
 * asked for them.
 * @param {string} path
 * @param {string} page
 */
function isShown(path, page) {
  const [, model] = path.match(/^assets\/models\/([^.]+)\./) ?? [];
  return model === undefined || page.includes(`"${model}"`);
}

/** @param {Buffer} bytes */
function digestOf(bytes) {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}
