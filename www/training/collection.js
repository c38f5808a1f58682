/**
 * The pictures that a run is to learn from, as they were given, and as the network will see them: cropped to a square,
 * resized, gray or in color. Whatever is no picture is refused by name; nothing of a file is kept but its handle.
 */

import { dimensions } from './dimensions.js';
import { looksLikeIdx, readIdx } from './idx.js';

/**
 * @typedef {import('../engine.js').ImageShape} ImageShape
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

export class Collection {
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
   * @param {{shape: ImageShape, labels: ArrayLike<number> | null, name: string}} about
   * @returns {number} how many were taken
   */
  addRaw(pixels, { shape, labels, name }) {
    const size = shape.channels * shape.height * shape.width;
    const count = Math.min(pixels.length / size, this.room);
    for (let i = 0; i < count; i++) {
      const raw = { pixels: pixels.subarray(i * size, (i + 1) * size), ...shape };
      this.items.push({ file: null, raw, label: labels?.[i] ?? null, isInk: shape.channels === 1, name, seen: null });
    }
    return count;
  }

  /**
   * The pictures of an earlier visit, as they were seen.
   * @param {import('./desk.js').DataSet} data
   */
  restore({ shape, pixels, labels, name, isInk }) {
    const size = shape.channels * shape.height * shape.width;
    this.clear();
    this.shape = shape;
    this.items = Array.from({ length: pixels.length / size }, (_, i) => {
      const seen = pixels.subarray(i * size, (i + 1) * size);
      return { file: null, raw: { pixels: seen, ...shape }, label: labels?.[i] ?? null, isInk, name, seen };
    });
  }

  /**
   * Files of any kind.
   * @param {Blob[]} files
   * @param {(done: number, of: number) => void} onProgress
   * @returns {Promise<{taken: number, refused: Refusal[]}>}
   */
  async addFiles(files, onProgress) {
    /** @type {Refusal[]} */
    const refused = [];
    const before = this.items.length;
    const cleared = this.#cleared;
    for (const [i, file] of files.entries()) {
      if (cleared !== this.#cleared) break;
      const name = nameOf(file);
      try {
        if (this.room === 0) {
          refused.push({ name: `${files.length - i} files`, why: this.#full() });
          break;
        }
        await this.#addFile(file, name);
      } catch (error) {
        refused.push({ name, why: reasonOf(error) });
      }
      if (i % 16 === 15) onProgress(i + 1, files.length);
    }
    return { taken: Math.max(0, this.items.length - before), refused };
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
          const picture = item.raw ? paintedRaw(item.raw) : await decode(/** @type {Blob} */ (item.file));
          rgba.set(squared(picture, height, item.isInk ? '#000' : '#fff'), drawn.length * height * width * 4);
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
      seen.forEach(({ seen: bytes }, i) => pixels.set(/** @type {Uint8Array} */ (bytes), (copy * seen.length + i) * size));
    }
    const known = seen.length > 0 && seen.every(({ label }) => label !== null);
    const labels = known ? Uint8Array.from({ length: seen.length * copies }, (_, i) => seen[i % seen.length].label ?? 0) : null;
    return { pixels, labels };
  }

  /**
   * @param {Blob} file
   * @param {string} name
   */
  async #addFile(file, name) {
    if (file.size === 0) throw new Error('it is empty');
    // Each slice is registered with the browser, which takes longer than to read a small file.
    const start = new Uint8Array(await (file.size <= HEAD ? file : file.slice(0, HEAD)).arrayBuffer());
    if (looksLikeIdx(start)) return this.#addIdx(file, name);
    if (file.size > MOST_FILE) throw new Error(`it has ${Math.round(file.size / 1e6)} MB, a picture may have 67`);
    const size = dimensions(start);
    if (size && size.width * size.height > MOST_PIXELS) {
      throw new Error(`it would have ${size.width} by ${size.height} pixels, ${MOST_PIXELS / 1e6} million are the most`);
    }
    if (size && (size.width === 0 || size.height === 0)) throw new Error('it has no pixels');
    /** @type {Item} */
    const item = { file, raw: null, label: null, isInk: false, name, seen: null };
    const cleared = this.#cleared;
    await this.#see(item, await decode(file));
    if (cleared === this.#cleared) this.items.push(item);
  }

  /**
   * What the network sees of a picture; the picture itself is let go, for a thousand photographs do not fit into memory.
   * @param {Item} item
   * @param {ImageBitmap} bitmap
   */
  async #see(item, bitmap) {
    const { shape } = this;
    const seen = await this.#toBytes(squared(bitmap, shape.height, item.isInk ? '#000' : '#fff'), shape);
    if (shape === this.shape) item.seen = seen;
  }

  /**
   * Pictures, or the labels of pictures that are here.
   * @param {Blob} file
   * @param {string} name
   */
  async #addIdx(file, name) {
    const cleared = this.#cleared;
    const { sides, values } = await readIdx(file, MOST_PICTURES);
    if (cleared !== this.#cleared) return;
    if (sides.length === 3) {
      const [, height, width] = sides;
      this.addRaw(values, { shape: { channels: 1, height, width }, labels: null, name });
      return;
    }
    const unlabeled = this.items.filter(({ raw, label }) => raw && label === null);
    if (unlabeled.length === 0) throw new Error('it holds labels, and there are no pictures yet that they could belong to');
    unlabeled.forEach((item, i) => (item.label = i < values.length ? values[i] % 10 : null));
  }

  #full() {
    const { channels, height, width } = this.shape;
    return this.items.length >= MOST_PICTURES
      ? `there are ${MOST_PICTURES.toLocaleString('en')} pictures, which is the most`
      : `${this.items.length.toLocaleString('en')} pictures of ${height} by ${width}${channels === 3 ? ' in color' : ''} fill the memory; make them smaller or gray`;
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

/** @param {Raw} raw */
function paintedRaw({ pixels, channels, height, width }) {
  const image = new ImageData(width, height);
  const plane = height * width;
  for (let i = 0; i < plane; i++) {
    for (let color = 0; color < 3; color++) image.data[4 * i + color] = pixels[Math.min(color, channels - 1) * plane + i];
    image.data[4 * i + 3] = 255;
  }
  const context = contextOf('raw', width, height);
  context.putImageData(image, 0, 0);
  return context.canvas;
}

/**
 * Canvases by what they are for: thousands of pictures follow each other, and to make a canvas takes longer than to fill it.
 * @type {Map<string, OffscreenCanvasRenderingContext2D>}
 */
const contexts = new Map();

/**
 * A canvas whose pixels are read again; what was in it may still be there.
 * @param {string} use by which nothing else is drawn until this picture is done
 * @param {number} width
 * @param {number} height
 */
function contextOf(use, width, height) {
  let context = contexts.get(use);
  if (context?.canvas.width !== width || context.canvas.height !== height) {
    context = newContext(width, height);
    contexts.set(use, context);
  }
  return context;
}

/**
 * @param {number} width
 * @param {number} height
 */
function newContext(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  return /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
}

/** @param {Blob} file */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Error('it is no picture that this browser can read');
  }
}

