/**
 * The images of a run, from files of any kind or from pixels, with their labels. Files that are not pictures are refused by name; only
 * the handle of a file is kept. The view of pictures owns a collection. It must not store or send an image.
 */

import { say, sayCount, sayNumber } from '../../state/texts.js';
import { looksLikeIdx, readIdx } from './idx.js';
import { giveLabels } from './labels.js';
import { assertPicture, startOf } from './picture-file.js';
import { datasetOf } from './published.js';
import { drawn, reasonOf, render } from './rendering.js';

/**
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 *
 * @typedef {object} Raw an image given as pixels
 * @property {Uint8Array} pixels [channels, height, width]
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 *
 * @typedef {object} Item
 * @property {Blob | null} file
 * @property {Raw | null} raw
 * @property {number | null} label
 * @property {import('./labels.js').Origin | null} origin the file of many images that contains it
 * @property {number} index in that file
 * @property {import('./published.js').Dataset | null} dataset the dataset it belongs to
 * @property {boolean} isInk white strokes on black
 * @property {string} name
 * @property {Uint8Array | null} seen [channels, height, width], as the network sees it; null before it is rendered
 *
 * @typedef {{name: string, why: string}} Refusal
 * @typedef {(rgba: Uint8ClampedArray, image: ImageShape) => Promise<Uint8Array>} ToBytes
 */

/** Largest number of images in a run, and of their bytes. */
export const MOST_PICTURES = 20_000;
export const MOST_BYTES = 192 << 20;

/** @type {Item} */
const EMPTY = {
  ...{ file: null, raw: null, label: null, origin: null, index: 0, dataset: null },
  ...{ isInk: false, name: '', seen: null },
};

export class ImageCollection {
  /** @type {Item[]} */
  items = [];
  /** @type {ImageShape} */
  shape = { channels: 1, height: 28, width: 28 };
  #toBytes;
  /** Number of changes; a rendering that started before the last one is stale and ends. */
  #version = 0;
  /** Number of times that everything was cleared; files from before are dropped. */
  #cleared = 0;

  /** @param {ToBytes} toBytes converts RGBA images to the bytes of a dataset */
  constructor(toBytes) {
    this.#toBytes = toBytes;
  }

  /** Number of images that can be added. */
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

  /** The dataset that all images belong to, in its own size; null without one. */
  get dataset() {
    const [first] = this.items;
    const { channels, height, width } = this.shape;
    const isWhole = this.items.every(
      ({ dataset, raw }) =>
        dataset === first.dataset && raw?.channels === channels && raw.height === height && raw.width === width,
    );
    return isWhole ? (first?.dataset ?? null) : null;
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
   * Changes the shape, after which all images have to be rendered again.
   * @param {ImageShape} shape
   * @returns {number} number of images that no longer fit and were removed
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
   * Adds images of one shape given as pixels; gray ones are white on black.
   * @param {Uint8Array} pixels [n, channels, height, width]
   * @param {{shape: ImageShape, labels: ArrayLike<number> | null, name: string, origin?: Item['origin'], dataset?: Item['dataset']}} about
   * @returns {number} how many were added
   */
  addRaw(pixels, { shape, labels, name, origin = null, dataset = null }) {
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
        dataset,
        isInk: shape.channels === 1,
        name,
      });
    }
    return count;
  }

  /**
   * Takes over the images of an earlier visit, which are already rendered.
   * @param {import('../page/types.js').DataSet} data
   */
  restore({ shape, pixels, labels, name, isInk, dataset = null }) {
    const size = shape.channels * shape.height * shape.width;
    this.clear();
    this.shape = shape;
    this.items = Array.from({ length: pixels.length / size }, (_, i) => {
      const seen = pixels.subarray(i * size, (i + 1) * size);
      return { ...EMPTY, raw: { pixels: seen, ...shape }, label: labels?.[i] ?? null, dataset, isInk, name, seen };
    });
  }

  /**
   * Adds files of any kind, in any order: labels find the images that they belong to.
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
    const { labeled, refused: unfit } = giveLabels(this.items, labels);
    return { taken: Math.max(0, this.items.length - before), labeled, refused: [...refused, ...unfit] };
  }

  /**
   * Renders all images that have not been rendered yet.
   * @param {(done: number, of: number) => void} onProgress
   * @returns {Promise<{isDone: boolean, refused: Refusal[]}>} `isDone` is false if the collection changed meanwhile
   */
  async render(onProgress) {
    const version = this.#version;
    const due = this.items.filter(({ seen }) => !seen);
    const isStale = () => version !== this.#version;
    const refused = await render(due, this.shape, { toBytes: this.#toBytes, isStale, onProgress });
    // Images that still have to be rendered in a new shape must stay.
    if (isStale()) return { isDone: false, refused };
    this.items = this.items.filter(({ seen }) => seen);
    return { isDone: true, refused };
  }

  /** The rendered images, for a run. @param {number} copies of each image */
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
   * @param {import('./labels.js').LabelFile[]} labels receives the labels of the file
   */
  async #addFile(file, name, labels) {
    const start = await startOf(file);
    if (looksLikeIdx(start)) return this.#addIdx(file, name, labels);
    this.#needRoom();
    assertPicture(file, start);
    /** @type {Item} */
    const item = { ...EMPTY, file, name };
    const cleared = this.#cleared;
    const { shape } = this;
    const seen = await this.#toBytes(await drawn(item, shape), shape);
    if (shape === this.shape) item.seen = seen;
    if (cleared === this.#cleared) this.items.push(item);
  }

  /**
   * Adds the images of an IDX file, or collects its labels.
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
    const dataset = datasetOf(values, height * width);
    const shape = { channels: 1, height, width };
    this.addRaw(values, { shape, labels: null, name, origin: { name, count }, dataset });
  }

  #needRoom() {
    if (this.room === 0) throw new Error(this.#full());
  }

  #full() {
    const { height, width } = this.shape;
    return this.items.length >= MOST_PICTURES
      ? say('there are already {count} pictures, which is the limit', { count: sayNumber(MOST_PICTURES) })
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
