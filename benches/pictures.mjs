/**
 * A folder of pictures as the figure `train` sees them, in a file for `benches/first-seconds.mjs`: three bytes for channels, height and
 * width, then the pictures, in an order independent of their names.
 *
 *     node benches/pictures.mjs ADDRESS FOLDER FILE [--side 28] [--channels 1] [--most 2000]
 *
 * ADDRESS is where the site is served.
 */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { emptyPage, launch } from './chromium.mjs';

/** Files that go into the browser together. */
const TOGETHER = 50;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    side: { type: 'string', default: '28' },
    channels: { type: 'string', default: '1' },
    most: { type: 'string', default: '2000' },
  },
});
const [address, folder, file] = positionals;
if (!file) {
  throw new Error('usage: node benches/pictures.mjs ADDRESS FOLDER FILE [--side 28] [--channels 1] [--most 2000]');
}
const shape = { channels: Number(options.channels), height: Number(options.side), width: Number(options.side) };

const names = (await readdir(folder)).sort();
const chosen = shuffled(names).slice(0, Number(options.most));
const browser = await launch();
try {
  const page = await emptyPage(browser, address);
  const all = [Uint8Array.of(shape.channels, shape.height, shape.width)];
  for (let first = 0; first < chosen.length; first += TOGETHER) {
    const files = await Promise.all(
      chosen.slice(first, first + TOGETHER).map((name) => readFile(`${folder}/${name}`, 'base64')),
    );
    all.push(Buffer.from(await page.evaluate(seen, address, files, shape), 'base64'));
  }
  await writeFile(file, Buffer.concat(all));
} finally {
  await browser.close();
}

/**
 * In the page: converts files to the network's input.
 * @param {string} address
 * @param {string[]} files in base64
 * @param {import('../www/engine/types.js').ImageShape} shape
 */
async function seen(address, files, shape) {
  const [{ ImageCollection }, { pageEngine }] = await Promise.all([
    import(`${address}training/input/images.js`),
    import(`${address}engine/engine.js`),
  ]);
  const collection = new ImageCollection((/** @type {any} */ rgba, /** @type {any} */ image) =>
    pageEngine.bytes({ rgba, image }),
  );
  collection.setShape(shape);
  const bytes = files.map((file) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
  await collection.addFiles(
    bytes.map((each) => new File([each], 'picture')),
    () => {},
  );
  await collection.render(() => {});
  const { pixels } = collection.data();
  return btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join(''));
}

/** The same order every time. @param {string[]} names */
function shuffled(names) {
  let state = 1;
  const key = () => (state = (state * 48271) % 0x7fffffff);
  return names
    .map((name) => ({ name, at: key() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}
