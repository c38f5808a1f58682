/** Changes to the pages' own markup. */

import { posix } from 'node:path';

/** The page that works without a network. */
const START = '/index.html';

/**
 * @param {Set<string>} scripts gets the paths of scripts that are no modules
 * @returns {import('vite').Plugin}
 */
export function pages(scripts) {
  return {
    name: 'latent-lab:pages',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path }) {
        for (const [, script] of html.matchAll(/<script src="([^"]+)"/g)) {
          scripts.add(posix.join(posix.dirname(path), script).slice(1));
        }
        const page = keepNames(html);
        if (path !== START) return page;
        const attrs = { type: 'module', src: './offline.js' };
        return { html: page, tags: [{ tag: 'script', attrs, injectTo: 'head' }] };
      },
    },
  };
}

/**
 * Lets pages ask for the worker's script at once: without it the first picture waits for one more way to the server.
 * @returns {import('vite').Plugin}
 */
export function workerPreload() {
  return {
    name: 'latent-lab:worker-preload',
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle = {} }) {
        const worker = Object.values(bundle).find(
          (output) => output.type === 'asset' && output.originalFileNames.includes('worker.js'),
        );
        if (!worker || !html.includes('type="module"')) return html;
        const href = posix.relative(posix.dirname(path), `/${worker.fileName}`);
        return [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: '', href }, injectTo: 'head' }];
      },
    },
  };
}

/**
 * Leaves alone scripts that are no modules, the manifest, which names files beside itself, and the icon, which the manifest names too.
 * @param {string} html
 */
function keepNames(html) {
  return html.replaceAll(/<script(?= src=)|<link(?= rel="(?:icon|manifest)")/g, '$& vite-ignore');
}
