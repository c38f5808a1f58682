/**
 * The pictures that a run is to learn from, as they were given, and as the network will see them: cropped to a square,
 * resized, gray or in color. Whatever is no picture is refused by name; nothing of a file is kept but its handle.
 */

import { fit, fitFile } from './preprocessing.js';
import { say, sayCount, sayNumber } from '../../state/texts.js';
import { dimensions } from './dimensions.js';
import { looksLikeIdx, readIdx } from './idx.js';
import { originsOf } from './labels.js';

/**
 * @typedef {import('../../engine/engine.js').ImageShape} ImageShape
 *
 * @typedef {object} Raw a picture that is pixels already
 * @property {Uint8Array} pixels [channels, height, width]
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 *
 * @typedef {object} Item
 * @property {Blob | null} file
 * @property {Raw | null} raw
 * @property {number | null} label
 * @property {import('./labels.js').Origin | null} origin the file of many pictures that it is from
 * @property {number} index its place in that file
 * @property {boolean} isInk white strokes on black
 * @property {string} name
 * @property {Uint8Array | null} seen [channels, height, width], as the network sees it; null until it is rendered
 *
 * @typedef {{name: string, why: string}} Refusal
 * @typedef {(rgba: Uint8ClampedArray, image: ImageShape) => Promise<Uint8Array>} ToBytes
 */

/** A run takes so many pictures, and so many bytes of them. */
export const MOST_PICTURES = 20_000;
export const MOST_BYTES = 192 << 20;

/** Pictures that go to the worker together: it takes longer to be answered than to turn one into bytes. */
const TOGETHER = 64;

/** Bytes of a file that say what it is. */
const HEAD = 1 << 16;

/** A picture may have so many pixels before the browser is asked to decode it, and a file so many bytes. */
const MOST_PIXELS = 64e6;
const MOST_FILE = 64 << 20;

/** @type {Item} */
const EMPTY = { file: null, raw: null, label: null, origin: null, index: 0, isInk: false, name: '', seen: null };

export class ImageCollection {
  /** @type {Item[]} */
  items = [];
  /** @type {ImageShape} */
  shape = { channels: 1, height: 28, width: 28 };
  #toBytes;
  /** Counts the changes, so that a rendering that is out of date ends. */
  #version = 0;
  /** Counts how often everything was cleared: what is still being read then is not wanted any more. */
  #cleared = 0;

  /** @param {ToBytes} toBytes RGBA pictures to what the network reads */
  constructor(toBytes) {
    this.#toBytes = toBytes;
  }

  /** How many pictures fit. */
  get room() {
    return Math.max(0, this.#most - this.items.length);
  }

  get #most() {
    const { channels, height, width } = this.shape;
    return Math.min(MOST_PICTURES, Math.floor(MOST_BYTES / (channels * height * width)));
  }

  get isInk() {
    return this.items.length > 0 && this.items.every(({ isInk }) => isInk);
  }

  clear() {
    this.#version += 1;
    this.#cleared += 1;
    this.items = [];
  }

  /** @param {number} index */
  remove(index) {
    this.items.splice(index, 1);
  }

