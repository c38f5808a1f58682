/** Pictures in the strip. */
export const STRIP = 11;

/** Number of frames of the path: a multiple of the strip's ten steps, and finer than an animation shows. */
export const FRAMES = 24 * (STRIP - 1) + 1;

/**
 * The frame at a position on the path.
 * @param {number} t from 0 to 1
 */
export function frameAt(t) {
  return Math.round(t * (FRAMES - 1));
}

/** The codes of a path, one for each frame. */
export class Path {
  /** @type {Float32Array} [FRAMES, latent] */
  latents = new Float32Array();

  get isEmpty() {
    return this.latents.length === 0;
  }

  /** @param {number} t from 0 to 1 */
  codeAt(t) {
    return this.#codeOf(frameAt(t));
  }

  /**
   * The codes of the strip's pictures, and an extra one.
   * @param {number} t position of the last code
   */
  stripCodes(t) {
    const latent = this.latents.length / FRAMES;
    const frames = Array.from({ length: STRIP }, (_, i) => i * ((FRAMES - 1) / (STRIP - 1)));
    const codes = new Float32Array((STRIP + 1) * latent);
    [...frames, frameAt(t)].forEach((frame, i) => codes.set(this.#codeOf(frame), i * latent));
    return codes;
  }

  /** @param {number} frame */
  #codeOf(frame) {
    const latent = this.latents.length / FRAMES;
    return this.latents.subarray(frame * latent, (frame + 1) * latent);
  }
}
