/**
 * The two ends of the decoder panel's path: stored pictures, drawings, or the reader's pictures, each with its code, name and small
 * pictures. The reader's pictures stay here: they must not enter the state, from which links are made.
 */

import { say } from '../../state/texts.js';
import { originalsOf } from '../parts/originals.js';
import { OwnPictures } from '../parts/own/own-pictures.js';
import { codeOf, nameOf, placeOf } from '../parts/stored.js';
import { EndPickers } from './end-pickers.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 * @typedef {import('../parts/own/dialog.js').Taken} Taken
 * @typedef {'from' | 'to'} End
 */

const ENDS = /** @type {const} */ (['from', 'to']);

export class PathEnds {
  #owner;
  #state;
  #onReplace;
  #pickers = new EndPickers({
    pick: (end, endpoint) => this.#replace(end, null, { [end]: endpoint }),
    own: (end) => this.#own?.open(end),
  });
  #taken = { from: /** @type {Taken | null} */ (null), to: /** @type {Taken | null} */ (null) };
  /** @type {OwnPictures<End> | null} */
  #own = null;
  /** @type {ReturnType<typeof originalsOf> | undefined} */
  #originals;
  /** @type {import('../parts/view.js').FigureData | null} */
  #data = null;
  node = this.#pickers.node;

  /**
   * @param {import('./figure.js').Owner} owner
   * @param {() => FigureState} state
   * @param {(changed: Partial<FigureState>) => void} onReplace another picture is at an end
   */
  constructor(owner, state, onReplace) {
    this.#owner = owner;
    this.#state = state;
    this.#onReplace = onReplace;
  }

  /** @param {import('../parts/view.js').FigureData} data */
  receive(data) {
    this.#data = data;
    this.#own ??= new OwnPictures(
      { node: this.#owner.node, state: this.#state, loadOptional: this.#owner.loadOptional },
      {
        data: () => this.#data,
        own: (end) => this.#taken[end],
        onTake: (end, taken) => this.#replace(end, taken, {}),
      },
    );
    this.#pickers.offer(this.#stored);
  }

  /** Drops the reader's pictures if the host has set others. @param {ReadonlySet<string>} changed attributes */
  forget(changed) {
    for (const end of ENDS) if (changed.has(end) || changed.has('z')) this.#taken[end] = null;
  }

  /** Shows which pictures are chosen. */
  show() {
    this.#pickers.show(this.#state(), this.#taken);
  }

  /**
   * Paints small pictures of both ends beside their names.
   * @param {Float32Array[]} codes of both
   * @param {() => boolean} isStale true once the path is another one
   */
  async paint([from, to], isStale) {
    const { model } = this.#state();
    const latents = Float32Array.of(...from, ...to);
    const pictures = await this.#owner.ask('decode', { model, latents }, 'decoder ends');
    const { image } = /** @type {import('../parts/view.js').FigureData} */ (this.#data).models[model].config;
    const draw = await (this.#originals ??= originalsOf(model, this.#stored, image));
    if (isStale()) return;
    this.#pickers.paint(image, pictures, (end, original) => {
      const taken = this.#taken[end];
      const state = this.#state();
      if (taken) original.paint(image, taken.seen);
      else if (!state.z[end]) draw?.(placeOf(this.#stored, state[end]), original);
      return taken !== null || (draw !== null && !state.z[end]);
    });
  }

  /** @param {End} end */
  code(end) {
    const state = this.#state();
    return codeOf(this.#stored, state[end], this.#taken[end]?.code ?? state.z[end]);
  }

  /** @param {End} end */
  name(end) {
    const state = this.#state();
    if (this.#taken[end]) return say('your picture');
    return state.z[end] ? say('your drawing') : nameOf(this.#stored, state[end]);
  }

  /** Names of the stored pictures that a link shows in place of the reader's. */
  get unlinked() {
    return ENDS.filter((end) => this.#taken[end]).map((end) => nameOf(this.#stored, this.#state()[end]));
  }

  destroy() {
    this.#own?.destroy();
  }

  get #stored() {
    return /** @type {import('../parts/stored.js').StoredLatents} */ (this.#data?.stored);
  }

  /**
   * @param {End} end
   * @param {Taken | null} taken a picture of the reader's
   * @param {Partial<FigureState>} changed
   */
  #replace(end, taken, changed) {
    this.#taken[end] = taken;
    this.#onReplace({ ...changed, z: { ...this.#state().z, [end]: null } });
  }
}
