/** Tells a part how wide its place is: when the figure is placed, so that its first layout is its last, and on every change. */
export class WidthObserver {
  #width = 0;
  #element;
  #onWidth;
  #observer;

  /**
   * @param {Element} element without padding
   * @param {(width: number) => void} onWidth in CSS pixels
   */
  constructor(element, onWidth) {
    this.#element = element;
    this.#onWidth = onWidth;
    // Not at once: what changes sizes while sizes are told makes browsers throw "ResizeObserver loop" at the page.
    this.#observer = new ResizeObserver(() => requestAnimationFrame(() => this.measure()));
    this.#observer.observe(element);
  }

  measure() {
    const { width } = this.#element.getBoundingClientRect();
    if (width === this.#width) return;
    this.#width = width;
    this.#onWidth(width);
  }

  destroy() {
    this.#observer.disconnect();
  }
}
