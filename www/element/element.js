import { latentsAddress, modelAddress } from '../assets.js';
import { attributeNames, mirrorAttributes, propertyOf } from '../state/attributes.js';
import { pageEngine } from '../engine/engine.js';
import { Failure, isSuperseded } from '../failure.js';
import { check, megabytesOf, needs, views } from './figures.js';
import { Frame, savesData } from './frame.js';
import { answered, perform } from './requests.js';
import { readState } from '../state/state.js';
import { learn, say, spoken, written } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { FailurePanel } from '../views/parts/failure-panel.js';
import { nameControls } from '../views/parts/names.js';
import { figureStyle } from '../views/style.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */
/** @typedef {import('../training/page/requests.js').ControllerRequest} ControllerRequest */
/** @typedef {import('../views/parts/request.js').LatentRequest} LatentRequest */

/** A figure is loaded, and runs, while it is on the screen or this close to it. */
const NEARBY = '200px';

/** Changes of these need another view; all others the view takes as they come. */
const DECISIVE = /** @type {const} */ (['figure', 'engine', 'model', 'compare']);

let lastNumber = 0;

/** A server that renders pages may import this and has no elements: it gets a class that nobody makes anything of. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * `<latent-lab>`: turns attributes into state, and joins one view with the page's engine. The view asks by events
 * that bubble to here; answers and data go down. Every attribute has a property of its name; docs/embedding.md has them all.
 *
 * Events: `load` when the first picture is on screen, `progress` while files come or a network trains, `change` when the reader
 * has changed something, `error` when the figure had to give up. Their details are in docs/embedding.md.
 */
export class LatentLabElement extends Base {
  static observedAttributes = attributeNames;

