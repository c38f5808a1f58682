/** Applies links of the form `#latent-lab?…` in the page's address to a figure, when it is placed and whenever the hash changes. */
export class PageAddress {
  #element;
  /** The last hash that was applied. */
  #applied = '';

  /** @param {HTMLElement} element the figure */
  constructor(element) {
    this.#element = element;
  }

  connect() {
    addEventListener('hashchange', this.apply);
  }

  disconnect() {
    removeEventListener('hashchange', this.apply);
  }

  /** Applies the address if it is meant for this figure. */
  apply = async () => {
    // All other hashes belong to the page.
    const { hash } = location;
    if (!hash.startsWith('#latent-lab?') || hash === this.#applied) return;
    this.#applied = hash;
    const { takeAddress } = await import('../state/address.js');
    if (this.#element.isConnected) takeAddress(this.#element, hash);
  };
}
