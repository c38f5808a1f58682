import { originalsAddress } from '../../assets.js';
import { say } from '../../state/texts.js';
import { EndPicker } from '../parts/end-picker.js';
import { originalsOf } from '../parts/originals.js';
import { codeOf, expected, nameOf } from '../parts/stored.js';

/**
 * @typedef {'from' | 'to'} End
 * @typedef {import('../parts/view.js').FigureData} FigureData
 */

/** The two ends of the path: a picker for each, and the pad that a drawing comes from. */
export class Ends {
  #view;
  #onChange;
  #pickers;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  /** @type {import('../parts/pad-dialog.js').PadDialog | null} */
  #pad = null;
  /** @type {FigureData | null} */
  #data = null;

  /**
   * @param {import('../parts/view.js').View} view
   * @param {() => void} onChange
   */
  constructor(view, onChange) {
    this.#view = view;
    this.#onChange = onChange;
    this.#pickers = { from: this.#picker('from', say('From')), to: this.#picker('to', say('To')) };
  }

  get nodes() {
    return [this.#pickers.from.node, this.#pickers.to.node];
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
    for (const end of /** @type {const} */ (['from', 'to'])) this.#pickers[end].set(state[end], state.z[end] !== null);
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
    return codeOf(this.#stored, state[end], state.z[end]);
  }

  /** @param {End} end */
  name(end) {
    const { state } = this.#view;
    return state.z[end] ? say('your drawing') : nameOf(this.#stored, state[end]);
  }

  get #stored() {
    return /** @type {import('../parts/stored.js').StoredLatents} */ (this.#data?.stored);
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
      onPick: (endpoint) => this.#change({ [end]: endpoint, z: { ...this.#view.state.z, [end]: null } }),
      onDraw: () => this.#draw(end),
      decode: (latents) => this.#decode(latents, end),
      originals: originalsAddress(model) ? () => (this.#originals ??= originalsOf(this.#view.state.model)) : null,
    });
  }

  /** @param {Partial<import('../../state/state.js').FigureState>} changed */
  #change(changed) {
    this.#view.change(changed);
    this.#onChange();
  }

  /**
   * Decodes the small pictures of one end.
   * @param {Float32Array} latents
   * @param {End} end
   */
  async #decode(latents, end) {
    const { model } = this.#view.state;
    const image = this.#image;
    return { image, rgba: await this.#view.ask('decode', { model, latents }, `small ${end}`) };
  }

  /** @param {End} end */
  #draw(end) {
    if (!this.#data) return;
    const { model } = this.#view.state;
    const image = this.#image;
    this.#view.loadOptional(import('../parts/pad-dialog.js'), ({ PadDialog }) => {
      this.#pad ??= new PadDialog();
      this.#pad.open(this.#view.node, model, image, (code) =>
        this.#change({ z: { ...this.#view.state.z, [end]: Array.from(code) } }),
      );
    });
  }
}