/**
 * The middle of a picture, as a square of `side` pixels. Halved again and again before the last step: the browsers'
 * filters look at few neighbors only.
 * @param {ImageBitmap | OffscreenCanvas} picture a bitmap is closed afterwards
 * @param {number} side
 * @param {string} paper what shows through transparent parts
 */
function squared(picture, side, paper) {
  const shorter = Math.min(picture.width, picture.height);
  /** @type {{picture: CanvasImageSource, left: number, top: number, size: number}} */
  let from = { picture, left: (picture.width - shorter) / 2, top: (picture.height - shorter) / 2, size: shorter };
  for (let size = shorter; ; ) {
    size = size >= 2 * side ? Math.max(side, Math.ceil(size / 2)) : side;
    // Steps between are large and each of another size: nothing to keep.
    const context = size === side ? contextOf('seen', size, size) : newContext(size, size);
    context.fillStyle = paper;
    context.fillRect(0, 0, size, size);
    context.imageSmoothingQuality = 'high';
    context.drawImage(from.picture, from.left, from.top, from.size, from.size, 0, 0, size, size);
    if (size === side) {
      if (picture instanceof ImageBitmap) picture.close();
      return context.getImageData(0, 0, side, side).data;
    }
    from = { picture: context.canvas, left: 0, top: 0, size };
  }
}
