// Packs the training images that a lens shows, from the sheet that `latent-lab latents` draws beside their codes:
//
//     latent-lab latents www/models/cats.safetensors --data cats/images --part training --seed 1 --count 150 --sheet sheet.png \
//       --out www/models/cats.training.safetensors
//     node article/training-pictures.mjs sheet.png cats 0.45
//
// The last argument is the quality of a WebP file with losses, below 1, or a number of gray levels, which are stored without further loss:
// strokes of a pen need few.

import { readFileSync, writeFileSync } from 'node:fs';

import puppeteer from 'puppeteer-core';

const [sheet, name, detail] = process.argv.slice(2);
if (!detail) throw new Error('usage: node article/training-pictures.mjs SHEET NAME QUALITY-OR-LEVELS');

const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const file = await page.evaluate(pack, readFileSync(sheet).toString('base64'), Number(detail));
  const bytes = Buffer.from(file, 'base64');
  writeFileSync(new URL(`../www/models/${name}.training.webp`, import.meta.url), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
} finally {
  await browser.close();
}

/** In a page. */
async function pack(png, detail) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const isLossy = detail < 1;
  if (!isLossy) {
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    const step = 255 / (detail - 1);
    // White is the highest level, so alpha stays as it is.
    image.data.forEach((value, at) => (image.data[at] = Math.round(Math.round(value / step) * step)));
    context.putImageData(image, 0, 0);
  }
  // A quality of 1 is lossless.
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: isLossy ? detail : 1 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}
