import { picturesAddress } from '../../late-assets.js';
import { assertReadable } from '../../training/input/canvas-check.js';
import { originalsOf } from '../parts/originals.js';
import { contextOf, Picture } from '../parts/pictures.js';
import { placeOf } from '../parts/stored.js';

/**
 * The encoder's input: a drawing or a picture of the reader's, or the one behind a stored code, if the page has it.
 */
export class SeenPictures {
  #owner;
  #choice;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;

  /**
   * @param {import('../parts/distant-view.js').Owner} owner
   * @param {import('../parts/picture-choice.js').PictureChoice} choice
   */
  constructor(owner, choice) {
    this.#owner = owner;
    this.#choice = choice;
  }

  /** @returns {Promise<Uint8ClampedArray | null>} RGBA of the current choice; null if the page has only its code */
  async now() {
    const { model, from, z } = this.#owner.state();
    const { seen, stored } = this.#choice;
    if (seen) return seen;
    return z.from ? null : this.#original(model, placeOf(stored, from));
  }

  /**
   * @param {string} model
   * @param {number} place
   */
  async #original(model, place) {
    const { stored, image } = this.#choice;
    const draw = await (this.#originals ??= originalsOf(model, stored, image, picturesAddress(model)));
    if (!draw) return null;
    const picture = new Picture();
    draw(place, picture);
    const { canvas } = picture;
    try {
      assertReadable();
    } catch {
      return null;
    }
    const { data } = /** @type {CanvasRenderingContext2D} */ (contextOf(canvas)).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    return canvas.width === image.width && canvas.height === image.height ? data : null;
  }
}
