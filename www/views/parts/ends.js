import { originalsAddress } from '../../assets.js';
import { say } from '../../state/texts.js';
import { EndPicker } from './end-picker.js';
import { isOffered } from './offered.js';
import { originalsOf } from './originals.js';
import { OwnPictures } from './own/own-pictures.js';
import { codeOf, expected, nameOf } from './stored.js';

/**
 * @typedef {'from' | 'to'} End
 * @typedef {import('./view.js').FigureData} FigureData
 * @typedef {import('./end-picker.js').Encoded} Encoded
 */

const ENDS = /** @type {const} */ (['from', 'to']);

/**
 * The two ends of the path: a picker for each, the pad for drawings, and pictures of the reader's. These pictures are not in the figure's
 * state, so no link contains them.
 */
export class Ends {
  #view;
  #onChange;
  #onDraw;
  #pickers;
  /** Drawings and pictures that the ends show, as the network saw them. @type {Record<End, Encoded | null>} */
  #encoded = { from: null, to: null };
  /** @type {OwnPictures | null} */
  #own = null;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  /** @type {import('./pad-dialog.js').PadDialog | null} */
  #pad = null;
  /** @type {FigureData | null} */
  #data = null;
  #isGone = false;

  /**
   * @param {import('./view.js').View} view
   * @param {() => void} onChange
   * @param {() => void} [onDraw] the pad is about to be opened
   */
  constructor(view, onChange, onDraw = () => {}) {
    this.#view = view;
    this.#onChange = onChange;
    this.#onDraw = onDraw;
    this.#pickers = { from: this.#picker('from', say('From')), to: this.#picker('to', say('To')) };
  }

  get nodes() {
    return [this.#pickers.from.node, this.#pickers.to.node];
  }

  /** The ends of which the host offers no control. */
  get missing() {
    const { controls } = this.#view.state;
    return ENDS.filter(
      (end) => !isOffered(controls, end, ...['another', 'draw', 'own'].map((name) => `${end}-${name}`)),
    );
  }

  /** @param {FigureData} data */
  receive(data) {
    this.#data = data;
    if (!data.stored) return;
    for (const picker of Object.values(this.#pickers)) picker.offer(data.stored, this.#image.channels === 1);
  }

  /** Shows the ends of the current state. */
  apply() {
    const { state } = this.#view;
    for (const end of ENDS) this.#pickers[end].set(state[end], this.#isReplaced(end), this.#encoded[end]);
  }

  /**
   * The host has changed attributes, which replace the reader's pictures.
   * @param {ReadonlySet<string>} changed
   */
  update(changed) {
    for (const end of ENDS) if (changed.has(end) || changed.has('z')) this.#encoded[end] = null;
  }

  /** From now on takes pictures that are dropped or pasted. */
  listen() {
    this.#ownPictures();
  }

  destroy() {
    this.#isGone = true;
    this.#own?.destroy();
  }

  /** Names of the stored pictures that a link shows in place of the reader's. */
  get unlinked() {
    const { state } = this.#view;
    return ENDS.filter((end) => this.#taken(end)).map((end) => nameOf(this.#stored, state[end]));
  }

  /** True if an end shows a drawing beside its redrawing. */
  get hasDrawing() {
    return ENDS.some((end) => this.#encoded[end] !== null && !this.#taken(end));
  }

  /** The code of the only end that is a drawing; null if there is none, or if both are. */
  get onlyDrawing() {
    const [from, to] = ENDS.map((end) => (this.#taken(end) ? null : this.#view.state.z[end]));
    return from && to ? null : (from ?? to);
  }

  /** True if both ends are drawings. */
  get areDrawings() {
    const { z } = this.#view.state;
    return ENDS.every((end) => z[end] !== null && !this.#taken(end));
  }

  /** Paints the small pictures, after the large ones. */
  paint() {
    for (const picker of Object.values(this.#pickers)) picker.paint();
  }

  /**
   * The latent of one end.
   * @param {End} end
   */
  code(end) {
    const { state } = this.#view;
    return codeOf(this.#stored, state[end], this.#taken(end)?.code ?? state.z[end]);
  }

  /** @param {End} end */
  name(end) {
    const { state } = this.#view;
    if (this.#taken(end)) return say('your picture');
    return state.z[end] ? say('your drawing') : nameOf(this.#stored, state[end]);
  }

  /** The reader's picture that an end shows. @param {End} end */
  #taken(end) {
    const encoded = this.#encoded[end];
    return encoded && 'source' in encoded ? /** @type {import('./own/dialog.js').Taken} */ (encoded) : null;
  }

  /** True if an end shows a picture other than a stored one. @param {End} end */
  #isReplaced(end) {
    return this.#taken(end) !== null || this.#view.state.z[end] !== null;
  }

  get #stored() {
    return /** @type {import('./stored.js').StoredLatents} */ (this.#data?.stored);
  }

  get #image() {
    return /** @type {FigureData} */ (this.#data).models[this.#view.state.model].config.image;
  }

  /**
   * @param {End} end
   * @param {string} legend
   */
  #picker(end, legend) {
    const { model, [end]: value } = this.#view.state;
    return new EndPicker({
      ...{ legend, name: end, value, expected: expected(model) },
      onPick: (endpoint) => this.#replace(end, null, { [end]: endpoint }),
      onDraw: () => this.draw(end),
      onOwn: () => this.#open(end),
      decode: (latents, purpose = 'small') => this.#decode(latents, `${purpose} ${end}`),
      mayHaveOriginals: originalsAddress(model) !== null,
      originals: () => (this.#originals ??= originalsOf(this.#view.state.model, this.#stored, this.#image)),
    });
  }

  /**
   * Shows another picture at an end.
   * @param {End} end
   * @param {Encoded | null} encoded a drawing or a picture of the reader's
   * @param {Partial<import('../../state/state.js').FigureState>} changed
   * @param {number[] | null} [z] the code of a drawing, which links contain
   */
  #replace(end, encoded, changed, z = null) {
    this.#encoded[end] = encoded;
    this.#view.change({ ...changed, z: { ...this.#view.state.z, [end]: z } });
    this.#onChange();
  }

  /**
   * Decodes small pictures of one end.
   * @param {Float32Array} latents
   * @param {string} slot
   */
  async #decode(latents, slot) {
    const { model } = this.#view.state;
    const image = this.#image;
    return { image, rgba: await this.#view.ask('decode', { model, latents }, slot) };
  }

  /** @param {End} end */
  #open(end) {
    this.#ownPictures()?.open(end);
  }

  #ownPictures() {
    if (this.#isGone) return null;
    const view = this.#view;
    this.#own ??= new OwnPictures(
      { node: view.node, state: () => view.state, loadOptional: (...args) => view.loadOptional(...args) },
      {
        data: () => this.#data,
        own: (end) => this.#taken(end),
        onTake: (end, taken) => this.#replace(end, taken, {}),
      },
    );
    return this.#own;
  }

  /** Opens the pad. @param {End} end */
  draw(end) {
    if (!this.#data) return;
    const { model } = this.#view.state;
    const image = this.#image;
    this.#onDraw();
    this.#view.loadOptional(import('./pad-dialog.js'), ({ PadDialog }) => {
      this.#pad ??= new PadDialog();
      this.#pad.open(this.#view.node, model, image, (code, seen) =>
        this.#replace(end, { code: Array.from(code), seen }, {}, Array.from(code)),
      );
    });
  }
}
