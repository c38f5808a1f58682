/**
 * The only way of a picture into a network, for training and for encoding: turned as its EXIF tag
 * says, cropped to the middle in the proportions of the network's images, resized by our own
 * filter, on paper where it is transparent. The filters of browsers differ from each other, and
 * take only a few neighbors into account.
 */

import { assertReadable, readableContext } from './canvas-check.js';

/**
 * @typedef {{data: Uint8ClampedArray, width: number, height: number}} Rgba a picture given as pixels
 * @typedef {ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement} Drawable
 * @typedef {{width: number, height: number}} Size
 */

/** Most pixels to read back at once. */
const BAND = 1 << 20;

/**
 * Decodes a file, turned as its EXIF tag says.
 * @param {Blob} file
 * @throws {Error} if it is not a picture that the browser can read, with a message for the reader
 */
export function decodeFile(file) {
  return createImageBitmap(file, { imageOrientation: 'from-image' }).catch(async () => {
    throw new Error(
      (await isSvg(file))
        ? 'it is an SVG, which has shapes and no pixels; save it as a PNG first'
        : 'this browser cannot read it as a picture',
    );
  });
}

/**
 * Renders a file as a network sees it.
 * @param {Blob} file
 * @param {Size} size
 * @param {'#fff' | '#000'} [paper]
 */
export async function fitFile(file, size, paper) {
  const bitmap = await decodeFile(file);
  try {
    return fit(bitmap, size, paper);
  } finally {
    bitmap.close();
  }
}

/** @param {Blob} file */
async function isSvg(file) {
  return file.type === 'image/svg+xml' || /<svg[\s>]/.test(await file.slice(0, 1024).text());
}

/**
 * Renders a picture as a network sees it.
 * @param {Drawable | Rgba} picture
 * @param {Size} size
 * @param {'#fff' | '#000'} [paper] the color behind transparent parts
 * @returns {Uint8ClampedArray} RGBA, opaque
 * @throws {Error} if the browser does not let a page read pixels
 */
export function fit(picture, { width, height }, paper = '#fff') {
  const whole = sizeOf(picture);
  const scale = Math.min(whole.width / width, whole.height / height);
  const columns = knownTaps(whole.width, scale, width);
  const rows = knownTaps(whole.height, scale, height);
  const sums = new Float32Array(height * width * 3);
  for (const { data, top, bottom } of bands(picture, columns, rows, paper)) {
    add(narrowed(data, bottom - top, columns), { top, bottom, width: width * 3 }, rows, sums);
  }
  const rgba = new Uint8ClampedArray(height * width * 4);
  for (let from = 0, to = 0; from < sums.length;) {
    rgba[to++] = sums[from++];
    rgba[to++] = sums[from++];
    rgba[to++] = sums[from++];
    rgba[to++] = 255;
  }
  return rgba;
}

/**
 * Adds rows of the source to the sums of the target's rows.
 * @param {Float32Array} lines
 * @param {{top: number, bottom: number, width: number}} band rows of the source, and number of values of each
 * @param {Taps} rows
 * @param {Float32Array} sums
 */
function add(lines, { top, bottom, width }, { taps }, sums) {
  for (let row = 0; row < taps.length; row++) {
    const { first, weights } = taps[row];
    const to = row * width;
    for (let y = Math.max(first, top); y < Math.min(first + weights.length, bottom); y++) {
      const weight = weights[y - first];
      const from = (y - top) * width;
      for (let i = 0; i < width; i++) sums[to + i] += weight * lines[from + i];
    }
  }
}

/** @param {Drawable | Rgba} picture @returns {Size} */
function sizeOf(picture) {
  return 'naturalWidth' in picture ? { width: picture.naturalWidth, height: picture.naturalHeight } : picture;
}

/**
 * Cache of taps, since thousands of pictures of one size may follow each other. @type {Map<string, ReturnType<typeof tapsOf>>}
 */
const known = new Map();

/**
 * @param {number} length
 * @param {number} scale
 * @param {number} count
 */
function knownTaps(length, scale, count) {
  const key = `${length} ${scale} ${count}`;
  const taps = known.get(key) ?? tapsOf(length, scale, count);
  if (known.size > 8) known.clear();
  known.set(key, taps);
  return taps;
}

/**
 * The taps of each target pixel along one side, its source pixels with their weights: a triangle whose half width is the scale, or one
 * pixel if the picture is enlarged. This is Pillow's filter BILINEAR.
 * @param {number} length of the source; its middle is taken
 * @param {number} scale source pixels for each target pixel
 * @param {number} count of target pixels
 */
function tapsOf(length, scale, count) {
  const begin = (length - scale * count) / 2;
  const reach = Math.max(1, scale);
  const low = Math.floor(begin + 1e-6);
  const high = Math.ceil(begin + scale * count - 1e-6);
  const taps = Array.from({ length: count }, (_, i) => {
    const center = begin + (i + 0.5) * scale;
    const first = Math.max(low, Math.floor(center - reach));
    const last = Math.min(high, Math.ceil(center + reach));
    const weights = Float32Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach),
    );
    const sum = weights.reduce((all, weight) => all + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
  return { low, high, taps };
}

/** @typedef {ReturnType<typeof tapsOf>} Taps */

/**
 * Yields the middle of a picture, a few rows at a time: a whole photograph would double the memory.
 * @param {Drawable | Rgba} picture
 * @param {Taps} columns
 * @param {Taps} rows
 * @param {string} paper
 */
function* bands(picture, { low: left, high: right }, { low, high }, paper) {
  const width = right - left;
  if ('data' in picture) {
    const all = opaque(picture.data, paper === '#fff' ? 255 : 0);
    // Only whole rows are contiguous in memory.
    const most = width === picture.width ? high - low : 1;
    for (let top = low; top < high; top += most) {
      const from = 4 * (top * picture.width + left);
      yield { data: all.subarray(from, from + 4 * width * most), top, bottom: top + most };
    }
    return;
  }
  assertReadable();
  const most = Math.max(1, Math.floor(BAND / width));
  const context = readableContext(width, Math.min(most, high - low));
  context.fillStyle = paper;
  for (let top = low; top < high; top += most) {
    const bottom = Math.min(high, top + most);
    context.fillRect(0, 0, width, bottom - top);
    context.drawImage(picture, left, top, width, bottom - top, 0, 0, width, bottom - top);
    yield { data: context.getImageData(0, 0, width, bottom - top).data, top, bottom };
  }
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} paper gray
 */
function opaque(data, paper) {
  let least = 255;
  for (let i = 3; i < data.length; i += 4) least = Math.min(least, data[i]);
  if (least === 255) return data;
  return data.map((value, i) => (i % 4 === 3 ? 255 : paper + ((value - paper) * data[i - (i % 4) + 3]) / 255));
}

/**
 * Resizes rows to the width of the target.
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} count of rows
 * @param {Taps} columns
 * @returns {Float32Array} RGB
 */
function narrowed(data, count, { low, high, taps }) {
  const lines = new Float32Array(count * taps.length * 3);
  for (let y = 0, to = 0; y < count; y++) {
    const row = y * (high - low) - low;
    for (const { first, weights } of taps) {
      let [red, green, blue] = [0, 0, 0];
      for (let k = 0, at = 4 * (row + first); k < weights.length; k++, at += 4) {
        red += weights[k] * data[at];
        green += weights[k] * data[at + 1];
        blue += weights[k] * data[at + 2];
      }
      lines[to++] = red;
      lines[to++] = green;
      lines[to++] = blue;
    }
  }
  return lines;
}
