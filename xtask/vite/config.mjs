/** Options that all builds of the page share. */

import { createLogger } from 'vite';

import { minifyStyles, plainImports } from './smaller.mjs';

/** Where files with their content's hash in their name are; `publish.rs` and the service worker know this folder too. */
export const ASSETS = 'assets';

/**
 * Vite's options. Nothing in them depends on this machine, and a warning is an error.
 * @param {import('vite').UserConfig & {root: string}} more
 * @returns {import('vite').InlineConfig}
 */
export function config({ build, plugins = [], ...more }) {
  return {
    configFile: false,
    envFile: false,
    publicDir: false,
    // Relative addresses: the page may lie in any folder.
    base: './',
    logLevel: 'warn',
    customLogger: strictLogger(),
    // Licenses of others stay where their code goes.
    esbuild: { legalComments: 'inline' },
    ...more,
    plugins: [minifyStyles(), plainImports(), ...plugins],
    build: {
      target: 'es2022',
      emptyOutDir: false,
      // A strict policy lets a page fetch files, and no text in an address.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false, resolveDependencies },
      reportCompressedSize: false,
      ...build,
    },
  };
}

/**
 * Pages name all modules that they need, so that a browser asks for them at once. Scripts do not: a preload is an element in the head of
 * a page that may be somebody else's.
 * @param {string} _
 * @param {string[]} modules
 * @param {{hostType: 'html' | 'js'}} context
 */
function resolveDependencies(_, modules, { hostType }) {
  return hostType === 'html' ? modules : [];
}

function strictLogger() {
  const logger = createLogger('warn');
  /** @param {string} message */
  const fail = (message) => {
    throw new Error(message);
  };
  return { ...logger, warn: fail, warnOnce: fail };
}
