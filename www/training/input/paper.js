/**
 * Dark strokes or things on light paper, for a network of white on black: the paper is removed, as MNIST and Fashion-MNIST did with their
 * scans. Pure functions.
 */

import { toBytes, toGray, toRgba, toValues } from '../../pixels.js';
import { Levels } from './levels.js';
import { mean, median, ringOf } from './ring.js';
import { widened } from './strokes.js';

/** Longest side at which the edge is judged, in pixels. */
const SMALL = 256;

/** Longest side at which the paper is removed: far more than a network of strokes sees. */
const LONGEST = 640;

/** An edge pixel that differs by more than this from the paper around it is not paper. */
const NOT_PAPER = 0.15;

/** Lowest brightness of paper. */
const LEAST_PAPER = 0.05;

/** Darkness, as a share of the paper's brightness, that counts as grain or shadow and becomes black. */
const GRAIN = 0.12;

/** Share of the dark pixels that become fully white, so that strokes are as bright as those of the pad's pen. */
const FULL = 0.25;

/**
 * True if the edge of a picture is light, compared to the rest.
 * @param {Levels} levels
 */
export function isOnPaper(levels) {
  const small = levels.atMost(SMALL);
  const gray = toValues(toGray(small.data));
  const edge = median(ringOf(small).map((i) => gray[i]));
  gray.sort();
  const [low, high] = [0.02, 0.98].map((share) => gray[Math.floor(share * (gray.length - 1))]);
  return edge - low > high - edge;
}

/**
 * Removes the paper: it becomes black, and dark things on it white.
 * @param {Levels} levels
 * @param {import('./framing.js').Framing} framing of the network's pictures: if they are strokes, thin ones become as wide as the pad's
 */
export function withoutPaper(levels, framing) {
  const picture = levels.atMost(LONGEST);
  const { width, height } = picture;
  const values = toValues(toGray(picture.data));
  const plane = paperOf(values, picture);
  const dark = values.map((value, i) => Math.max(0, 1 - value / Math.max(LEAST_PAPER, at(plane, i, width)) - GRAIN));
  const inked = dark.filter((value) => value > GRAIN).sort();
  const full = inked.length > 0 ? inked[Math.floor((1 - FULL) * (inked.length - 1))] : 1;
  const white = dark.map((value) => Math.min(1, value / full));
  const bytes = toBytes(framing.isBalanced ? widened(white, picture, framing.share) : white);
  return new Levels({ data: toRgba(bytes, { channels: 1, width, height }), width, height }, levels.whole);
}

/**
 * Fits a plane to the brightness of the edge, since paper is rarely lit evenly. Pixels far from the first fit are left out of the second.
 * @param {Float32Array} values [height, width]
 * @param {{width: number, height: number}} size
 */
function paperOf(values, size) {
  const ring = ringOf(size);
  const middle = median(ring.map((i) => values[i]));
  let plane = { across: 0, down: 0, base: middle };
  for (let round = 0; round < 2; round++) {
    const near = ring.filter((i) => Math.abs(values[i] - at(plane, i, size.width)) < NOT_PAPER);
    if (near.length >= 8) plane = fitted(values, near, size.width);
  }
  return plane;
}

/**
 * @param {{across: number, down: number, base: number}} plane
 * @param {number} i
 * @param {number} width
 */
function at({ across, down, base }, i, width) {
  return base + across * (i % width) + down * Math.floor(i / width);
}

/**
 * The least-squares plane. The edge surrounds the picture, so both directions are nearly uncorrelated and are fitted separately.
 * @param {Float32Array} values
 * @param {number[]} indices
 * @param {number} width
 */
function fitted(values, indices, width) {
  const x = indices.map((i) => i % width);
  const y = indices.map((i) => Math.floor(i / width));
  const z = indices.map((i) => values[i]);
  const [across, down] = [slope(x, z), slope(y, z)];
  return { across, down, base: mean(z) - across * mean(x) - down * mean(y) };
}

/** @param {number[]} x @param {number[]} z */
function slope(x, z) {
  const [middle, level] = [mean(x), mean(z)];
  const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return spread === 0 ? 0 : x.reduce((sum, value, i) => sum + (value - middle) * (z[i] - level), 0) / spread;
}
