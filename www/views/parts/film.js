/** Frames of figures for animation files. */

/**
 * @typedef {import('./export-dialog.js').Subject} Subject
 * @typedef {{width: number, height: number}} Size
 */

/**
 * An animation of codes along a path, one picture for each.
 * @param {object} path
 * @param {string} path.name
 * @param {import('../../engine/types.js').ImageShape} path.image
 * @param {number} path.most
 * @param {() => Promise<void>} [path.begin] resolves when codes can be asked for
 * @param {(share: number) => ArrayLike<number>} path.codeAt from 0 to 1
 * @param {(latents: Float32Array) => Promise<Uint8ClampedArray>} path.decode
 * @returns {Subject}
 */
export function filmOfPath({ name, image, most, begin, codeAt, decode }) {
  const { channels, width, height } = image;
  return {
    ...{ name, most, count: Math.min(49, most), isInk: channels === 1 },
    frames: async (count) => {
      await begin?.();
      const codes = Array.from({ length: count }, (_, i) => codeAt(i / (count - 1)));
      const latents = new Float32Array(count * codes[0].length);
      codes.forEach((code, i) => latents.set(code, i * code.length));
      return { rgba: await decode(latents), width, height };
    },
  };
}

/** Black frames onto which several pictures are copied. */
export class Frames {
  /**
   * @param {number} count
   * @param {Size} size
   */
  constructor(count, { width, height }) {
    this.width = width;
    this.height = height;
    this.rgba = new Uint8ClampedArray(count * width * height * 4);
    for (let i = 3; i < this.rgba.length; i += 4) this.rgba[i] = 255;
  }

  /**
   * @param {number} frame
   * @param {Uint8ClampedArray} picture RGBA
   * @param {Size} size the picture's
   * @param {{left: number, top: number}} place
   */
  lay(frame, picture, { width, height }, { left, top }) {
    const start = (frame * this.height + top) * this.width + left;
    for (let y = 0; y < height; y++) {
      this.rgba.set(picture.subarray(y * width * 4, (y + 1) * width * 4), (start + y * this.width) * 4);
    }
  }
}
