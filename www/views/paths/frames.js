import { toValue } from '../../pixels.js';

/** Pictures in a row, as in `latent-lab experiment interpolation`. */
export const ROW = 11;

/** Number of frames between two pictures of a row. */
const BETWEEN = 4;

/** Frames of a path. */
export const FRAMES = BETWEEN * (ROW - 1) + 1;

/** Frames of the pictures in a row. */
export const ROW_FRAMES = Array.from({ length: ROW }, (_, i) => i * BETWEEN);

/**
 * The frame at a position on the path.
 * @param {number} t from 0 to 1
 * @param {number} [count] of frames
 */
export function frameAt(t, count = FRAMES) {
  return Math.round(t * (count - 1));
}

/**
 * A cross-fade: each pixel moves along a straight line.
 * @param {Uint8ClampedArray} from RGBA
 * @param {Uint8ClampedArray} to
 * @param {number} count of frames
 * @returns {Uint8ClampedArray} RGBA, stacked
 */
export function crossFade(from, to, count) {
  const all = new Uint8ClampedArray(count * from.length);
  for (let frame = 0, at = 0; frame < count; frame++) {
    const t = frame / (count - 1);
    for (let i = 0; i < from.length; i++) all[at++] = (1 - t) * from[i] + t * to[i];
  }
  return all;
}

/**
 * Lengths of the steps from one picture of the row to the next: the Euclidean distances of pictures whose values are from 0 to 1.
 * @param {Uint8ClampedArray} rgba the path's frames, stacked
 * @param {number} channels 1 or 3 of the network's pictures
 * @returns {Float32Array} [ROW - 1]
 */
export function stepLengths(rgba, channels) {
  const bytes = rgba.length / FRAMES;
  return Float32Array.from({ length: ROW - 1 }, (_, step) => {
    const [from, to] = [ROW_FRAMES[step] * bytes, ROW_FRAMES[step + 1] * bytes];
    let sum = 0;
    for (let i = 0; i < bytes; i++) sum += (rgba[from + i] - rgba[to + i]) ** 2;
    // Gray is three equal colors.
    return toValue(Math.sqrt((sum * channels) / 3));
  });
}
