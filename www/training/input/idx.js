/**
 * Reads IDX files of gray images or labels, as of MNIST and Fashion-MNIST, plain or gzipped. Read in JavaScript rather than in the
 * module, so that a file of 60,000 images is never copied, and only the needed part is unpacked.
 *
 * @typedef {{sides: number[], values: Uint8Array}} Idx `values` may hold fewer items than the file
 */

import { say, sayNumber } from '../../state/texts.js';

/** @param {Uint8Array} start of a file */
export function looksLikeIdx(start) {
  const isPlain = start[0] === 0 && start[1] === 0 && start[2] === 8 && (start[3] === 1 || start[3] === 3);
  return isPlain || isGzip(start);
}

/** @param {Uint8Array} start */
function isGzip(start) {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * @param {Blob} file
 * @param {number} most number of items to read
 * @returns {Promise<Idx>}
 */
export async function readIdx(file, most) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const stream = isGzip(start) ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const reader = new Bytes(stream.getReader());
  try {
    const magic = await reader.take(4);
    const dimensions = magic[3];
    if (magic[0] || magic[1] || magic[2] !== 8 || (dimensions !== 1 && dimensions !== 3)) {
      throw new Error('it is not an IDX file of gray pictures or labels');
    }
    const header = await reader.take(4 * dimensions);
    const view = new DataView(header.buffer, header.byteOffset);
    const sides = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 * i));
    const [count, ...item] = sides;
    const size = item.reduce((product, side) => product * side, 1);
    if (count === 0 || size === 0) throw new Error('it holds no pictures');
    if (size > 1 << 20) throw new Error(say('its pictures would have {sides} pixels', { sides: item.join(' × ') }));
    return { sides, values: await reader.take(Math.min(count, most) * size) };
  } finally {
    reader.close();
  }
}

/** Reads a stream in pieces of given lengths. */
class Bytes {
  #rest = new Uint8Array();
  #reader;

  /** @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  /** @param {number} count memory is only allocated for bytes that have arrived, whatever a header says */
  async take(count) {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < count) {
      const { value, done } = await this.#reader.read();
      if (done) {
        throw new Error(
          say('it is cut off: its header promises {count} bytes, but {length} are there', {
            count: sayNumber(count),
            length: sayNumber(length),
          }),
        );
      }
      parts.push(value);
      length += value.length;
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.#rest = all.subarray(count);
    return all.slice(0, count);
  }

  close() {
    this.#reader.cancel().catch(() => {});
  }
}
