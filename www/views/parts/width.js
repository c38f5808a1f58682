/** Reports the width of an element: when the figure is added to the page, so that its first layout is final, and on every change. */
export class WidthObserver {
  #width = 0;
  #element;
  #onWidth;
  #observer;

  /**
   * @param {Element} element without padding
   * @param {(width: number) => void} onWidth gets CSS pixels of the layout, also in a scaled page
   */
  constructor(element, onWidth) {
    this.#element = element;
    this.#onWidth = onWidth;
    // In the next frame, since listeners change sizes, and a change within the observer's callback is reported as an error.
    this.#observer = new ResizeObserver(() => requestAnimationFrame(() => this.measure()));
    this.#observer.observe(element);
  }

  measure() {
    if (!this.#element.isConnected) return;
    // The width of the layout, since a host may be transformed. Elements that are not displayed have none.
    const width = parseFloat(getComputedStyle(this.#element).width) || 0;
    if (width === this.#width) return;
    this.#width = width;
    this.#onWidth(width);
  }

  destroy() {
    this.#observer.disconnect();
  }
}
