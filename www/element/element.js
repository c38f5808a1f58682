import { latentsAddress, modelAddress } from '../assets.js';
import { attributeNames, mirrorAttributes, propertyOf } from '../state/attributes.js';
import { pageEngine } from '../engine/engine.js';
import { Failure, isSuperseded } from '../failure.js';
import { check, megabytesOf, needs, views } from './figures.js';
import { Frame } from './frame.js';
import { answered, perform } from './requests.js';
import { savesData } from '../state/reader.js';
import { readState } from '../state/state.js';
import { learn, say, spoken, written } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { FailurePanel } from '../views/parts/failure-panel.js';
import { nameControls } from '../views/parts/names.js';
import { figureStyle } from '../views/parts/style.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */
/** @typedef {import('../training/page/requests.js').ControllerRequest} ControllerRequest */
/** @typedef {import('../views/parts/request.js').LatentRequest} LatentRequest */

/** A figure loads and runs while it is at most this far from the screen. */
const NEARBY = '200px';

/** Attributes whose change needs a new view. The view applies all others itself. */
const STRUCTURAL = /** @type {const} */ (['figure', 'engine', 'model', 'compare']);

let lastNumber = 0;

/** An empty class on servers, which may import this module but have no elements. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<latent-lab>`: turns attributes into state, and connects one view with the page's engine. The view's requests are events
 * that bubble up to here; answers and data go down. Events of the element: `load` with the first picture, `progress` while files
 * load or a network trains, `change` after a change by the reader, `error` if the figure has failed. Attributes, properties and
 * details of events are in docs/embedding.md.
 */
export class LatentLabElement extends Base {
  static observedAttributes = attributeNames;

  /**
   * Address of the site that the embed dialog refers to, ending with a slash; null for the one that this script is from.
   * @type {string | null}
   */
  static site = null;

