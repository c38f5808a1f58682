import { Failure, isSuperseded } from '../failure.js';
import { learn, spoken } from '../state/texts.js';
import { emit, on } from '../views/parts/events.js';
import { FailurePanel } from '../views/parts/failure-panel.js';
import { views } from './figures.js';
import { Frame } from './frame.js';
import { Loading } from './loading.js';
import { perform } from './requests.js';
import { FigureRun } from './run.js';

/**
 * @typedef {import('../state/state.js').FigureState} FigureState
 * @typedef {import('../views/parts/request.js').LatentRequest} LatentRequest
 */

/** Attributes whose change needs a new view. The view applies all others itself. */
const STRUCTURAL = /** @type {const} */ (['figure', 'engine', 'model', 'compare']);

let lastNumber = 0;

/**
 * The figure in an element: its view, from the first empty one to the loaded or the failed one. The view's requests are events that
 * bubble up to the element's root and are answered here; data goes down.
 */
export class Figure {
  /** @type {'idle' | 'loading' | 'ready' | 'error'} */
  status = 'idle';
  /** Why the figure has failed, if it has. */
  failure = new Failure('request', '');
  #host;
  #root;
  #number = ++lastNumber;
  #state;
  /** @type {import('../views/parts/view.js').View | null} */
  #view = null;
  #aborter = new AbortController();
  #isNear = false;
  #run;
  #loading = new Loading();
  #frame;
  /** Language that the view was built in. */
  #language = '';

  /**
   * @param {import('./element.js').LatentLabElement} host emits the figure's events
   * @param {ShadowRoot} root
   * @param {FigureState} state
   */
  constructor(host, root, state) {
    this.#host = host;
    this.#root = root;
    this.#state = state;
    this.#frame = new Frame(host);
    this.#run = new FigureRun(host, (status) => this.#hear(status));
    this.#listen();
  }

  #listen() {
    const root = this.#root;
    root.addEventListener('latent-request', (event) => this.#answer(/** @type {LatentRequest} */ (event)));
    on(root, 'latent-change', (/** @type {Partial<FigureState>} */ changed) => this.#changedByReader(changed));
    on(root, 'latent-painted', () => this.#painted());
    on(root, 'latent-retry', () => this.#rebuild(true));
  }

  /** Rules that hide the controls that the host has left out. */
  get rules() {
    return this.#frame.rules;
  }

  /** Current values of everything that determines what is shown. */
  get state() {
    return { ...(this.#view?.state ?? this.#state) };
  }

  /** The view, if it has a picture. */
  get readyView() {
    if (!this.#view || this.status !== 'ready') throw new Error('the figure has no picture yet; see whenReady()');
    return this.#view;
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#view?.play(isPlaying);
  }

  /** The element is in the document now. @param {FigureState} state */
  place(state) {
    this.#state = state;
    this.#run.reconnect();
    this.#rebuild(false);
  }

  /** Removes the view of an element that has left the document. A training run is kept, since the element may return. */
  leave() {
    this.#isNear = false;
    this.#clear();
    this.#root.replaceChildren();
    this.#run.disconnect();
  }

  /**
   * Applies attributes that the host has changed.
   * @param {FigureState} state
   * @param {ReadonlySet<string>} changed names of its properties
   */
  update(state, changed) {
    const now = this.state;
    const isSame = STRUCTURAL.every((name) => now[name] === state[name]);
    if (!this.#view || !isSame) {
      this.#clear();
      this.#state = state;
      return this.#rebuild(false);
    }
    this.#state = state;
    this.#frame.fit(this.#view, state);
    this.#view.update(state, changed);
    // The host may have set `loading` to `eager`, as before printing.
    if (this.status === 'idle') this.setNear(this.#isNear);
  }

  /** @param {boolean} isNear the screen */
  setNear(isNear) {
    this.#isNear = isNear;
    const { loading } = this.#state;
    if (this.status === 'idle' && (isNear || loading === 'eager')) this.#load();
    this.#view?.run(isNear);
  }

  /**
   * Makes a new view, without data yet. It has its final size at once, so that nothing moves when the data arrives.
   * @param {boolean} takeFocus true if the reader has just pressed a button of the old view
   */
  #rebuild(takeFocus) {
    this.#clear();
    this.#run.dropOther(this.#state.figure);
    this.#aborter = new AbortController();
    this.#language = spoken();
    this.#view = new views[this.#state.figure](this.#state);
    this.#root.replaceChildren(...this.#frame.around(this.#view), this.#loading.node);
    this.#view.placed();
    this.status = 'idle';
    if (takeFocus) this.#view.node.focus();
    if (this.#isNear || this.#state.loading === 'eager') this.setNear(this.#isNear);
  }

  #clear() {
    this.#aborter.abort();
    this.#loading.clear();
    this.#frame.clear();
    this.#state = this.state;
    this.#view?.destroy();
    this.#view = null;
  }

  async #load() {
    this.status = 'loading';
    const { signal } = this.#aborter;
    await learn(this.#host);
    if (signal.aborted) return;
    if (this.#language !== spoken()) return this.#rebuild(false);
    const mustWait = this.#loading.mustWait(this.#state);
    if (this.#view) this.#view.node.inert = mustWait;
    if (mustWait) return this.#loading.offer(this.#state, () => this.#load());
    try {
      const data = await this.#loading.load(this.#state, signal, (done, of) =>
        emit(this.#host, 'progress', { stage: 'files', done, of }),
      );
      if (!signal.aborted) await this.#view?.receive(data);
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  /** @param {LatentRequest} request */
  async #answer(request) {
    const { signal } = this.#aborter;
    const slot = request.slot === undefined ? undefined : `${this.#number} ${request.slot}`;
    const options = { slot, signal, device: this.#frame.device, done: this.#done };
    try {
      request.resolve(await perform(/** @type {import('./requests.js').Call} */ (request), this.#run, options));
    } catch (error) {
      if (request.reject) request.reject(error);
      else this.#fail(error, signal);
    }
  }

  /** @param {import('../training/page/types.js').RunStatus} status */
  #hear(status) {
    this.#view?.hear(status);
    emit(this.#host, 'progress', { stage: 'training', phase: status.phase, step: status.step });
  }

  /** A device has computed. @type {import('../engine/types.js').Options['done']} */
  #done = (...work) => this.#frame.ran(...work);

  #painted() {
    if (this.status !== 'loading') return;
    this.status = 'ready';
    this.#loading.clear();
    const { figure, model } = this.state;
    emit(this.#host, 'load', { figure, model });
    if (this.#view) this.#frame.painted(this.#view, this.#aborter.signal);
  }

  /** @param {Partial<FigureState>} changed */
  #changedByReader(changed) {
    this.#frame.changed();
    emit(this.#host, 'change', changed);
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal of the view that failed
   */
  #fail(error, signal) {
    if (signal.aborted || isSuperseded(error)) return;
    const failure = Failure.from(error, 'request');
    this.#clear();
    this.failure = failure;
    this.status = 'error';
    const { model, compare } = this.#state;
    const { node } = new FailurePanel(failure.kind, failure.message, [model, compare ?? '']);
    this.#root.replaceChildren(node, this.#frame.name(this.#state));
    emit(this.#host, 'error', failure);
  }
}
