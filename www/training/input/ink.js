/**
 * Dark strokes or things on light paper, as a network of white on black knows them: the paper is taken out, as MNIST and Fashion-MNIST did
 * with what they scanned, and what is left is placed as the network's own pictures are. Pure functions.
 */

import { toBytes, toGray, toRgba, toValues } from '../../pixels.js';
import { Levels } from './levels.js';
import { covering } from './placement.js';

/**
 * @typedef {import('./preprocessing.js').Rgba} Rgba
 * @typedef {import('./placement.js').Placement} Placement
 *
 * @typedef {object} Framing how the pictures of a network lie in their square
 * @property {boolean} isInk true if they are white on black
 * @property {number} share of the side that they fill
 * @property {boolean} isBalanced true if the center of mass is in the middle, and not the bounding box
 *
 * @typedef {object} Found
 * @property {number} left of the bounding box, in pixels
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} x center of mass
 * @property {number} y
 */

/** Longest side at which the paper is taken out, in pixels: far more than a network of strokes sees. */
const LONGEST = 640;

/** Longest side at which ink is looked for. */
const SMALL = 256;

/** Share of a picture's shorter side whose pixels count as its edge. */
const RING = 0.06;

/** A pixel of the edge that is farther than this from the paper around it is not paper. */
const NOT_PAPER = 0.15;

/** Brightness of the darkest paper. */
const LEAST_PAPER = 0.05;

/** Darkness, as a share of the paper's brightness, that is grain or shadow and becomes black. */
const GRAIN = 0.12;

/** Share of the dark pixels that become white, so that strokes are as bright as those of a pen on the pad. */
const FULL = 0.25;

/** Values above this count as ink. */
const INK = 0.35;

/** Parts smaller than this share of the largest one are specks, or belong to something else. */
const SPECK = 0.08;

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
 * Takes the paper out: it becomes black, and what is dark on it white.
 * @param {Levels} levels
 */
