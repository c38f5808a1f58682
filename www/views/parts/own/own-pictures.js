import { say } from '../../../state/texts.js';
import { Incoming } from '../incoming.js';
import { isOffered } from '../offered.js';
import { ownStyle } from './style.js';

/**
 * @typedef {'from' | 'to'} End
 * @typedef {import('./dialog.js').Taken} Taken
 *
 * @typedef {object} Owner the part of a view that its pictures use
 * @property {HTMLElement} node
 * @property {() => import('../../../state/state.js').FigureState} state
 * @property {import('../view.js').View['loadOptional']} loadOptional
 *
 * @typedef {object} Ends of the view's path
 * @property {() => import('../view.js').FigureData | null} data
 * @property {(end: End) => Taken | null} own the reader's picture that an end shows
 * @property {(end: End, taken: Taken) => void} onTake
 */

/** Pictures of the reader's in place of a figure's ends: chosen in a dialog, dropped on the figure, or pasted while it has the focus. */
export class OwnPictures {
  #owner;
  #ends;
  #incoming;
  /** @type {import('./dialog.js').OwnDialog | null} */
  #dialog = null;
  #isGone = false;

  /** @param {Owner} owner @param {Ends} ends */
  constructor(owner, ends) {
    this.#owner = owner;
    this.#ends = ends;
    const root = owner.node.getRootNode();
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(ownStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, ownStyle];
    }
    this.#incoming = new Incoming({
      needsFocus: true,
      accepts: () => this.#offered.length > 0 && Boolean(this.#ends.data()?.stored),
      targetOf: (event) => this.#endAt(event),
      onFiles: (files, end) => {
        if (files.length > 0) this.open(/** @type {End} */ (end), files);
      },
    });
    this.#incoming.catch(owner.node);
  }

  /**
   * Opens the dialog for one end, or gives files to the one that is open.
   * @param {End} end
   * @param {File[]} [files]
   */
  open(end, files = []) {
    if (this.#dialog?.node.open) return this.#dialog.addFiles(files);
    this.#owner.loadOptional(import('./dialog.js'), ({ OwnDialog }) => {
      const subject = this.#subject(end, files.length > 0);
      if (this.#isGone || !subject) return;
      this.#dialog ??= new OwnDialog();
      this.#dialog.open(this.#owner.node, subject);
      this.#dialog.addFiles(files);
    });
  }

  destroy() {
    this.#isGone = true;
    this.#incoming.destroy();
    this.#dialog?.destroy();
  }

  /**
   * @param {End} end
   * @param {boolean} isOther true if another picture has come
   */
  #subject(end, isOther) {
    const data = this.#ends.data();
    if (!data?.stored) return null;
    const { model } = this.#owner.state();
    return {
      ...{ model, image: data.models[model].config.image, stored: data.stored },
      end: end === 'from' ? say('Your picture as the first') : say('Your picture as the last'),
      source: isOther ? null : (this.#ends.own(end)?.source ?? null),
      onTake: (/** @type {Taken} */ taken) => this.#ends.onTake(end, taken),
    };
  }

  /** The ends that the host offers. @returns {End[]} */
  get #offered() {
    const { controls } = this.#owner.state();
    return /** @type {End[]} */ (['from', 'to']).filter((end) => isOffered(controls, `${end}-own`));
  }

  /**
   * The end under the pointer or with the focus, else the one whose half of the figure the pointer is in.
   * @param {MouseEvent | null} event
   * @returns {End}
   */
  #endAt(event) {
    const root = /** @type {Document | ShadowRoot} */ (this.#owner.node.getRootNode());
    const at = event ? /** @type {Element | null} */ (event.target) : root.activeElement;
    const own = at?.closest('[data-end]')?.getAttribute('data-end');
    const [first] = this.#offered;
    const wanted = own ?? (event && this.#isInLaterHalf(event) ? 'to' : 'from');
    return this.#offered.find((end) => end === wanted) ?? first;
  }

  /** @param {MouseEvent} event */
  #isInLaterHalf({ clientX }) {
    const { left, width } = this.#owner.node.getBoundingClientRect();
    const isRight = clientX > left + width / 2;
    return getComputedStyle(this.#owner.node).direction === 'rtl' ? !isRight : isRight;
  }
}
