/** The page as one file that needs no server: one script, and everything that it would fetch, compressed, as text. */

import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

import { changeAddresses, fixedAddress } from './addresses.mjs';
import { config } from './config.mjs';
import { ENTRIES } from './entries.mjs';

/** Hands out the packed files. */
const UNPACKER = fileURLToPath(new URL('unpack.js', import.meta.url));

/** Shows a picture in every place that it has in the page. */
const REPEATER = fileURLToPath(new URL('repeat-images.js', import.meta.url));

/**
 * The module for WebGPU, which is a quarter of all where the CPU computes every figure; and a model that is kept for links made with it,
 * which lead to a site.
 */
const LEFT_OUT = ['pkg/webgpu/', 'models/cats-blurred.'];

/** Between the packed files; none of them has it, since it is longer than the name of any file. */
const BOUNDARY = '-'.repeat(8) + 'latent-lab-packed-file';

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/plain',
  '.safetensors': 'application/octet-stream',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

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
      plugins: [packFiles(source, packed), alone(source), viteSingleFile()],
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
  const files = `<script type="text/plain" id="packed-files">${gzipSync(pack(packed), { level: 9 }).toString('base64')}</script>\n`;
  const end = page.lastIndexOf('</body>');
  await writeFile(join(out, 'latent-lab.html'), page.slice(0, end) + files + page.slice(end));
  await rm(scratch, { recursive: true });
}

/**
 * Gives code the addresses of packed files in place of those beside it.
 * @param {string} source folder of the page
 * @param {Map<string, Uint8Array>} packed gets the files
 * @returns {import('vite').Plugin}
 */
function packFiles(source, packed) {
  return {
    name: 'latent-lab:packed-files',
    enforce: 'pre',
    transform(code, id) {
      const changed = changeAddresses(code, id, source, (path, address) => {
        // Pages of others include these from a site; there is none here.
        if (ENTRIES.includes(path)) return fixedAddress(address);
        if (LEFT_OUT.some((start) => path.startsWith(start))) return 'null';
        packed.set(path, readFileSync(join(source, path)));
        return `packed('${path}')`;
      });
      return changed === code ? null : `import { packed } from ${JSON.stringify(UNPACKER)};\n${changed}`;
    },
  };
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
          .replaceAll(/<link rel="(manifest|apple-touch-icon)"[^>]*>\s*/g, '')
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

/**
 * Files as browsers read them, a form with a file for each path.
 * @param {Map<string, Uint8Array>} files
 */
function pack(files) {
  const parts = [...files].sort().flatMap(([path, bytes]) => {
    const type = TYPES[extname(path)];
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${path}"; filename="${path}"\r\nContent-Type: ${type}\r\n\r\n`;
    return [Buffer.from(head), bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
