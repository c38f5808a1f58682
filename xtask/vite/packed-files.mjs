/** Everything that a page of one file would fetch: compressed, as text in the page itself. */

import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { changeAddresses, fixedAddress } from './addresses.mjs';
import { ENTRIES } from './entries.mjs';

/** Hands out the packed files. */
const UNPACKER = fileURLToPath(new URL('unpack.js', import.meta.url));

/** Between the packed files; none of them has it, since it is longer than the name of any file. */
const BOUNDARY = '-'.repeat(8) + 'latent-lab-packed-file';

/** @type {Record<string, string>} */
export const TYPES = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/plain',
  '.safetensors': 'application/octet-stream',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

/**
 * Gives code the addresses of packed files in place of those beside it.
 * @param {string} source folder of the page
 * @param {Map<string, Uint8Array>} packed gets the files
 * @param {string[]} leftOut starts of the paths of files that have no address
 * @returns {import('vite').Plugin}
 */
export function packFiles(source, packed, leftOut) {
  return {
    name: 'latent-lab:packed-files',
    enforce: 'pre',
    transform(code, id) {
      const changed = changeAddresses(code, id, source, (path, address) => {
        // Pages of others include these from a site; there is none here.
        if (ENTRIES.includes(path)) return fixedAddress(address);
        if (leftOut.some((start) => path.startsWith(start))) return 'null';
        packed.set(path, readFileSync(join(source, path)));
        return `packed('${path}')`;
      });
      return changed === code ? null : `import { packed } from ${JSON.stringify(UNPACKER)};\n${changed}`;
    },
  };
}

/**
 * A page with its packed files at its end.
 * @param {string} page
 * @param {Map<string, Uint8Array>} packed
 */
export function withPackedFiles(page, packed) {
  const files = `<script type="text/plain" id="packed-files">${gzipSync(pack(packed), { level: 9 }).toString('base64')}</script>\n`;
  const end = page.lastIndexOf('</body>');
  return page.slice(0, end) + files + page.slice(end);
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