  /**
   * Another size: everything is to be rendered anew.
   * @param {ImageShape} shape
   * @returns {number} how many pictures no longer fit and were left out
   */
  setShape(shape) {
    this.shape = shape;
    this.#version += 1;
    for (const item of this.items) item.seen = null;
    const dropped = Math.max(0, this.items.length - this.#most);
    this.items.length -= dropped;
    return dropped;
  }

  /**
   * Pictures of one size that are there already; gray ones are white on black.
   * @param {Uint8Array} pixels [n, channels, height, width]
   * @param {{shape: ImageShape, labels: ArrayLike<number> | null, name: string, origin?: Item['origin']}} about
   * @returns {number} how many were taken
   */
  addRaw(pixels, { shape, labels, name, origin = null }) {
    const size = shape.channels * shape.height * shape.width;
    const count = Math.min(pixels.length / size, this.room);
    for (let i = 0; i < count; i++) {
      const raw = { pixels: pixels.subarray(i * size, (i + 1) * size), ...shape };
      this.items.push({
        ...EMPTY,
        raw,
        label: labels?.[i] ?? null,
        origin,
        index: i,
        isInk: shape.channels === 1,
        name,
      });
    }
    return count;
  }

  /**
   * The pictures of an earlier visit, as they were seen.
   * @param {import('../page/controller.js').DataSet} data
   */
  restore({ shape, pixels, labels, name, isInk }) {
    const size = shape.channels * shape.height * shape.width;
    this.clear();
    this.shape = shape;
    this.items = Array.from({ length: pixels.length / size }, (_, i) => {
      const seen = pixels.subarray(i * size, (i + 1) * size);
      return { ...EMPTY, raw: { pixels: seen, ...shape }, label: labels?.[i] ?? null, isInk, name, seen };
    });
  }

  /**
   * Files of any kind, in any order: labels find the pictures that they belong to.
   * @param {Blob[]} files
   * @param {(done: number, of: number) => void} onProgress
   * @returns {Promise<{taken: number, labeled: import('./labels.js').Labeled[], refused: Refusal[]}>}
   */
  async addFiles(files, onProgress) {
    /** @type {Refusal[]} */
    const refused = [];
    /** @type {import('./labels.js').LabelFile[]} */
    const labels = [];
    const before = this.items.length;
    const cleared = this.#cleared;
    let tooMany = 0;
    for (const [i, file] of files.entries()) {
      if (cleared !== this.#cleared) break;
      const name = nameOf(file);
      try {
        await this.#addFile(file, name, labels);
      } catch (error) {
        if (this.room === 0) tooMany += 1;
        else refused.push({ name, why: reasonOf(error) });
      }
      if (i % 16 === 15) onProgress(i + 1, files.length);
    }
    if (tooMany > 0) refused.push({ name: sayCount(tooMany, 'one file', '{count} files'), why: this.#full() });
    return { taken: Math.max(0, this.items.length - before), labeled: this.#label(labels, refused), refused };
  }

  /**
   * Labels go to the pictures of their file, those that were removed left out.
   * @param {import('./labels.js').LabelFile[]} files
   * @param {Refusal[]} refused
   */
  #label(files, refused) {
    /** @type {import('./labels.js').Labeled[]} */
    const labeled = [];
    const here = [...new Set(this.items.flatMap(({ origin }) => (origin ? [origin] : [])))];
    for (const labels of files) {
      try {
        const origins = originsOf(labels, here);
        const items = this.items.filter(
          ({ origin, index }) => origin && origins.includes(origin) && index < labels.values.length,
        );
        for (const item of items) item.label = labels.values[item.index];
        labeled.push({ images: origins[0].name, labels: labels.name, count: items.length });
      } catch (error) {
        refused.push({ name: labels.name, why: reasonOf(error) });
      }
    }
    return labeled;
  }

  /**
   * Renders what has not been rendered yet.
   * @param {(done: number, of: number) => void} onProgress
   * @returns {Promise<{isDone: boolean, refused: Refusal[]}>} not done where the collection changed meanwhile
   */
  async render(onProgress) {
    const version = this.#version;
    /** @type {Refusal[]} */
    const refused = [];
    const { height, width, channels } = this.shape;
    const due = this.items.filter(({ seen }) => !seen);
    for (let start = 0; start < due.length; start += TOGETHER) {
      /** @type {Item[]} */
      const drawn = [];
      const rgba = new Uint8ClampedArray(Math.min(TOGETHER, due.length - start) * height * width * 4);
      for (const item of due.slice(start, start + TOGETHER)) {
        if (version !== this.#version) return { isDone: false, refused };
        if (item.raw?.channels === channels && item.raw.height === height && item.raw.width === width) {
          item.seen = item.raw.pixels;
          continue;
        }
        try {
          const seen = item.raw ? fit(rgbaOf(item.raw), this.shape) : await this.#fitted(item);
          rgba.set(seen, drawn.length * height * width * 4);
          drawn.push(item);
        } catch (error) {
          refused.push({ name: item.name, why: reasonOf(error) });
        }
      }
      if (drawn.length === 0) continue;
      const bytes = await this.#toBytes(rgba.slice(0, drawn.length * height * width * 4), this.shape).catch(reasonOf);
      if (version !== this.#version) return { isDone: false, refused };
      const size = channels * height * width;
      drawn.forEach((item, i) => {
        if (typeof bytes === 'string') refused.push({ name: item.name, why: bytes });
        else item.seen = bytes.slice(i * size, (i + 1) * size);
      });
      onProgress(Math.min(start + TOGETHER, due.length), due.length);
    }
    // A picture that changed its size in the last step has not been seen yet, but is no picture that cannot be.
    if (version !== this.#version) return { isDone: false, refused };
    this.items = this.items.filter(({ seen }) => seen);
    return { isDone: true, refused };
  }

  /** Everything that has been rendered, for a run. @param {number} copies of each picture */
  data(copies = 1) {
    const seen = this.items.filter((item) => item.seen);
    const { channels, height, width } = this.shape;
    const size = channels * height * width;
    const pixels = new Uint8Array(seen.length * copies * size);
    for (let copy = 0; copy < copies; copy++) {
      seen.forEach(({ seen: bytes }, i) =>
        pixels.set(/** @type {Uint8Array} */ (bytes), (copy * seen.length + i) * size),
      );
    }
    const known = seen.length > 0 && seen.every(({ label }) => label !== null);
    const labels = known
      ? Uint8Array.from({ length: seen.length * copies }, (_, i) => seen[i % seen.length].label ?? 0)
      : null;
    return { pixels, labels, shape: this.shape };
  }

  /**
   * @param {Blob} file
   * @param {string} name
   * @param {import('./labels.js').LabelFile[]} labels takes those that the file holds
   */
  async #addFile(file, name, labels) {
    if (file.size === 0) throw new Error('it is empty');
    // Each slice is registered with the browser, which takes longer than to read a small file.
    const start = new Uint8Array(await (file.size <= HEAD ? file : file.slice(0, HEAD)).arrayBuffer());
    if (looksLikeIdx(start)) return this.#addIdx(file, name, labels);
    this.#needRoom();
    if (file.size > MOST_FILE) {
      throw new Error(say('it has {size} MB, a picture may have 67', { size: sayNumber(Math.round(file.size / 1e6)) }));
    }
    const size = dimensions(start);
    if (size && size.width * size.height > MOST_PIXELS) {
      throw new Error(say('it would have {width} by {height} pixels, 64 million are the most', { ...size }));
    }
    if (size && (size.width === 0 || size.height === 0)) throw new Error('it has no pixels');
    /** @type {Item} */
    const item = { ...EMPTY, file, name };
    const cleared = this.#cleared;
    await this.#see(item);
    if (cleared === this.#cleared) this.items.push(item);
  }

  /**
   * What the network sees of a picture; the picture itself is let go, for a thousand photographs do not fit into memory.
   * @param {Item} item
   */
  async #see(item) {
    const { shape } = this;
    const seen = await this.#toBytes(await this.#fitted(item), shape);
    if (shape === this.shape) item.seen = seen;
  }

  /** @param {Item} item of a file */
  #fitted({ file, isInk }) {
    return fitFile(/** @type {Blob} */ (file), this.shape, isInk ? '#000' : '#fff');
  }

  /**
   * Pictures, or labels.
   * @param {Blob} file
   * @param {string} name
   * @param {import('./labels.js').LabelFile[]} labels
   */
  async #addIdx(file, name, labels) {
    const cleared = this.#cleared;
    const { sides, values } = await readIdx(file, MOST_PICTURES);
    if (cleared !== this.#cleared) return;
    const [count, height, width] = sides;
    if (sides.length === 1) return void labels.push({ name, count, values });
    this.#needRoom();
    this.addRaw(values, { shape: { channels: 1, height, width }, labels: null, name, origin: { name, count } });
  }

  #needRoom() {
    if (this.room === 0) throw new Error(this.#full());
  }

  #full() {
    const { height, width } = this.shape;
    return this.items.length >= MOST_PICTURES
      ? say('there are {count} pictures, which is the most', { count: sayNumber(MOST_PICTURES) })
      : say('{count} pictures of {height} by {width} fill the memory; make them smaller or gray', {
          count: sayNumber(this.items.length),
          height,
          width,
        });
  }
}

/** @param {Blob} file */
function nameOf(file) {
  return file instanceof File ? file.name : 'a picture';
}

/** @param {unknown} error */
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {Raw} raw @returns {import('./preprocessing.js').Rgba} */
function rgbaOf({ pixels, channels, height, width }) {
  const plane = height * width;
  const data = new Uint8ClampedArray(plane * 4).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let color = 0; color < 3; color++) data[4 * i + color] = pixels[Math.min(color, channels - 1) * plane + i];
  }
  return { data, width, height };
}
