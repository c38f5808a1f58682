/** Tells a part how wide its place is: when the figure is placed, so that its first layout is its last, and on every change. */
export class WidthObserver {
  #width = 0;
  #element;
  #onWidth;
  #observer;

  /**
   * @param {Element} element without padding
   * @param {(width: number) => void} onWidth in CSS pixels of the layout, whatever the host's page is scaled by
   */
  constructor(element, onWidth) {
    this.#element = element;
    this.#onWidth = onWidth;
    // In the next frame: what follows changes sizes, and a change within the observer's own round is an error to the page.
    this.#observer = new ResizeObserver(() => requestAnimationFrame(() => this.measure()));
    this.#observer.observe(element);
  }

  measure() {
    if (!this.#element.isConnected) return;
    // Not what the element takes on the screen: a host may be transformed. What is not displayed has no width.
    const width = parseFloat(getComputedStyle(this.#element).width) || 0;
    if (width === this.#width) return;
    this.#width = width;
    this.#onWidth(width);
  }

  destroy() {
    this.#observer.disconnect();
  }
}
