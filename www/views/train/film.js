/** The history of a run as frames: for each moment what the networks drew then, one network beside the other. */

import { FIXED, SAMPLES } from '../../training/glimpse.js';
import { fromBytes, fromRgba } from './mosaic.js';

/** Between pictures, and between networks, in pixels. */
const GAP = 1;
const BETWEEN = 8;

/** Rows of a network: pictures, what came back, and two of random codes. */
const ROWS = 2 + SAMPLES / FIXED;

/**
 * @param {import('../../training/desk.js').DataSet} data
 * @param {import('../../training/glimpse.js').Look[][]} moments looks of all networks
 * @returns {import('../parts/export-dialog.js').Frames}
 */
export function film({ shape, pixels }, moments) {
  const [stepX, stepY] = [shape.width + GAP, shape.height + GAP];
  const networks = moments[0].length;
  const wide = FIXED * stepX - GAP;
  const width = networks * wide + (networks - 1) * BETWEEN;
  const height = ROWS * stepY - GAP;
  const count = pixels.length / (shape.channels * shape.height * shape.width);
  const rgba = new Uint8ClampedArray(moments.length * width * height * 4);
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  const tile = new Uint8ClampedArray(shape.width * shape.height * 4);
  moments.forEach((looks, moment) => {
    const frame = rgba.subarray(moment * width * height * 4, (moment + 1) * width * height * 4);
    /** @param {number} network @param {number} column @param {number} row */
    const place = (network, column, row) => {
      const left = network * (wide + BETWEEN) + column * stepX;
      for (let y = 0; y < shape.height; y++) {
        frame.set(tile.subarray(y * shape.width * 4, (y + 1) * shape.width * 4), ((row * stepY + y) * width + left) * 4);
      }
    };
    looks.forEach(({ fixed, pictures }, network) => {
      for (let i = 0; i < fixed; i++) {
        fromBytes(pixels, shape)(Math.floor((i * count) / fixed), tile);
        place(network, i, 0);
        fromRgba(pictures, 0)(i, tile);
        place(network, i, 1);
      }
      for (let i = 0; i < SAMPLES; i++) {
        fromRgba(pictures, fixed)(i, tile);
        place(network, i % FIXED, 2 + Math.floor(i / FIXED));
      }
    });
  });
  return { rgba, width, height };
}