  /** @type {'idle' | 'loading' | 'ready' | 'error'} */
  #status = 'idle';
  #number = ++lastNumber;
  #state = readState(this);
  /** @type {import('../views/parts/view.js').View | null} */
  #view = null;
  #aborter = new AbortController();
  /** Names of attributes that have changed. @type {Set<string>} */
  #changed = new Set();
  #warned = '';
  /** The last hash of the page's address that was applied. */
  #appliedHash = '';
  #isNear = false;
  /** True while there is a view. It stays when the element is moved in the document. */
  #isPlaced = false;
  #mayFetch = false;
  #root;
  #observer;
  /** @type {Promise<import('../training/page/controller.js').TrainingController> | null} */
  #controller = null;
  /** The name that its run is stored under. */
  #runName = '';
  #loading = h('p', { class: 'loading', role: 'status' });
  #frame = new Frame(this);
  /** Language that the view was built in. */
  #language = '';
  #failure = new Failure('request', '');

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [figureStyle, this.#frame.rules];
    this.#root.addEventListener('latent-request', (event) => this.#answer(/** @type {LatentRequest} */ (event)));
    this.#root.addEventListener('latent-change', (event) =>
      this.#changedByReader(/** @type {CustomEvent} */ (event).detail),
    );
    this.#root.addEventListener('latent-painted', () => this.#painted());
    this.#root.addEventListener('latent-retry', () => this.#rebuild(true));
    nameControls(this.#root);
    this.#observer = new IntersectionObserver((entries) => this.#setNear(entries[entries.length - 1].isIntersecting), {
      rootMargin: NEARBY,
    });
  }

  /** Progress of the figure. */
  get status() {
    return this.#status;
  }

  /** Current values of everything that determines what is shown. */
  get state() {
    return { ...(this.#view?.state ?? this.#state) };
  }

  /** @returns {Promise<this>} resolves with the first picture, rejects if the figure fails */
  whenReady() {
    if (this.#status === 'ready') return Promise.resolve(this);
    if (this.#status === 'error') return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const end = new AbortController();
      const then = (/** @type {() => void} */ settle) => () => {
        end.abort();
        settle();
      };
      this.addEventListener(
        'load',
        then(() => resolve(this)),
        end,
      );
      this.addEventListener(
        'error',
        then(() => reject(this.#failure)),
        end,
      );
    });
  }

  /** Starts the figure's animation, if it has one. */
  play() {
    this.#view?.play(true);
  }

  pause() {
    this.#view?.play(false);
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
    return toBlob(this.#readyView(), isLight(this), type, options);
  }

  /** @param {import('./methods.js').FilmOptions} [options] */
  async toGIF(options = {}) {
    const { toGif } = await import('./methods.js');
    return toGif(this.#readyView(), isLight(this), options);
  }

  connectedCallback() {
    pageEngine.acquire();
    addEventListener('hashchange', this.#applyHash);
    if (!this.#isPlaced) this.#place();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    removeEventListener('hashchange', this.#applyHash);
    this.#observer.disconnect();
    pageEngine.release();
    // By then, an element that a script moves is back in the document.
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /** Empty: an element that is moved by `moveBefore` stays connected. */
  connectedMoveCallback() {}

  #place() {
    this.#isPlaced = true;
    if (this.#changed.size > 0) this.#state = this.#read();
    this.#changed.clear();
    this.#applyHash();
    this.#controller?.then((controller) => controller.reconnect()).catch(() => {});
    this.#rebuild(false);
  }

  /** Removes the view of an element that has left the document. A training run is kept, since the element may return. */
  #leave() {
    if (!this.#isPlaced) return;
    this.#isPlaced = false;
    this.#isNear = false;
    this.#clear();
    this.#root.replaceChildren();
    this.#controller?.then((controller) => controller.disconnect()).catch(() => {});
  }

  /**
   * Collects attributes that change together into one update.
   * @param {string} name
   */
  attributeChangedCallback(name) {
    if (this.#changed.size === 0) queueMicrotask(() => this.#reread());
    this.#changed.add(name);
  }

  /** Checked values of all attributes. Warns once of the invalid ones. */
  #read() {
    /** @type {string[]} */
    const problems = [];
    const state = readState(this, (problem) => problems.push(problem));
    const invalid = problems.join(', ');
    if (invalid && invalid !== this.#warned) {
      console.warn(`latent-lab: invalid ${invalid}; the nearest valid value or the default is used`);
    }
    this.#warned = invalid;
    return state;
  }

  /** Applies attributes that the host has changed. Other changes by the reader stay. */
  #reread() {
    if (this.#changed.size === 0 || !this.isConnected) return;
    const changed = new Set([...this.#changed].map(propertyOf));
    this.#changed.clear();
    if (changed.has('figure')) changed.add('model');
    if (changed.has('model')) changed.add('compare');
    const [now, read] = [this.state, this.#read()];
    const fresh = Object.entries(read).filter(([name]) => changed.has(name));
    const state = { ...now, ...Object.fromEntries(fresh) };
    const isSame = STRUCTURAL.every((name) => now[name] === state[name]);
    if (isSame && this.#view) {
      this.#state = state;
      this.#frame.fit(this.#view, state);
      return this.#view.update(state, changed);
    }
    this.#clear();
    this.#state = state;
    this.#rebuild(false);
  }

  /** Applies the page's address, if it is meant for this figure. */
  #applyHash = async () => {
    // All other hashes belong to the page.
    const { hash } = location;
    if (!hash.startsWith('#latent-lab?') || hash === this.#appliedHash) return;
    this.#appliedHash = hash;
    const { takeAddress } = await import('../state/address.js');
    if (this.isConnected) takeAddress(this, hash);
  };

  /** @param {boolean} isNear */
  #setNear(isNear) {
    this.#isNear = isNear;
    const { loading } = this.#state;
    if (this.#status === 'idle' && (isNear || loading === 'eager')) this.#load();
    this.#view?.run(isNear);
  }

  /**
   * Makes a new view, without data yet. It has its final size at once, so that nothing moves when the data arrives.
   * @param {boolean} takeFocus true if the reader has just pressed a button of the old view
   */
  #rebuild(takeFocus) {
    this.#clear();
    if (this.#state.figure !== 'train' || this.#runName !== runOf(readState(this))) this.#dismiss();
    this.#aborter = new AbortController();
    this.#language = spoken();
    this.#view = new views[this.#state.figure](this.#state);
    this.#root.replaceChildren(...this.#frame.around(this.#view), this.#loading);
    this.#view.placed();
    this.#status = 'idle';
    if (takeFocus) this.#view.node.focus();
    if (this.#isNear || this.#state.loading === 'eager') this.#setNear(this.#isNear);
  }

  #clear() {
    this.#aborter.abort();
    this.#loading.textContent = '';
    this.#frame.clear();
    this.#state = this.state;
    this.#view?.destroy();
    this.#view = null;
  }

  async #load() {
    this.#status = 'loading';
    const { signal } = this.#aborter;
    await learn(this);
    if (signal.aborted) return;
    if (this.#language !== spoken()) return this.#rebuild(false);
    if (savesData() && !this.#mayFetch && this.#state.loading === 'lazy') return this.#offer();
    if (this.#view) this.#view.node.inert = false;
    this.#loading.textContent = say('Loading the network…');
    const { figure, model } = this.#state;
    const { models, stored } = needs[figure](this.#state);
    const of = models.length + Number(stored);
    let done = 0;
    /** @template T @param {Promise<T>} file */
    const counted = async (file) => {
      const value = await file;
      if (!signal.aborted) this.#emit('progress', { stage: 'files', done: ++done, of });
      return value;
    };
    try {
      const [latents, ...infos] = await Promise.all([
        stored ? counted(pageEngine.latents(latentsAddress(model), { signal })) : null,
        ...models.map((name) => counted(pageEngine.load(modelAddress(name), { signal }))),
      ]);
      if (infos.length > 0) check(this.#state, infos[0].config.latent, latents);
      const entries = models.map((name, i) => /** @type {const} */ ([name, infos[i]]));
      if (!signal.aborted) await this.#view?.receive({ models: Object.fromEntries(entries), stored: latents });
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  /** Offers a button for loading, to readers who save data. */
  #offer() {
    const size = megabytesOf(this.#state);
    const load = button(
      size ? say('Load the figure, about {size} MB', { size: written(size.toFixed(1)) }) : say('Load the figure'),
      'load',
      () => {
        this.#mayFetch = true;
        this.#loading.textContent = '';
        this.#load();
      },
    );
    load.classList.add('primary');
    delete load.dataset.control;
    this.#loading.replaceChildren(load);
    if (this.#view) this.#view.node.inert = true;
  }

  /** @param {LatentRequest} request */
  async #answer(request) {
    const { signal } = this.#aborter;
    const slot = request.slot === undefined ? undefined : `${this.#number} ${request.slot}`;
    const options = { slot, signal, device: this.#frame.device, done: this.#done };
    try {
      if (request.verb === 'train') {
        return request.resolve(await this.#train(/** @type {ControllerRequest} */ (request.args)));
      }
      if (request.verb === 'animate') {
        return request.resolve(await answered(() => pageEngine.animate(/** @type {any} */ (request.args), options)));
      }
      request.resolve(await perform(request.verb, request.args, options));
    } catch (error) {
      if (request.reject) request.reject(error);
      else this.#fail(error, signal);
    }
  }

  /**
   * Sends a request to the training controller. A failure does not end the figure.
   * @param {ControllerRequest} request
   */
  async #train({ command, args }) {
    this.#controller ??= this.#openController();
    const controller = await this.#controller;
    // The type of a request pairs each command with its arguments; TypeScript loses the pair here.
    const method = /** @type {(args: unknown) => unknown} */ (controller[command]);
    return answered(() => method.call(controller, args));
  }

  async #openController() {
    const name = runOf(readState(this));
    this.#runName = name;
    try {
      const { TrainingController } = await import('../training/page/controller.js');
      return new TrainingController(pageEngine, (status) => this.#hear(status), name);
    } catch (error) {
      this.#controller = null;
      throw Failure.from(error, 'unreachable');
    }
  }

  /** Drops the training controller if the view is for another run or figure. The run stays in the database. */
  #dismiss() {
    this.#controller?.then((controller) => controller.disconnect()).catch(() => {});
    this.#controller = null;
  }

  /** @param {import('../training/page/controller.js').RunStatus} status */
  #hear(status) {
    this.#view?.hear(status);
    this.#emit('progress', { stage: 'training', phase: status.phase, step: status.step });
  }

  /** A device has computed. @type {import('../engine/engine.js').Options['done']} */
  #done = (...work) => this.#frame.ran(...work);

  #painted() {
    if (this.#status !== 'loading') return;
    this.#status = 'ready';
    this.#loading.textContent = '';
    const { figure, model } = this.state;
    this.#emit('load', { figure, model });
    if (this.#view) this.#frame.painted(this.#view, this.#aborter.signal);
  }

  /** @param {Partial<FigureState>} changed */
  #changedByReader(changed) {
    this.#frame.changed();
    this.#emit('change', changed);
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #readyView() {
    if (!this.#view || this.#status !== 'ready') throw new Error('the figure has no picture yet; see whenReady()');
    return this.#view;
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal of the view that failed
   */
  #fail(error, signal) {
    if (signal.aborted || isSuperseded(error)) return;
    const failure = Failure.from(error, 'request');
    this.#clear();
    this.#failure = failure;
    this.#status = 'error';
    this.#root.replaceChildren(new FailurePanel(failure.kind, failure.message).node, this.#frame.name(this.#state));
    this.#emit('error', failure);
  }
}

mirrorAttributes(LatentLabElement.prototype);

/**
 * Name that a figure's training run is stored under: different figures and prepared links have different runs.
 * @param {import('../state/state.js').FigureState} state of the attributes; later changes by the reader do not start another run
 */
function runOf({ lesson, plan }) {
  return [...(lesson === 'free' ? [] : [lesson]), plan].filter(Boolean).join(' ');
}

/**
 * True if pictures are shown as ink on paper, as in light color schemes.
 * @param {Element} element
 */
function isLight(element) {
  const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue < 384;
}
