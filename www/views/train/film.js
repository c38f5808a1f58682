/** The history of a run as frames of a film: the previews of each snapshot, with the networks side by side. */

import { FIXED, SAMPLES } from '../../training/worker/preview.js';
import { Frames } from '../parts/film.js';
import { fromBytes, fromRgba } from './mosaic.js';

/** Gaps between pictures and between networks, in pixels. */
const GAP = 1;
const BETWEEN = 8;

/** Rows of a network: images, reconstructions, and two rows of draws. */
const ROWS = 2 + SAMPLES / FIXED;

/**
 * @param {import('../../training/page/types.js').DataSet} data
 * @param {import('../../training/protocol.js').Preview[][]} snapshots previews of all networks, snapshot by snapshot
 * @returns {import('../parts/export-dialog.js').Frames}
 */
export function film({ shape, pixels }, snapshots) {
  const [stepX, stepY] = [shape.width + GAP, shape.height + GAP];
  const networks = snapshots[0].length;
  const wide = FIXED * stepX - GAP;
  const width = networks * wide + (networks - 1) * BETWEEN;
  const height = ROWS * stepY - GAP;
  const count = pixels.length / (shape.channels * shape.height * shape.width);
  const frames = new Frames(snapshots.length, { width, height });
  const tile = new Uint8ClampedArray(shape.width * shape.height * 4);
  snapshots.forEach((previews, index) => {
    /** @param {number} network @param {number} column @param {number} row */
    const place = (network, column, row) => {
      frames.lay(index, tile, shape, { left: network * (wide + BETWEEN) + column * stepX, top: row * stepY });
    };
    previews.forEach(({ fixed, pictures }, network) => {
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
  return frames;
}
