/**
 * The page that the package for Python shows in notebooks: one figure in one file, without networks, which Python adds. The figure
 * `train` is left out with all that only it needs.
 */

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

import { config } from './config.mjs';
import { packFiles, withPackedFiles } from './packed-files.mjs';

/** Files that the page goes without. */
const LEFT_OUT = ['pkg/webgpu/', 'pkg/training', 'training/worker/', 'models/', 'vendor/'];

/** Code that is loaded on demand, by what is left out alone. */
const CODE_LEFT_OUT = [
  'views/train/figure.js',
  'views/train/one-picture.js',
  'views/train/experiment/figure.js',
  'training/page/controller.js',
];

/** The base is an address that nobody has: a frame with its text given has none of its own, and nothing may be fetched from its host. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <base href="https://latent-lab.invalid/" />
    <title>A figure of Latent Lab</title>
    <meta name="color-scheme" content="light dark" />
    <link rel="stylesheet" href="embed.css" />
    <style>
      html:root {
        background: none;
      }
      html body {
        padding: 0.25rem;
      }
    </style>
    <script type="module" src="page/notebook.js"></script>
  </head>
  <body>
    <main></main>
  </body>
</html>
`;

/**
 * @param {string} source folder of the page
 * @param {string} out folder that gets `notebook.html`, and `attributes.json`: the figures, and each attribute with its default
 */
export async function buildNotebook(source, out) {
  const scratch = join(out, 'notebook');
  const input = join(source, 'notebook.html');
  await writeFile(input, PAGE.replace(/ *<base .*\n/, ''));
  /** @type {Map<string, Uint8Array>} */
  const packed = new Map();
  await build(
    config({
      root: source,
      plugins: [withoutTraining(source), packFiles(source, packed, LEFT_OUT), viteSingleFile()],
      build: {
        outDir: scratch,
        modulePreload: false,
        rollupOptions: {
          input,
          onwarn: (warning, report) => warning.plugin === 'vite:reporter' || report(warning),
        },
      },
    }),
  );
  // Vite would resolve its own addresses against the base.
  const [base] = /** @type {RegExpExecArray} */ (/<base .*>/.exec(PAGE));
  const page = (await readFile(join(scratch, 'notebook.html'), 'utf8')).replace(
    /<meta charset[^>]*>/,
    `$&\n    ${base}`,
  );
  await writeFile(join(out, 'notebook.html'), withPackedFiles(page, packed));
  await writeFile(join(out, 'attributes.json'), JSON.stringify(await describe(source)));
  await rm(scratch, { recursive: true });
  await rm(input);
}

/**
 * @param {string} source
 * @returns {import('vite').Plugin}
 */
function withoutTraining(source) {
  return {
    name: 'latent-lab:without-training',
    enforce: 'pre',
    load: (id) => (CODE_LEFT_OUT.includes(relative(source, id)) ? 'export {};' : null),
  };
}

/**
 * The figures, each a view of its name, and the default of each attribute, as the property of its name has it.
 * @param {string} source
 * @returns {Promise<{figures: string[], attributes: Record<string, unknown>}>}
 */
async function describe(source) {
  /** @type {typeof import('../../www/state/attributes.js')} */
  const { attributes } = await import(pathToFileURL(join(source, 'state/attributes.js')).href);
  const views = (await readdir(join(source, 'views'))).filter((name) => name.endsWith('.js')).sort();
  const names = views.map((name) => name.replace('.js', ''));
  const figures = names.filter((name) => name !== 'train' && attributes.figure.read(name) === name);
  const defaults = Object.fromEntries(
    Object.entries(attributes).map(([name, kind]) => {
      const { fallback, shown } = /** @type {import('../../www/state/attributes.js').Kind<unknown>} */ (kind);
      return [name, shown(fallback)];
    }),
  );
  return { figures, attributes: defaults };
}
