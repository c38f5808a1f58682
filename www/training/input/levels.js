/**
 * A picture at sizes that halve, from which a placed square is sampled without aliasing, however far it is zoomed or turned. It is
 * resized by the filter that all pictures go through; see preprocessing.js.
 */

import { pointAt, sideOf } from './placement.js';
import { fit } from './preprocessing.js';

/**
 * @typedef {import('./preprocessing.js').Rgba} Rgba
 * @typedef {import('./placement.js').Placement} Placement
 * @typedef {import('./placement.js').Size} Size
 */

/** Longest side of the largest size, in pixels: enough for a network's square at the largest zoom. */
const LONGEST = 1280;

/** Shortest side of the smallest size. */
const SHORTEST = 16;

/** Samples along each side of a pixel of the network. */
const SAMPLES = 4;

export class Levels {
  /** Largest first. @type {Rgba[]} */
  #all;
  /** Mean color of the picture's edge, which is used beside the picture. */
  edge;

  /** The size whose pixels placements count in. @type {Size} */
  whole;

  /**
   * @param {Rgba} picture opaque
   * @param {Size} [whole] its size for placements, if it was reduced
   */
  constructor(picture, whole = picture) {
    this.#all = [picture];
    this.whole = { width: whole.width, height: whole.height };
    for (let last = picture; Math.min(last.width, last.height) >= 2 * SHORTEST;) {
      last = resized(last, { width: Math.round(last.width / 2), height: Math.round(last.height / 2) });
      this.#all.push(last);
    }
    this.edge = edgeOf(this.#all[this.#all.length - 1]);
  }

  /** The largest size. */
  get largest() {
    return this.#all[0];
  }

  /** The largest size whose longer side has at most this many pixels. @param {number} most */
  atMost(most) {
    return this.#all.find(({ width, height }) => Math.max(width, height) <= most) ?? this.#all[this.#all.length - 1];
  }

  /**
   * The placed square at the size of a network.
   * @param {Placement} placement
   * @param {Size} size
   * @returns {Uint8ClampedArray} RGBA, opaque
   */
  square(placement, size) {
    const samples = SAMPLES * Math.max(size.width, size.height);
    return fit({ data: this.#sampled(placement, samples), width: samples, height: samples }, size);
  }

  /**
   * @param {Placement} placement
   * @param {number} count of samples along a side
   */
  #sampled(placement, count) {
    const { whole } = this;
    const spacing = sideOf(whole, placement) / count;
    const level = this.#all.filter(({ width }) => whole.width / width <= Math.max(1, spacing)).pop() ?? this.largest;
    const at = (/** @type {number} */ right, /** @type {number} */ down) =>
      pointAt(whole, placement, { right: (right + 0.5) / count - 0.5, down: (down + 0.5) / count - 0.5 });
    const first = at(0, 0);
    const [along, below] = [at(1, 0), at(0, 1)];
    const data = new Uint8ClampedArray(count * count * 4).fill(255);
    for (let row = 0, to = 0; row < count; row++) {
      for (let column = 0; column < count; column++, to += 4) {
        const x = first.x + column * (along.x - first.x) + row * (below.x - first.x);
        const y = first.y + column * (along.y - first.y) + row * (below.y - first.y);
        if (x < 0 || y < 0 || x > whole.width || y > whole.height) data.set(this.edge, to);
        else sample(level, (x * level.width) / whole.width - 0.5, (y * level.height) / whole.height - 0.5, data, to);
      }
    }
    return data;
  }
}

/**
 * Reads a decoded picture at the largest size that is kept.
 * @param {import('./preprocessing.js').Drawable & Size} picture
 * @throws {Error} if the browser does not let a page read pixels
 */
export function levelsOf(picture) {
  const { width, height } = picture;
  const scale = Math.max(1, Math.max(width, height) / LONGEST);
  return new Levels(
    resized(picture, {
      width: Math.max(1, Math.round(width / scale)),
      height: Math.max(1, Math.round(height / scale)),
    }),
  );
}

/**
 * @param {import('./preprocessing.js').Drawable | Rgba} picture
 * @param {Size} size
 * @returns {Rgba}
 */
function resized(picture, size) {
  return { data: fit(picture, size), ...size };
}

/**
 * Interpolates between four pixels.
 * @param {Rgba} picture
 * @param {number} x
 * @param {number} y
 * @param {Uint8ClampedArray} to
 * @param {number} at
 */
function sample({ data, width, height }, x, y, to, at) {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [across, down] = [Math.min(1, Math.max(0, x - left)), Math.min(1, Math.max(0, y - top))];
  for (let color = 0; color < 3; color++) {
    const upper =
      data[4 * (top * width + left) + color] * (1 - across) + data[4 * (top * width + right) + color] * across;
    const lower =
      data[4 * (bottom * width + left) + color] * (1 - across) + data[4 * (bottom * width + right) + color] * across;
    to[at + color] = upper * (1 - down) + lower * down;
  }
}

/** @param {Rgba} picture a small one */
function edgeOf({ data, width, height }) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      for (let color = 0; color < 3; color++) sum[color] += data[4 * (y * width + x) + color];
      count += 1;
    }
  }
  return sum.map((all) => Math.round(all / count));
}
