import { say } from '../../../state/texts.js';
import { Incoming } from '../incoming.js';
import { isOffered } from '../offered.js';

/**
 * @typedef {import('./dialog.js').Taken} Taken
 *
 * @typedef {object} Owner the part of a view that its pictures use
 * @property {HTMLElement} node
 * @property {() => import('../../../state/state.js').FigureState} state
 * @property {import('../view.js').View['loadOptional']} loadOptional
 *
 *
 * @typedef {object} Place
 * @property {string} title of the dialog
 * @property {string} control that must be offered
 */

/**
 * @template {string} E
 * @typedef {object} Ends of the view's path, or other places for a picture
 * @property {() => import('../view.js').FigureData | null} data
 * @property {(end: E) => Taken | null} own the reader's picture that an end shows
 * @property {(end: E, taken: Taken) => void} onTake
 * @property {() => Record<E, Place>} [places] the first gets pictures dropped beside all of them; missing for the two ends of a path
 */

/**
 * Pictures of the reader's in place of a figure's ends: chosen in a dialog, dropped on the figure, or pasted while it has the focus.
 * @template {string} [E='from' | 'to']
 */
export class OwnPictures {
  #owner;
  #ends;
  #incoming;
  /** @type {import('./dialog.js').OwnDialog | null} */
  #dialog = null;
  #isGone = false;

  /** @param {Owner} owner @param {Ends<E>} ends */
  constructor(owner, ends) {
    this.#owner = owner;
    this.#ends = ends;
    this.#incoming = new Incoming({
      needsFocus: true,
      accepts: () => this.#offered.length > 0 && Boolean(this.#ends.data()?.stored),
      targetOf: (event) => this.#endAt(event),
      onFiles: (files, end) => {
        if (files.length > 0) this.open(/** @type {E} */ (end), files);
      },
    });
    this.#incoming.catch(owner.node);
  }

  /**
   * Opens the dialog for one end, or gives files to the one that is open.
   * @param {E} end
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
   * @param {E} end
   * @param {boolean} isOther true if there is a new picture
   */
  #subject(end, isOther) {
    const data = this.#ends.data();
    if (!data?.stored) return null;
    const { model } = this.#owner.state();
    return {
      ...{ model, image: data.models[model].config.image, stored: data.stored },
      end: this.#places[end].title,
      source: isOther ? null : (this.#ends.own(end)?.source ?? null),
      onTake: (/** @type {Taken} */ taken) => this.#ends.onTake(end, taken),
    };
  }

  /** @returns {Record<E, Place>} */
  get #places() {
    return this.#ends.places?.() ?? /** @type {Record<E, Place>} */ (endsOfPath());
  }

  /** The ends that the host offers. @returns {E[]} */
  get #offered() {
    const { controls } = this.#owner.state();
    const places = this.#places;
    return /** @type {E[]} */ (Object.keys(places)).filter((end) => isOffered(controls, places[end].control));
  }

  /**
   * The end under the pointer or with the focus, or else the one in whose half of the figure the pointer is.
   * @param {MouseEvent | null} event
   * @returns {E}
   */
  #endAt(event) {
    const root = /** @type {Document | ShadowRoot} */ (this.#owner.node.getRootNode());
    const at = event ? /** @type {Element | null} */ (event.target) : root.activeElement;
    const own = at?.closest('[data-end]')?.getAttribute('data-end');
    const [first] = this.#offered;
    const half = this.#ends.places ? first : event && this.#isInLaterHalf(event) ? 'to' : 'from';
    const wanted = own ?? half;
    return this.#offered.find((end) => end === wanted) ?? first;
  }

  /** @param {MouseEvent} event */
  #isInLaterHalf({ clientX }) {
    const { left, width } = this.#owner.node.getBoundingClientRect();
    const isRight = clientX > left + width / 2;
    return getComputedStyle(this.#owner.node).direction === 'rtl' ? !isRight : isRight;
  }
}

/** The two ends of a path. @returns {Record<'from' | 'to', Place>} */
function endsOfPath() {
  return {
    from: { title: say('Your picture as the first'), control: 'from-own' },
    to: { title: say('Your picture as the last'), control: 'to-own' },
  };
}
