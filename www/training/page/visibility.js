/**
 * Tells whether a training figure can be seen: it is in the document and near the screen, and the page is shown. The training controller
 * owns one. It must not decide whether the run takes steps.
 */

export class Visibility {
  #isPlaced = true;
  #isShown = !document.hidden;
  #onChange;
  #onPageHide;
  /** True while the figure is on screen or close to it. */
  isNear = true;

  /**
   * @param {object} listeners
   * @param {() => void} listeners.onChange the page has been shown or hidden
   * @param {() => void} listeners.onPageHide the page is about to go
   */
  constructor({ onChange, onPageHide }) {
    this.#onChange = () => {
      this.#isShown = !document.hidden;
      onChange();
    };
    // A page that enters the back/forward cache is suspended in the middle of a write, and in WebKit no other page could read the run
    // until the page comes back.
    this.#onPageHide = (/** @type {PageTransitionEvent} */ event) => {
      if (!event.persisted) onPageHide();
    };
  }

  /** True while the figure is in the document. */
  get isPlaced() {
    return this.#isPlaced;
  }

  get isVisible() {
    return this.#isPlaced && this.isNear && this.#isShown;
  }

  /** The figure is in the document. */
  open() {
    this.#isPlaced = true;
    this.#isShown = !document.hidden;
    document.addEventListener('visibilitychange', this.#onChange);
    addEventListener('pagehide', this.#onPageHide);
  }

  /** The figure has left the document. */
  close() {
    this.#isPlaced = false;
    document.removeEventListener('visibilitychange', this.#onChange);
    removeEventListener('pagehide', this.#onPageHide);
  }
}
