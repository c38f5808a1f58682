/**
 * Bytes <-> model values <-> RGBA, as `src/pixels.rs` defines them: a byte b is the model value b / 255. The only script that scales
 * pixels. Pure functions, on the page and in the worker.
 */

/** @typedef {{channels: number, height: number, width: number}} ImageShape */

const WHITE = 255;

/** A byte, or a difference of bytes, as a model value. @param {number} byte */
export function toValue(byte) {
  return byte / WHITE;
}

/** A model value as a byte: rounded to the nearest, and clamped. @param {number} value */
export function toByte(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * WHITE);
}

/**
 * Bytes as model values, 0 to 1.
 * @param {Uint8Array} bytes
 */
export function toValues(bytes) {
  return Float32Array.from(bytes, toValue);
}

/**
 * Model values as bytes, rounded to the nearest, halves up; values out of range are clamped, and NaN is 0.
 * @param {Float32Array} values
 */
export function toBytes(values) {
  return Uint8Array.from(values, toByte);
}

/**
 * Images as opaque RGBA, one below the other; gray images have one channel, which all three colors share.
 * @param {Uint8Array} bytes [n, channels, height, width]
 * @param {ImageShape} image
 */
export function toRgba(bytes, { channels, height, width }) {
  const plane = height * width;
  const rgba = new Uint8ClampedArray((bytes.length / channels) * 4).fill(WHITE);
  for (let i = 0; i < rgba.length / 4; i++) {
    const start = Math.floor(i / plane) * channels * plane + (i % plane);
    for (let color = 0; color < 3; color++) rgba[4 * i + color] = bytes[start + Math.min(color, channels - 1) * plane];
  }
  return rgba;
}

/**
 * The negative of RGBA, with its transparency: ink on paper for white on black.
 * @param {Uint8Array | Uint8ClampedArray} rgba
 */
export function negative(rgba) {
  return Uint8Array.from(rgba, (value, i) => (i % 4 === 3 ? value : WHITE - value));
}

/**
 * Opaque RGBA as gray bytes by its luma, in the integers that the core uses (`bytes_from_rgba` of `src/pixels.rs`).
 * @param {Uint8ClampedArray} rgba
 * @returns {Uint8Array} [n, height, width]
 */
export function toGray(rgba) {
  const gray = new Uint8Array(rgba.length / 4);
  for (let i = 0, at = 0; i < gray.length; i++, at += 4) {
    gray[i] = (19_595 * rgba[at] + 38_470 * rgba[at + 1] + 7_471 * rgba[at + 2] + 32_768) >> 16;
  }
  return gray;
}
