import { Frames } from '../parts/film.js';
import { COUNT, EXPORT_COLUMNS } from './panel.js';

/** Most frames of the exported animation, and the gap between two networks' pictures in it, in pixels. */
const GROWTH = 81;
const BETWEEN = 8;

/**
 * @typedef {object} Network
 * @property {string} model
 * @property {number} latent
 * @property {number} components of its fitted prior; 0 without one
 * @property {import('../../engine/types.js').ImageShape} image
 */

/**
 * An animation in which the spread grows from 0 to its value.
 * @param {Network[]} networks from left to right
 * @param {number} temperature
 * @param {(network: Network, temperature: number) => Promise<Uint8ClampedArray>} draw its pictures, as RGBA, stacked
 * @returns {import('../parts/export-dialog.js').Subject}
 */
export function filmOfGrowth(networks, temperature, draw) {
  return {
    ...{ name: 'samples', most: GROWTH, count: 49, isInk: networks.every(({ image }) => image.channels === 1) },
    frames: async (count) => {
      const frames = new Frames(count, sizeOf(networks));
      let left = 0;
      for (const network of networks) {
        for (let frame = 0; frame < count; frame++) {
          const pictures = await draw(network, (temperature * frame) / (count - 1));
          layGrid(frames, frame, pictures, network.image, left);
        }
        left += EXPORT_COLUMNS * network.image.width + BETWEEN;
      }
      return frames;
    },
  };
}

/** Size of a frame. @param {Network[]} networks */
function sizeOf(networks) {
  return {
    width: networks.reduce((sum, { image }) => sum + EXPORT_COLUMNS * image.width + BETWEEN, -BETWEEN),
    height: Math.max(...networks.map(({ image }) => (COUNT / EXPORT_COLUMNS) * image.height)),
  };
}

/**
 * Copies the pictures of one network onto a frame.
 * @param {Frames} frames
 * @param {number} frame
 * @param {Uint8ClampedArray} pictures
 * @param {import('../parts/film.js').Size} size of one picture
 * @param {number} left
 */
function layGrid(frames, frame, pictures, size, left) {
  const length = size.width * size.height * 4;
  for (let i = 0; i < COUNT; i++) {
    const [column, row] = [i % EXPORT_COLUMNS, Math.floor(i / EXPORT_COLUMNS)];
    const place = { left: left + column * size.width, top: row * size.height };
    frames.lay(frame, pictures.subarray(i * length, (i + 1) * length), size, place);
  }
}
