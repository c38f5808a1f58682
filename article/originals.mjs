// Cuts the test images that a model's stored latents encode out of the sheet that `latent-lab reconstruct` draws. The page shows
// them beside the network's reconstructions:
//
//     latent-lab reconstruct www/models/emoji.safetensors --data emoji/images --count 100 --columns 10 --scale 1 --out sheet.png
//     node article/originals.mjs sheet.png emoji
//
// A third argument is the quality of the WebP file.

import { readFileSync, writeFileSync } from 'node:fs';

import puppeteer from 'puppeteer-core';

const [sheet, name, quality = '0.92'] = process.argv.slice(2);
if (!sheet || !name) throw new Error('usage: node article/originals.mjs SHEET NAME [QUALITY]');

/** Images in a row of the sheet, what lies around each of them in pixels, and how many there are. */
const COLUMNS = 10;
const GAP = 1;
const COUNT = 100;

const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const file = await page.evaluate(take, readFileSync(sheet).toString('base64'), {
    columns: COLUMNS,
    gap: GAP,
    rows: COUNT / COLUMNS,
    quality: Number(quality),
  });
  const bytes = Buffer.from(file, 'base64');
  writeFileSync(new URL(`../www/models/${name}.originals.webp`, import.meta.url), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
} finally {
  await browser.close();
}

/** In a page: every other row of the sheet, without the gaps. */
async function take(png, { columns, gap, rows, quality }) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const step = (bitmap.width - gap) / columns;
  const side = step - gap;
  const canvas = new OffscreenCanvas(columns * side, rows * side);
  const context = canvas.getContext('2d');
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      context.drawImage(
        bitmap,
        gap + column * step,
        gap + 2 * row * step,
        side,
        side,
        column * side,
        row * side,
        side,
        side,
      );
    }
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}
