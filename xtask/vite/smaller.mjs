/** Makes smaller the parts that Vite's own minifier leaves as they are. */

import { transformWithEsbuild } from 'vite';

/** Style sheets in code, marked as such; see `styleSheet` in views/parts/dom.js. */
const STYLE = /\/\* css \*\/ `([^`$]*)`/g;

/** Text between tags, and what must keep its white space. */
const KEPT = /(<(pre|textarea|script|style)\b[\s\S]*?<\/\2>)/;

/**
 * Minifies style sheets in scripts.
 * @returns {import('vite').Plugin}
 */
export function minifyStyles() {
  return {
    name: 'latent-lab:minify-styles',
    async transform(code, id) {
      let [smaller, end] = ['', 0];
      for (const { 0: whole, 1: style, index } of code.matchAll(STYLE)) {
        const { code: css } = await transformWithEsbuild(style, `${id}.css`, { loader: 'css', minify: true });
        smaller += `${code.slice(end, index)}\`${css.trim()}\``;
        end = index + whole.length;
      }
      return end > 0 ? { code: smaller + code.slice(end), map: null } : null;
    },
  };
}

/**
 * Imports modules without Vite's helper, which would load style sheets before them: no module here has one, and config.mjs has scripts
 * preload nothing.
 * @returns {import('vite').Plugin}
 */
export function plainImports() {
  return {
    name: 'latent-lab:plain-imports',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
  };
}

/** A page without the indents of its lines. @param {string} html */
export function withoutIndents(html) {
  // Every third part is the name of a tag, which the part before it has too.
  const parts = html.split(KEPT).filter((_, i) => i % 3 < 2);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/\n\s+/g, '\n'))).join('');
}
