import { pageEngine } from '../engine/engine.js';
import { attributeNames, mirrorAttributes } from '../state/attributes.js';
import { readState } from '../state/state.js';
import { nameControls } from '../views/parts/names.js';
import { figureStyle } from '../views/parts/style.js';
import { AttributeChanges } from './attribute-changes.js';
import { Figure } from './figure.js';
import { PageAddress } from './page-address.js';

/** A figure loads and runs while it is at most this far from the screen. */
const NEARBY = '200px';

/** An empty class on servers, which may import this module but have no elements. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<latent-lab>`: attributes, properties, methods and the callbacks of an element; figure.js does the work. Events of the element:
 * `load` with the first picture, `progress` while files load or a network trains, `change` after a change by the reader, `error` if
 * the figure has failed. Attributes, properties and details of events are in docs/embedding.md.
 */
export class LatentLabElement extends Base {
  static observedAttributes = attributeNames;

  /**
   * Address of the site that the embed dialog refers to, ending with a slash; null for the site of this script.
   * @type {string | null}
   */
  static site = null;

  #changes = new AttributeChanges(this, () => this.#reread());
  #address = new PageAddress(this);
  #figure;
  #observer;
  /** True while there is a view. It stays when the element is moved in the document. */
  #isPlaced = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    this.#figure = new Figure(this, root, readState(this));
    root.adoptedStyleSheets = [figureStyle, this.#figure.rules];
    nameControls(root);
    this.#observer = new IntersectionObserver(
      (entries) => this.#figure.setNear(entries[entries.length - 1].isIntersecting),
      { rootMargin: NEARBY },
    );
  }

  /** Progress of the figure. */
  get status() {
    return this.#figure.status;
  }

  /** Current values of everything that determines what is shown. */
  get state() {
    return this.#figure.state;
  }

  /** @returns {Promise<this>} resolves with the first picture, rejects if the figure fails */
  whenReady() {
    if (this.status === 'ready') return Promise.resolve(this);
    if (this.status === 'error') return Promise.reject(this.#figure.failure);
    return new Promise((resolve, reject) => {
      const end = new AbortController();
      const settle = (/** @type {Event} */ { type }) => {
        end.abort();
        if (type === 'load') resolve(this);
        else reject(this.#figure.failure);
      };
      for (const name of ['load', 'error']) this.addEventListener(name, settle, end);
    });
  }

  /** Starts the figure's animation, if it has one. */
  play() {
    this.#figure.play(true);
  }

  pause() {
    this.#figure.play(false);
  }

  /** @param {ArrayLike<number>} z codes of the figure's model, one after the other */
  async decode(z) {
    return (await import('./methods.js')).decode(this.state.model, z);
  }

  /** @param {Parameters<typeof import('./methods.js').encode>[1]} picture */
  async encode(picture) {
    return (await import('./methods.js')).encode(this.state.model, picture);
  }

  /**
   * @param {string} [type]
   * @param {import('./methods.js').StillOptions} [options]
   */
  async toBlob(type = 'image/png', options = {}) {
    const { toBlob } = await import('./methods.js');
    return toBlob(this.#figure.readyView, this, type, options);
  }

  /** @param {import('./methods.js').FilmOptions} [options] */
  async toGIF(options = {}) {
    const { toGif } = await import('./methods.js');
    return toGif(this.#figure.readyView, this, options);
  }

  connectedCallback() {
    pageEngine.acquire();
    this.#address.connect();
    if (!this.#isPlaced) this.#place();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#address.disconnect();
    this.#observer.disconnect();
    pageEngine.release();
    // By then, an element that a script is moving is back in the document.
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /** Empty: an element that is moved by `moveBefore` stays connected. */
  connectedMoveCallback() {}

  #place() {
    this.#isPlaced = true;
    const state = this.#changes.isEmpty ? this.state : this.#changes.takeAll();
    this.#address.apply();
    this.#figure.place(state);
  }

  #leave() {
    if (!this.#isPlaced) return;
    this.#isPlaced = false;
    this.#figure.leave();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    this.#changes.add(name);
  }

  /** Applies attributes that the host has changed. */
  #reread() {
    if (this.#changes.isEmpty || !this.isConnected) return;
    const { state, changed } = this.#changes.take(this.state);
    this.#figure.update(state, changed);
  }
}

mirrorAttributes(LatentLabElement.prototype);
