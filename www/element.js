import { latentsAddress, modelAddress } from './assets.js';
import { pageEngine } from './engine.js';
import { Failure, isSuperseded } from './failure.js';
import { attributeNames, readState } from './state.js';
import { learn, say, spoken } from './texts.js';
import { figureStyle } from './views/style.js';
import { h } from './views/parts/dom.js';
import { FailurePanel } from './views/parts/failure-panel.js';
import { LatentRequest } from './views/parts/request.js';
import { MapView } from './views/map.js';
import { MicroscopeView } from './views/microscope.js';
import { MorphView } from './views/morph.js';
import { SamplesView } from './views/samples.js';
import { TrainView } from './views/train.js';

/** @typedef {import('./state.js').FigureState} FigureState */

const views = { morph: MorphView, samples: SamplesView, map: MapView, train: TrainView, microscope: MicroscopeView };

/** Which of a figure's models it needs, and whether it needs the stored latents. */
const needs = {
  /** @param {FigureState} state */
  morph: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  samples: (state) => ({ models: [state.model, state.compare].filter(Boolean), stored: false }),
  /** @param {FigureState} state */
  map: (state) => ({ models: [state.model], stored: true }),
  train: () => ({ models: [], stored: false }),
  /** @param {FigureState} state */
  microscope: (state) => ({ models: [state.model], stored: true }),
};

/** A figure is loaded, and runs, while it is on the screen or this close to it. */
const NEARBY = '200px';

let lastNumber = 0;

/**
 * `<latent-lab>`: turns attributes into state, and joins one view with the page's engine. The view asks by events
 * that bubble to here; answers and data go down.
 *
 * Events: `load` when the first picture is on screen, `change` when the reader has changed something (`detail` is
 * what changed), `error` when the figure had to give up (`detail` is the failure).
 */
export class LatentLabElement extends HTMLElement {
  static observedAttributes = attributeNames;

  /** @type {'idle' | 'loading' | 'ready' | 'error'} */
  #status = 'idle';
  #number = ++lastNumber;
  #state = readState(this);
  /** @type {import('./views/parts/view.js').View | null} */
  #view = null;
  #aborter = new AbortController();
  #updateIsDue = false;
  #isNear = false;
  #root;
  #observer;
  /** @type {Promise<import('./training/desk.js').Desk> | null} */
  #desk = null;
  #loading = h('p', { class: 'loading', role: 'status' });
  #devicePlace = h('div', { class: 'device' });
  /** @type {import('./webgpu/figure-device.js').FigureDevice | null} */
  #device = null;
  #cpuMilliseconds = NaN;
  /** What the view was built in. */
  #language = '';

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [figureStyle];
    this.#root.addEventListener('latent-request', (event) => this.#answer(/** @type {LatentRequest} */ (event)));
    this.#root.addEventListener('latent-change', (event) => this.#tell(/** @type {CustomEvent} */ (event).detail));
    this.#root.addEventListener('latent-painted', () => this.#painted());
    this.#root.addEventListener('latent-retry', () => this.#rebuild(true));
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

  connectedCallback() {
    pageEngine.acquire();
    if (this.#updateIsDue) {
      this.#updateIsDue = false;
      this.#state = readState(this);
    }
    this.#rebuild(false);
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#isNear = false;
    this.#clear();
    pageEngine.release();
  }

