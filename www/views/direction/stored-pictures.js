/** Values to decode at once, so that actions of the reader wait only briefly. */
const AT_ONCE = 40_000;

/** Most stored pictures to decode. */
const MOST = 1000;

/** The stored codes of a model as pictures, decoded part by part. */
export class StoredPictures {
  #image;
  #decode;
  #pause;
  #stored;
  /** @type {(Uint8ClampedArray | undefined)[]} */
  #pictures = [];
  #isGone = false;

  /**
   * @param {import('../parts/stored.js').StoredLatents} stored
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {(latents: Float32Array) => Promise<Uint8ClampedArray>} decode rejects if the figure has left the page
   * @param {import('./probe.js').Pause} pause between parts
   */
  constructor(stored, image, decode, pause) {
    this.#stored = stored;
    this.#image = image;
    this.#decode = decode;
    this.#pause = pause;
  }

  /** @param {number} place */
  at(place) {
    return this.#pictures[place] ?? null;
  }

  /** Decodes all. @param {(isComplete: boolean) => void} onPart called after each part */
  async load(onPart) {
    const { latent, mean } = this.#stored;
    const { channels, width, height } = this.#image;
    const size = width * height * 4;
    const count = Math.min(MOST, mean.length / latent);
    const part = Math.max(1, Math.floor(AT_ONCE / (channels * width * height)));
    for (let first = 0; first < count; first += part) {
      await this.#pause();
      if (this.#isGone) return;
      const last = Math.min(count, first + part);
      const rgba = await this.#decode(mean.slice(first * latent, last * latent));
      for (let i = first; i < last; i++) this.#pictures[i] = rgba.slice((i - first) * size, (i - first + 1) * size);
      if (!this.#isGone) onPart(last === count);
    }
  }

  destroy() {
    this.#isGone = true;
  }
}
