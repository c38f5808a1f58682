/**
 * Reads the size of a picture from its first bytes. The size is checked before the browser decodes the picture, since a small file can
 * hold a picture that fills the memory.
 *
 * @typedef {{width: number, height: number}} Size
 */

/**
 * @param {Uint8Array} bytes the first 64 kB of a file, or all of it
 * @returns {Size | null} null for unknown formats
 */
export function dimensions(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @param {string} text @param {number} at */
  const says = (text, at) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  if (bytes.length >= 24 && says('PNG', 1)) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (bytes.length >= 10 && says('GIF8', 0)) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (bytes.length >= 26 && says('BM', 0)) {
    return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  }
  if (bytes.length >= 30 && says('RIFF', 0) && says('WEBP', 8)) return webp(view, bytes, says);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(view);
  return null;
}

/**
 * @param {DataView} view
 * @param {Uint8Array} bytes
 * @param {(text: string, at: number) => boolean} says
 */
function webp(view, bytes, says) {
  /** @param {number} at */
  const three = (at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  if (says('VP8X', 12)) return { width: three(24) + 1, height: three(27) + 1 };
  if (says('VP8L', 12)) {
    const packed = view.getUint32(21, true);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/**
 * Reads the first frame header among the segments.
 * @param {DataView} view
 */
function jpeg(view) {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