  /**
   * Where the site is that the embed dialog points to, ending with a slash; null where it is the one that this script is from. @type
   * {string | null}
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
  #complained = '';
  /** What the page's address has asked for already. */
  #taken = '';
  #isNear = false;
  /** There is a view, which stays when the element is moved in the document. */
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
  /** What the view was built in. */
  #language = '';
  #failure = new Failure('request', '');

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [figureStyle, this.#frame.rules];
    this.#root.addEventListener('latent-request', (event) => this.#answer(/** @type {LatentRequest} */ (event)));
    this.#root.addEventListener('latent-change', (event) => this.#tell(/** @type {CustomEvent} */ (event).detail));
    this.#root.addEventListener('latent-painted', () => this.#painted());
    this.#root.addEventListener('latent-retry', () => this.#rebuild(true));
    nameControls(this.#root);
    this.#observer = new IntersectionObserver((entries) => this.#look(entries[entries.length - 1].isIntersecting), {
      rootMargin: NEARBY,
    });
  }

  /** How far the figure has got. */
  get status() {
    return this.#status;
  }

  /** Everything that determines what is shown, as it is now. */
  get state() {
    return { ...(this.#view?.state ?? this.#state) };
  }

  /** @returns {Promise<this>} when there is a picture; fails when the figure does */
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

  /** The figure moves by itself from now on, where it can. */
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
    return toBlob(this.#shown(), isLight(this), type, options);
  }

  /** @param {import('./methods.js').FilmOptions} [options] */
  async toGIF(options = {}) {
    const { toGif } = await import('./methods.js');
    return toGif(this.#shown(), isLight(this), options);
  }

  connectedCallback() {
    pageEngine.acquire();
    addEventListener('hashchange', this.#take);
    if (!this.#isPlaced) this.#place();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    removeEventListener('hashchange', this.#take);
    this.#observer.disconnect();
    pageEngine.release();
    // An element that a script moves is in its new place by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /** Moved by `moveBefore`, it has never left. */
  connectedMoveCallback() {}

  #place() {
    this.#isPlaced = true;
    if (this.#changed.size > 0) this.#state = this.#read();
    this.#changed.clear();
    this.#take();
    this.#controller?.then((controller) => controller.reconnect()).catch(() => {});
    this.#rebuild(false);
  }

  /** It is out of the document, perhaps for a while: what it showed goes, a training run is kept. */
  #leave() {
    if (!this.#isPlaced) return;
    this.#isPlaced = false;
    this.#isNear = false;
    this.#clear();
    this.#root.replaceChildren();
    this.#controller?.then((controller) => controller.disconnect()).catch(() => {});
  }

  /**
   * Several attributes that change together become one update.
   * @param {string} name
   */
  attributeChangedCallback(name) {
    if (this.#changed.size === 0) queueMicrotask(() => this.#reread());
    this.#changed.add(name);
  }

  /** Checked values of all attributes; what makes no sense is named once. */
  #read() {
    /** @type {string[]} */
    const problems = [];
    const state = readState(this, (problem) => problems.push(problem));
    const said = problems.join(', ');
    if (said && said !== this.#complained) {
      console.warn(`latent-lab: ${said} makes no sense here, something near it or the default is taken`);
    }
    this.#complained = said;
    return state;
  }

  /** What the reader has changed stays, but for what the host has just set. */
  #reread() {
    if (this.#changed.size === 0 || !this.isConnected) return;
    const changed = new Set([...this.#changed].map(propertyOf));
    this.#changed.clear();
    if (changed.has('figure')) changed.add('model');
    if (changed.has('model')) changed.add('compare');
    const [now, read] = [this.state, this.#read()];
    const news = Object.entries(read).filter(([name]) => changed.has(name));
    const state = { ...now, ...Object.fromEntries(news) };
    const isSame = DECISIVE.every((name) => now[name] === state[name]);
    if (isSame && this.#view) {
      this.#state = state;
      this.#frame.fit(this.#view, state);
      return this.#view.update(state, changed);
    }
    this.#clear();
    this.#state = state;
    this.#rebuild(false);
  }

  /** What the page's address asks of this figure. */
  #take = async () => {
    // Every other address is the page's own.
    const { hash } = location;
    if (!hash.startsWith('#latent-lab?') || hash === this.#taken) return;
    this.#taken = hash;
    const { takeAddress } = await import('../state/address.js');
    if (this.isConnected) takeAddress(this, hash);
  };

  /** @param {boolean} isNear */
  #look(isNear) {
    this.#isNear = isNear;
    const { loading } = this.#state;
    if (this.#status === 'idle' && (isNear || loading === 'eager')) this.#load();
    this.#view?.run(isNear);
  }

  /**
   * A fresh view, without data yet; it has its final size at once, so that nothing moves when the data comes.
   * @param {boolean} takeFocus where the reader has just pressed a button that is gone now
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
    if (this.#isNear || this.#state.loading === 'eager') this.#look(this.#isNear);
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

  /** A reader who saves data says when. */
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
    const options = { slot, signal, elsewhere: this.#frame.elsewhere, done: this.#done };
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
   * Passes a request to the training controller. The answer tells of a failure, and the figure stays.
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

  /** The run is another's, or of another figure: it stays in the database. */
  #dismiss() {
    this.#controller?.then((controller) => controller.disconnect()).catch(() => {});
    this.#controller = null;
  }

  /** @param {import('../training/page/controller.js').RunStatus} status */
  #hear(status) {
    this.#view?.hear(status);
    this.#emit('progress', { stage: 'training', phase: status.phase, step: status.step });
  }

  /**
   * The CPU has worked.
   * @param {string} action
   * @param {number} milliseconds
   */
  #done = (action, milliseconds) => {
    if (action === 'decode') this.#frame.ran(milliseconds);
  };

  #painted() {
    if (this.#status !== 'loading') return;
    this.#status = 'ready';
    this.#loading.textContent = '';
    const { figure, model } = this.state;
    this.#emit('load', { figure, model });
    if (this.#view) this.#frame.painted(this.#view, this.#aborter.signal);
  }

  /** @param {Partial<FigureState>} changed */
  #tell(changed) {
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

  #shown() {
    if (!this.#view || this.#status !== 'ready') throw new Error('the figure shows nothing yet; see whenReady()');
    return this.#view;
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal of the view that it happened to
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
 * What a figure's training run is kept as: the runs of several figures, and those of several prepared links, are not one.
 * @param {import('../state/state.js').FigureState} state as the attributes have it: what the reader has set since does not make it another
 *   run
 */
function runOf({ lesson, plan }) {
  return [...(lesson === 'free' ? [] : [lesson]), plan].filter(Boolean).join(' ');
}

/**
 * Whether pictures are ink on paper here.
 * @param {Element} element
 */
function isLight(element) {
  const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue < 384;
}
