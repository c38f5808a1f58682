/** Changes to the pages' own markup. */

import { posix } from 'node:path';

import { withoutIndents } from './smaller.mjs';

/** Pages that register the service worker: the article in each language. */
const ARTICLE = /^\/(index|[a-z]{2})\.html$/;

/** Tags that Vite leaves alone: scripts that are no modules, the manifest, which names files beside itself, and the icon among them. */
const NAMED = /<(?:script src|link rel="(?:icon|manifest)" href)="([^"]+)"/g;

/** Links to pages, which Vite would take for files that this one loads. */
const PAGE = /<link (?=rel="alternate" )/g;

/**
 * @param {Set<string>} named gets the paths of files whose names stand in tags that are left alone
 * @returns {import('vite').Plugin}
 */
export function pages(named) {
  return {
    name: 'latent-lab:pages',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path }) {
        for (const [, file] of html.matchAll(NAMED)) named.add(posix.join(posix.dirname(path), file).slice(1));
        const page = keepNames(html);
        if (!ARTICLE.test(path)) return page;
        const attrs = { type: 'module', src: './page/offline.js' };
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
          (output) => output.type === 'asset' && output.originalFileNames.includes('engine/worker.js'),
        );
        if (!worker || !html.includes('type="module"')) return withoutIndents(html);
        const href = posix.relative(posix.dirname(path), `/${worker.fileName}`);
        const tag = {
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: '', href },
          injectTo: /** @type {const} */ ('head'),
        };
        return { html: withoutIndents(html), tags: [tag] };
      },
    },
  };
}

/** @param {string} html */
function keepNames(html) {
  return html.replaceAll(NAMED, (tag) => tag.replace(' ', ' vite-ignore ')).replaceAll(PAGE, '$&vite-ignore ');
}
