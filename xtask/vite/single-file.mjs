/** The page as one file that needs no server: one script, and everything that it would fetch, compressed, as text. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

import { config } from './config.mjs';
import { packFiles, TYPES, withPackedFiles } from './packed-files.mjs';

/** Shows a picture in every place that it has in the page. */
const REPEATER = fileURLToPath(new URL('repeat-images.js', import.meta.url));

/**
 * The module for WebGPU, which is a quarter of all where the CPU computes every figure; a model that is kept for links made with it, which
 * lead to a site; and test and training images, which a figure does without: lenses show the stored codes instead of training pictures.
 */
const LEFT_OUT = [
  'pkg/webgpu/',
  'models/cats-blurred.',
  'models/cats.originals.',
  'models/digits.originals.',
  ...['cats', 'digits', 'digits-plain', 'emoji', 'fashion', 'map'].map((name) => `models/${name}.training.`),
];

/**
 * @param {string} source folder of the page
 * @param {string} out folder that gets `latent-lab.html`
 */
export async function buildSingleFile(source, out) {
  const scratch = join(out, 'single-file');
  /** @type {Map<string, Uint8Array>} */
  const packed = new Map();
  await build(
    config({
      root: source,
      plugins: [packFiles(source, packed, LEFT_OUT), alone(source), viteSingleFile()],
      build: {
        outDir: scratch,
        modulePreload: false,
        rollupOptions: {
          input: join(source, 'index.html'),
          onwarn: (warning, report) => warning.plugin === 'vite:reporter' || report(warning),
        },
      },
    }),
  );
  const page = withImagesOnce(await readFile(join(scratch, 'index.html'), 'utf8'));
  await writeFile(join(out, 'latent-lab.html'), withPackedFiles(page, packed));
  await rm(scratch, { recursive: true });
}

/**
 * A page that has nothing beside it: documents become downloads, and what only a server gives is gone.
 * @param {string} source
 * @returns {import('vite').Plugin}
 */
function alone(source) {
  return {
    name: 'latent-lab:alone',
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        let page = html
          .replace('<html', '<html data-single-file')
          .replaceAll(/<link rel="(manifest|apple-touch-icon|alternate)"[^>]*>\s*/g, '')
          .replaceAll(/<a class="language"[^]*?<\/a>/g, '')
          // Posters stand in for figures that run here: on paper, and without scripts.
          .replaceAll(/<source\b[^>]*\(prefers-color-scheme: dark\)[^>]*>\s*/g, '');
        const icon = await readFile(join(source, 'icon.svg'), 'base64');
        page = page.replace('href="icon.svg"', `href="data:image/svg+xml;base64,${icon}"`);
        for (const [whole, start, address] of html.matchAll(/(<a\b[^>]*?) href="([^"#:?]+)(?:[?#][^"]*)?"/g)) {
          page = page.replace(whole, start + (await download(join(source, address))));
        }
        return { html: page, tags: [{ tag: 'script', attrs: { type: 'module', src: REPEATER }, injectTo: 'head' }] };
      },
    },
  };
}

/** An attribute; none for pages, which are not inside: their names stay as text that leads nowhere. @param {string} file */
async function download(file) {
  const type = TYPES[extname(file)];
  return type ? ` href="data:${type};base64,${await readFile(file, 'base64')}" download` : '';
}

/**
 * The page with each image in it once; further places of it get its number.
 * @param {string} html
 */
function withImagesOnce(html) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  return html.replaceAll(/ src="(data:image\/[^"]+)"/g, (whole, image) => {
    const number = numbers.get(image);
    if (number !== undefined) return ` data-repeats="${number}"`;
    numbers.set(image, numbers.size);
    return `${whole} data-image="${numbers.size - 1}"`;
  });
}