export function withoutPaper(levels) {
  const picture = levels.atMost(LONGEST);
  const { width, height } = picture;
  const values = toValues(toGray(picture.data));
  const plane = paperOf(values, picture);
  const dark = values.map((value, i) => Math.max(0, 1 - value / Math.max(LEAST_PAPER, at(plane, i, width)) - GRAIN));
  const inked = dark.filter((value) => value > GRAIN).sort();
  const full = inked.length > 0 ? inked[Math.floor((1 - FULL) * (inked.length - 1))] : 1;
  const bytes = toBytes(dark.map((value) => value / full));
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
 * The plane of least squares. The edge surrounds the picture, so both directions are nearly uncorrelated and are fitted one by one.
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

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number[]} values */
function median(values) {
  return values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Indices of the pixels along the edge.
 * @param {{width: number, height: number}} size
 */
function ringOf({ width, height }) {
  const deep = Math.max(1, Math.round(RING * Math.min(width, height)));
  /** @type {number[]} */
  const indices = [];
  for (let y = 0; y < height; y++) {
    const isInside = y >= deep && y < height - deep;
    for (let x = 0; x < width; x++) {
      if (isInside && x === deep && width > 2 * deep) x = width - deep;
      indices.push(y * width + x);
    }
  }
  return indices;
}

/**
 * Finds what is white on black: the largest part and others that are not much smaller. Parts that touch the edge belong to something
 * outside, unless there is nothing else.
 * @param {Rgba} picture
 * @returns {Found | null}
 */
export function found({ data, width, height }) {
  const values = toValues(toGray(data));
  const parts = partsOf(values, width);
  const inside = parts.filter((part) => !part.some((i) => isAtEdge(i, width, height)));
  const all = inside.length > 0 ? inside : parts;
  const most = Math.max(...all.map(({ length }) => length));
  return extentOf(all.filter(({ length }) => length >= SPECK * most).flat(), values, width);
}

/**
 * Groups of neighboring pixels with ink.
 * @param {Float32Array} values
 * @param {number} width
 */
function partsOf(values, width) {
  const isOpen = Uint8Array.from(values, (value) => Number(value > INK));
  /** @type {number[][]} */
  const parts = [];
  for (let start = 0; start < isOpen.length; start++) {
    if (!isOpen[start]) continue;
    const part = [start];
    isOpen[start] = 0;
    for (let next = 0; next < part.length; next++) {
      for (const i of neighborsOf(part[next], width, values.length)) {
        if (isOpen[i]) part.push(i);
        isOpen[i] = 0;
      }
    }
    parts.push(part);
  }
  return parts;
}

/** @param {number} i @param {number} width @param {number} count */
function neighborsOf(i, width, count) {
  const column = i % width;
  const sides = [column > 0 ? i - 1 : i, column < width - 1 ? i + 1 : i];
  return [...sides, ...sides.flatMap((side) => [side - width, side + width]), i - width, i + width].filter(
    (each) => each >= 0 && each < count,
  );
}

/** @param {number} i @param {number} width @param {number} height */
function isAtEdge(i, width, height) {
  const [x, y] = [i % width, Math.floor(i / width)];
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

/**
 * @param {number[]} indices
 * @param {Float32Array} values
 * @param {number} width
 * @returns {Found | null}
 */
function extentOf(indices, values, width) {
  if (indices.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let [sum, x, y] = [0, 0, 0];
  for (const i of indices) {
    const [column, row] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    sum += values[i];
    x += values[i] * (column + 0.5);
    y += values[i] * (row + 0.5);
  }
  return { left, top, width: right + 1 - left, height: bottom + 1 - top, x: x / sum, y: y / sum };
}

/**
 * The placement in which what is white on black lies as in the network's own pictures.
 * @param {Levels} levels
 * @param {Framing} framing
 * @returns {Placement}
 */
export function placedAsInk(levels, { share, isBalanced }) {
  const { whole } = levels;
  const small = levels.atMost(SMALL);
  const ink = found(small);
  if (!ink) return covering(whole);
  const scale = whole.width / small.width;
  const middle = isBalanced ? ink : { x: ink.left + ink.width / 2, y: ink.top + ink.height / 2 };
  const side = (scale * Math.max(ink.width, ink.height)) / share;
  return { x: scale * middle.x, y: scale * middle.y, zoom: Math.min(whole.width, whole.height) / side, turn: 0 };
}

/**
 * How the pictures of a network lie in their square.
 * @param {Uint8ClampedArray} rgba pictures that it has decoded, stacked
 * @param {import('../../engine/engine.js').ImageShape} image
 * @returns {Framing}
 */
export function framingOf(rgba, { channels, width, height }) {
  const size = width * height * 4;
  const pictures = Array.from({ length: rgba.length / size }, (_, i) => {
    return { data: rgba.subarray(i * size, (i + 1) * size), width, height };
  });
  const ring = ringOf({ width, height });
  const edges = pictures.flatMap(({ data }) => {
    const values = toValues(toGray(data));
    return ring.map((i) => values[i]);
  });
  const isInk = channels === 1 && edges.length > 0 && mean(edges) < NOT_PAPER;
  const inks = pictures.map(found).filter((ink) => ink !== null);
  if (!isInk || inks.length === 0) return { isInk, share: 1, isBalanced: false };
  const side = Math.max(width, height);
  const off = (/** @type {(ink: Found) => [x: number, y: number]} */ middle) =>
    mean(inks.map(middle).map(([x, y]) => Math.hypot(x - width / 2, y - height / 2)));
  return {
    isInk,
    share: mean(inks.map((ink) => Math.max(ink.width, ink.height) / side)),
    isBalanced: off(({ x, y }) => [x, y]) < off((ink) => [ink.left + ink.width / 2, ink.top + ink.height / 2]),
  };
}