  /** Several attributes that change together become one update. */
  attributeChangedCallback() {
    if (this.#updateIsDue) return;
    this.#updateIsDue = true;
    queueMicrotask(() => {
      if (this.#updateIsDue) this.#reread();
      this.#updateIsDue = false;
    });
  }

  #reread() {
    const { figure, engine, model, compare } = this.#state;
    const state = readState(this);
    const same =
      figure === state.figure && engine === state.engine && model === state.model && compare === state.compare;
    if (same && this.#view) return this.#view.update(state);
    this.#clear();
    this.#state = state;
    if (this.isConnected) this.#rebuild(false);
  }

  /** @param {boolean} isNear */
  #look(isNear) {
    this.#isNear = isNear;
    if (isNear && this.#status === 'idle') this.#load();
    this.#view?.run(isNear);
  }

  /**
   * A fresh view, without data yet; it has its final size at once, so that nothing moves when the data comes.
   * @param {boolean} takeFocus where the reader has just pressed a button that is gone now
   */
  #rebuild(takeFocus) {
    this.#clear();
    this.#aborter = new AbortController();
    this.#language = spoken();
    this.#view = new views[this.#state.figure](this.#state);
    this.#root.replaceChildren(this.#view.node, this.#devicePlace, this.#loading, h('slot', { name: 'poster' }));
    this.#view.placed();
    this.#status = 'idle';
    if (takeFocus) this.#view.node.focus();
    if (this.#isNear) this.#look(true);
  }

  #clear() {
    this.#aborter.abort();
    this.#loading.textContent = '';
    this.#state = this.state;
    this.#view?.destroy();
    this.#view = null;
    this.#desk?.then((desk) => desk.close()).catch(() => {});
    this.#desk = null;
    this.#device?.destroy();
    this.#device = null;
  }

  async #load() {
    this.#status = 'loading';
    const { signal } = this.#aborter;
    await learn(this);
    if (signal.aborted) return;
    if (this.#language !== spoken()) return this.#rebuild(false);
    this.#loading.textContent = say('Loading the network…');
    const { figure, model } = this.#state;
    const { models, stored } = needs[figure](this.#state);
    try {
      const [latents, ...infos] = await Promise.all([
        stored ? pageEngine.latents(latentsAddress(model), { signal }) : null,
        ...models.map((name) => pageEngine.load(modelAddress(name), { signal })),
      ]);
      if (infos.length > 0) check(this.#state, infos[0].config.latent, latents);
      const entries = models.map((name, i) => /** @type {const} */ ([name, infos[i]]));
      if (!signal.aborted) await this.#view?.receive({ models: Object.fromEntries(entries), stored: latents });
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  /** @param {LatentRequest} request */
  async #answer(request) {
    const { signal } = this.#aborter;
    const slot = request.slot === undefined ? undefined : `${this.#number} ${request.slot}`;
    const options = { slot, signal, elsewhere: this.#device?.elsewhere, done: this.#done };
    try {
      if (request.verb === 'train') return request.resolve(await this.#train(request.args));
      if (request.verb === 'animate') {
        return request.resolve(await answered(() => pageEngine.animate(/** @type {any} */ (request.args), options)));
      }
      request.resolve(await perform(request.verb, request.args, options));
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  /**
   * A command to the training desk. What it cannot do it says, and the figure stays.
   * @param {any} request
   */
  async #train({ command, args }) {
    this.#desk ??= import('./training/desk.js').then(
      ({ Desk }) => new Desk(pageEngine, (news) => this.#view?.hear(news), this.#state.lesson),
      (error) => {
        throw new Failure('unreachable', error.message);
      },
    );
    const desk = /** @type {any} */ (await this.#desk);
    return answered(() => desk[command](args));
  }

  /**
   * The CPU has worked.
   * @param {string} action
   * @param {number} milliseconds
   */
  #done = (action, milliseconds) => {
    if (action !== 'decode') return;
    this.#cpuMilliseconds = milliseconds;
    this.#device?.ran('CPU', milliseconds);
  };

  #painted() {
    if (this.#status !== 'loading') return;
    this.#status = 'ready';
    this.#loading.textContent = '';
    this.dispatchEvent(new Event('load'));
    const { signal } = this.#aborter;
    whenIdle(() => this.#lookForDevices(signal));
  }

  /**
   * Only now that there is a picture: whether something computes faster than the CPU, and a line that says what does.
   * @param {AbortSignal} signal of the view that it is for
   */
  async #lookForDevices(signal) {
    // Without that code, as when the connection is gone, the figure is what it is.
    const code = await import('./webgpu/figure-device.js').catch(() => null);
    if (!code || signal.aborted) return;
    this.#device = new code.FigureDevice(this.#devicePlace, this.#state);
    this.#device.ran('CPU', this.#cpuMilliseconds);
  }

  /** @param {Partial<FigureState>} changed */
  #tell(changed) {
    this.dispatchEvent(new CustomEvent('change', { detail: changed }));
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal of the view that it happened to
   */
  #fail(error, signal) {
    if (signal.aborted || isSuperseded(error)) return;
    const failure = Failure.from(error, 'request');
    this.#clear();
    this.#status = 'error';
    this.#root.replaceChildren(new FailurePanel(failure.kind, failure.message).node);
    this.dispatchEvent(new CustomEvent('error', { detail: failure }));
  }
}

/** @param {() => void} work for when nothing else is to be done; Safari cannot say when that is */
function whenIdle(work) {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 300);
}

/**
 * What came of work that may fail without the figure being lost.
 * @param {() => unknown} work
 */
async function answered(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return isSuperseded(error) ? {} : { problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What a view relies on.
 * @param {FigureState} state
 * @param {number} latent of its model
 * @param {import('./engine.js').StoredLatents | null} stored
 */
function check({ figure, model }, latent, stored) {
  if (figure === 'map' && latent !== 2) {
    throw new Failure('request', `a map needs a model with 2 latent dimensions, this one has ${latent}`);
  }
  if (stored && stored.latent !== latent) {
    // Which of the two is the wrong one, nobody knows.
    for (const address of [latentsAddress(model), modelAddress(model)]) pageEngine.forget(address);
    throw new Failure('file', `the stored latents have ${stored.latent} dimensions, their model has ${latent}`);
  }
}

/**
 * The engine's word for what a view asks.
 * @param {Exclude<keyof import('./views/parts/request.js').Verbs, 'train' | 'animate'>} verb
 * @param {any} args
 * @param {import('./engine.js').Options} options
 * @returns {Promise<any>}
 */
function perform(verb, args, options) {
  switch (verb) {
    case 'decode':
      return pageEngine.decode(modelAddress(args.model), args.latents, options);
    case 'encode':
      return pageEngine.encode(modelAddress(args.model), args.rgba, options);
    case 'interpolate':
      return pageEngine.interpolate(args, options);
    case 'draws':
      return pageEngine.draws(args, options);
    case 'grid':
      return pageEngine.grid(args, options);
    case 'maps':
      return pageEngine.maps(modelAddress(args.model), args.latent, options);
    case 'stored':
      return pageEngine.latents(latentsAddress(args.model), options);
  }
}
