/** The scripts that stand in other people's pages: they keep their names and pass on what the hashed ones export. */

/** Files that others include, at the site's root. */
export const ENTRIES = ['latent-lab.js', 'element.js'];

/** @returns {import('vite').Plugin} */
export function publicEntries() {
  return {
    name: 'latent-lab:public-entries',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const fileName of ENTRIES) {
        const name = fileName.replace('.js', '');
        const entry = Object.values(bundle).find(
          (output) => output.type === 'chunk' && output.isEntry && output.name === name,
        );
        if (entry?.type !== 'chunk') return this.error(`there is no entry ${name}`);
        // All modules are named, so that a browser asks for them at once and not one after the other.
        const imports = importsOf(entry, bundle).map((module) => `import "./${module}";\n`);
        this.emitFile({ type: 'asset', fileName, source: `${imports.join('')}export * from "./${entry.fileName}";\n` });
      }
    },
  };
}

/**
 * All that a chunk imports, directly or not.
 * @param {import('vite').Rollup.OutputChunk} chunk
 * @param {import('vite').Rollup.OutputBundle} bundle
 * @param {Set<string>} [seen]
 * @returns {string[]}
 */
function importsOf(chunk, bundle, seen = new Set()) {
  for (const name of chunk.imports.filter((name) => !seen.has(name))) {
    seen.add(name);
    const next = bundle[name];
    if (next.type === 'chunk') importsOf(next, bundle, seen);
  }
  return [...seen];
}
