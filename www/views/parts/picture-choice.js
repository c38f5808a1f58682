import { picturesAddress } from '../../late-assets.js';
import { say } from '../../state/texts.js';
import { EndPicker } from './end-picker.js';
import { originalsOf } from './originals.js';
import { OwnPictures } from './own/own-pictures.js';
import { codeOf, expected, nameOf } from './stored.js';

/**
 * @typedef {import('./end-picker.js').Encoded} Encoded
 * @typedef {import('./own/dialog.js').Taken} Taken
 */

/**
 * The choice of a figure's only picture: a stored one, a drawing, or a picture of the reader's, which no link contains. Its controls have
 * the names of the first end of a path.
 */
export class PictureChoice {
  #owner;
  #onChange;
  #picker;
  #own;
  /** The drawing or the picture of the reader's that is shown, as the network saw it. @type {Encoded | null} */
  #encoded = null;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  /** @type {import('./pad-dialog.js').PadDialog | null} */
  #pad = null;
  /** @type {import('./view.js').FigureData | null} */
  #data = null;

  /**
   * @param {import('./distant-view.js').Owner} owner
   * @param {(changed: Partial<import('../../state/state.js').FigureState>) => void} onChange gets the attributes of another picture
   * @param {{hasPair: boolean}} options true if a stored picture's original is shown beside its redrawing
   */
  constructor(owner, onChange, { hasPair }) {
    this.#owner = owner;
    this.#onChange = onChange;
    const { model, from: value } = owner.state();
    this.#picker = new EndPicker({
      ...{ legend: say('Picture'), name: 'from', value, expected: expected(model) },
      onPick: (from) => this.#replace(null, { from }),
      onDraw: () => this.#draw(),
      onOwn: () => this.#own.open('from'),
      decode: (latents, purpose = 'small') => this.#decode(latents, purpose),
      mayHaveOriginals: hasPair && picturesAddress(model) !== null,
      originals: async () => (hasPair ? this.#pictures() : null),
    });
    this.#own = new OwnPictures(owner, {
      places: () => ({ from: { title: say('Your picture'), control: 'from-own' } }),
      data: () => this.#data,
      own: () => this.#taken,
      onTake: (_, taken) => this.#replace(taken, {}),
    });
    this.node = this.#picker.node;
  }

  /** @param {import('./view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    this.#picker.offer(this.stored, this.image.channels === 1);
    this.show();
  }

  /** Shows the choice of the current state. */
  show() {
    const { from, z } = this.#owner.state();
    this.#picker.set(from, this.#taken !== null || z.from !== null, this.#encoded);
  }

  /**
   * The host has changed attributes, which replace the reader's picture.
   * @param {ReadonlySet<string>} changed
   */
  update(changed) {
    if (changed.has('from') || changed.has('z')) this.#encoded = null;
    this.show();
  }

  destroy() {
    this.#own.destroy();
  }

  /** Paints the small pictures, after the large ones. */
  paint() {
    return this.#picker.paint();
  }

  /** Names of the stored picture that a link shows in place of the reader's. */
  get unlinked() {
    return this.#taken ? [nameOf(this.stored, this.#owner.state().from)] : [];
  }

  /** True if a drawing is shown beside its redrawing. */
  get hasDrawing() {
    return this.#encoded !== null && !this.#taken;
  }

  /** The encoder's code of the picture. */
  get code() {
    const { from, z } = this.#owner.state();
    return codeOf(this.stored, from, this.#taken?.code ?? z.from);
  }

  get name() {
    const { from, z } = this.#owner.state();
    if (this.#taken) return say('your picture');
    return z.from ? say('your drawing') : nameOf(this.stored, from);
  }

  /** The drawing or the picture of the reader's as the network saw it, RGBA; null for a stored picture. */
  get seen() {
    return this.#encoded?.seen ?? null;
  }

  get stored() {
    return /** @type {import('./stored.js').StoredLatents} */ (this.#data?.stored);
  }

  get image() {
    return /** @type {import('./view.js').FigureData} */ (this.#data).models[this.#owner.state().model].config.image;
  }

  /** The pictures behind the stored codes, if available. */
  #pictures() {
    const { model } = this.#owner.state();
    return (this.#originals ??= originalsOf(model, this.stored, this.image, picturesAddress(model)));
  }

  get #taken() {
    return this.#encoded && 'source' in this.#encoded ? /** @type {Taken} */ (this.#encoded) : null;
  }

  /**
   * @param {Encoded | null} encoded a drawing or a picture of the reader's
   * @param {Partial<import('../../state/state.js').FigureState>} changed
   * @param {number[] | null} [code] of a drawing, which links contain
   */
  #replace(encoded, changed, code = null) {
    this.#encoded = encoded;
    this.#onChange({ ...changed, z: { from: code, to: null } });
    this.show();
  }

  /**
   * Decodes small pictures.
   * @param {Float32Array} latents
   * @param {string} purpose
   */
  async #decode(latents, purpose) {
    const { model } = this.#owner.state();
    const rgba = await this.#owner.ask('decode', { model, latents }, `${purpose} picture`);
    return { image: this.image, rgba };
  }

  #draw() {
    if (!this.#data) return;
    const { model } = this.#owner.state();
    this.#owner.loadOptional(import('./pad-dialog.js'), ({ PadDialog }) => {
      this.#pad ??= new PadDialog();
      this.#pad.open(this.#owner.node, model, this.image, (code, seen) =>
        this.#replace({ code: Array.from(code), seen }, {}, Array.from(code)),
      );
    });
  }
}
