// Pages as a printer gets them: a browser's PDF, drawn by poppler, and its words.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Dots in an inch. */
const DENSITY = 72;

/**
 * Prints a page without backgrounds, as browsers do unless they are told otherwise.
 * @param {import('puppeteer-core').Page} page
 * @returns {Promise<{pages: {width: number, height: number, gray: Uint8Array}[], text: string}>}
 */
export async function print(page) {
  // A browser's own printing waits for pictures that were not needed yet; this request for a PDF does not.
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  });
  const margin = '1cm';
  const pdf = await page.pdf({
    printBackground: false,
    format: 'A4',
    margin: { top: margin, right: margin, bottom: margin, left: margin },
  });
  const home = await mkdtemp(join(tmpdir(), 'latent-lab-paper-'));
  try {
    const file = join(home, 'page.pdf');
    await writeFile(file, pdf);
    await run('pdftoppm', ['-r', String(DENSITY), '-gray', file, join(home, 'page')]);
    const names = (await readdir(home)).filter((name) => name.endsWith('.pgm')).sort();
    const pages = await Promise.all(names.map(async (name) => portable(await readFile(join(home, name)))));
    const { stdout } = await run('pdftotext', ['-layout', file, '-']);
    return { pages, text: stdout };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** A portable gray map. @param {Buffer} bytes */
function portable(bytes) {
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 60).toString('latin1')) ?? [];
  if (!head) throw new Error('not a portable gray map');
  return { width: Number(width), height: Number(height), gray: new Uint8Array(bytes.subarray(head.length)) };
}

/** Share of a page that is darker than a limit. */
export function share({ gray }, limit) {
  return gray.reduce((count, value) => count + Number(value < limit), 0) / gray.length;
}

/**
 * The longest upright line of nearly black dots that is at least as wide as a bar: no letter and no stroke of a digit has one.
 * @param {{width: number, height: number, gray: Uint8Array}} page
 * @param {number} across dots
 */
export function longestBar({ width, height, gray }, across) {
  let longest = 0;
  const isBar = (row, column) => {
    for (let i = 0; i < across; i++) if (gray[row * width + column + i] > 40) return false;
    return true;
  };
  for (let column = 0; column + across <= width; column++) {
    for (let row = 0, length = 0; row < height; row++) {
      length = isBar(row, column) ? length + 1 : 0;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}
