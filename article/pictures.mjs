// Collects the test images that stored latents encode, for the figures that show them beside redrawings or encode them again: an
// encoder's deviation cannot be had from a stored mean. Digits are read from MNIST's files, pictures from the sheet that
// `latent-lab reconstruct` draws:
//
//     node article/pictures.mjs digits t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz
//     latent-lab reconstruct www/models/cats.safetensors --data cats/images --count 100 --columns 10 --scale 1 --out sheet.png
//     node article/originals.mjs sheet.png cats 0.8

import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import puppeteer from 'puppeteer-core';

const [name, images, labels] = process.argv.slice(2);
if (!labels) throw new Error('usage: node article/pictures.mjs NAME IMAGES LABELS');

/** Images of each class, as `latent-lab latents --count 500` takes them, and images in a row. */
const EACH = 50;
const COLUMNS = 10;

/** Bytes before the data of the two kinds of IDX files. */
const [IMAGES, LABELS] = [16, 8];

const pixels = gunzipSync(readFileSync(images)).subarray(IMAGES);
const classes = gunzipSync(readFileSync(labels)).subarray(LABELS);
const size = pixels.length / classes.length;
const chosen = Array.from(classes.keys()).filter(
  (index) => classes.subarray(0, index).filter((label) => label === classes[index]).length < EACH,
);
const picked = Buffer.concat(chosen.map((index) => pixels.subarray(index * size, (index + 1) * size)));

const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const file = await page.evaluate(draw, picked.toString('base64'), { side: Math.sqrt(size), columns: COLUMNS });
  const bytes = Buffer.from(file, 'base64');
  writeFileSync(new URL(`../www/models/${name}.originals.webp`, import.meta.url), bytes);
  console.log(`${name}: ${chosen.length} images, ${bytes.length} bytes`);
} finally {
  await browser.close();
}

/** In a page: gray images in rows, without loss. */
async function draw(base64, { side, columns }) {
  const grays = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const count = grays.length / (side * side);
  const canvas = new OffscreenCanvas(columns * side, Math.ceil(count / columns) * side);
  const context = canvas.getContext('2d');
  for (let i = 0; i < count; i++) {
    const image = new ImageData(side, side);
    image.data.forEach((_, at) => {
      image.data[at] = at % 4 === 3 ? 255 : grays[i * side * side + (at >> 2)];
    });
    context.putImageData(image, (i % columns) * side, Math.floor(i / columns) * side);
  }
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}
