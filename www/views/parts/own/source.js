import { negative, toBytes, toRgba } from '../../../pixels.js';
import { Levels, levelsOf } from '../../../training/input/levels.js';
import { covering, valid } from '../../../training/input/placement.js';
import { placedAsInk } from '../../../training/input/framing.js';
import { isOnPaper, withoutPaper } from '../../../training/input/paper.js';
import { assertPicture, startOf } from '../../../training/input/picture-file.js';
import { decodeFile } from '../../../training/input/preprocessing.js';

/**
 * @typedef {import('../../../training/input/placement.js').Placement} Placement
 * @typedef {import('../../../training/input/framing.js').Framing} Framing
 */

/** A picture of the reader's, and the place of a network's square on it. */
export class OwnSource {
  #framing;
  #isOnPaper;
  /** @type {Levels | null} */
  #ink = null;
  /** True if the paper is removed. */
  isInk;
  /** @type {Placement} */
  placement;

  /**
   * @param {Levels} levels
   * @param {Framing} framing of the network's pictures, or of none to place the picture as it is
   */
  constructor(levels, framing) {
    this.levels = levels;
    this.#framing = framing;
    this.#isOnPaper = framing.isInk && isOnPaper(levels);
    this.isInk = this.#isOnPaper;
    this.placement = this.first;
  }

  /** True if the network's pictures are white on black. */
  get knowsInk() {
    return this.#framing.isInk;
  }

  /** The first placement: framed like the network's pictures if they are white on black, else in the middle. @returns {Placement} */
  get first() {
    const strokes = this.#isOnPaper ? this.#withoutPaper : this.levels;
    const { whole } = this.levels;
    return valid(whole, this.#framing.isInk ? placedAsInk(strokes, this.#framing) : covering(whole));
  }

  /**
   * The square at the size of the network.
   * @param {import('../../../engine/types.js').ImageShape} image
   */
  square(image) {
    return (this.isInk ? this.#withoutPaper : this.levels).square(this.placement, image);
  }

  get #withoutPaper() {
    return (this.#ink ??= withoutPaper(this.levels, this.#framing));
  }
}

/**
 * Reads a file.
 * @param {File} file
 * @throws {Error} if it is not a readable picture, with a message for the reader
 */
export async function levelsOfFile(file) {
  assertPicture(file, await startOf(file));
  const bitmap = await decodeFile(file);
  try {
    return levelsOf(bitmap);
  } finally {
    bitmap.close();
  }
}

/**
 * A drawing as a picture: white on black if the network's pictures are, else ink on paper.
 * @param {Float32Array} values [side, side], 0 to 1
 * @param {boolean} isInk
 */
export function levelsOfDrawing(values, isInk) {
  const side = Math.sqrt(values.length);
  const rgba = toRgba(toBytes(values), { channels: 1, width: side, height: side });
  return new Levels({ data: isInk ? rgba : new Uint8ClampedArray(negative(rgba)), width: side, height: side });
}
