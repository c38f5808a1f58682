/** Everything around a figure's view: the question, hidden controls, the poster, the line below, and notices to the reader. */

import { isMade } from '../assets.js';
import { giveBackName, takeName } from './figure-name.js';
import { Paper } from './print.js';
import { retell, say, spoken } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { on } from '../views/parts/events.js';
import { FIGURE_NAME } from '../views/parts/names.js';
import { offerOf } from '../views/parts/offered.js';

/**
 * @typedef {object} SendRequest detail of the event `latent-send`
 * @property {Partial<import('../state/state.js').FigureState>} changed properties in which the link differs from the figure
 * @property {string} [text] goes before the link
 * @property {(done: 'sent' | 'copied' | {link: string}) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** Boxes that hold only controls. They are hidden once all of their controls are. */
const BOXES = [
  '.settings',
  '.row',
  '.end',
  '.stepper',
  '.ends-row',
  '.journey-controls',
  '.run-settings',
  '.offers',
  '.setup-form',
  '.fold',
  '.time-machine',
  '.keep',
  '.choosing',
];

/** Controls of dialogs and failures are never hidden: without them a reader could not leave. */
const FREE = 'dialog *, .failure *';

/**
 * Makes rules that hide controls. Each control has its name in `data-control`.
 * @param {string} controls `all`, `none`, names of those that stay, or names, each with a minus, of those that are hidden
 * @returns {string} CSS
 */
export function controlRules(controls) {
  const offer = offerOf(controls);
  if (offer.gone.length > 0) return `:is(${offer.gone.map(named)}):not(${FREE}) { display: none !important; }`;
  if (!offer.kept) return '';
  const kept = offer.kept.map(named);
  const left = kept.length > 0 ? `:not(:has(${kept}))` : '';
  // Controls within a kept control stay.
  const free = [FREE, ...kept.map((one) => `${one} *`)];
  return [
    `[data-control]:not(${[...free, ...kept]}) { display: none !important; }`,
    `:is(${BOXES})${left}:not(${free}) { display: none !important; }`,
    // A figure reserves room for all of its controls, and has fewer.
    `[part='figure'][data-painted] { min-block-size: 0; }`,
  ].join('\n');
}

/** @param {string} name */
function named(name) {
  return `[data-control='${name}']`;
}

/**
 * Makes the poster, which is shown until the figure has a picture.
 * @param {Element} host
 * @param {string} address
 * @returns {HTMLElement | null} null if the host gives none
 */
function posterOf(host, address) {
  const isGiven = [...host.children].some((child) => child.slot === 'poster');
  if (!address && !isGiven) return null;
  const picture = address
    ? [h('img', { loading: 'lazy', decoding: 'async', alt: '', part: 'poster-picture', src: address })]
    : [];
  return h('div', { class: 'poster', part: 'poster' }, h('slot', { name: 'poster' }, ...picture));
}

/** The frame of one figure. Most of its code is fetched after the first picture, or on demand. */
export class Frame {
  #host;
  #rules = new CSSStyleSheet();
  #question = h('p', { class: 'question', part: 'question', dir: 'auto' });
  #notice = h('p', { class: 'notice', part: 'notice', role: 'status', hidden: true });
  #live = h('p', { class: 'unseen', part: 'told', 'aria-live': 'polite' });
  #name = h('span', { id: FIGURE_NAME, hidden: true });
  #devicePlace = h('div', { class: 'device', 'data-control': 'device' });
  /** @type {HTMLElement | null} */
  #poster = null;
  /** @type {import('./device.js').FigureDevice | null} */
  #device = null;
  /** @type {import('../views/parts/announcer.js').Announcer | null} */
  #announcer = null;
  /** True if the reader has changed something before the announcer was loaded. */
  #isUntold = false;
  #cpuMilliseconds = NaN;
  #paper = new Paper();

  /** @param {import('./element.js').LatentLabElement} host */
  constructor(host) {
    this.#host = host;
  }

  /** Rules that hide the controls that the host has left out. */
  get rules() {
    return this.#rules;
  }

  /** The device that the figure asks for; undefined before its first picture, which is the CPU's. */
  get device() {
    return this.#device?.choice;
  }

  /**
   * Builds the frame of a new view.
   * @param {import('../views/parts/view.js').View} view
   * @returns {HTMLElement[]} all parts of the figure, in order
   */
  around(view) {
    const { state } = this.#host;
    this.#poster = posterOf(this.#host, state.poster);
    const share = button(say('Embed'), 'embed', () => this.#share(view));
    const foot = h('div', { class: 'foot' }, this.#devicePlace, share);
    this.fit(view, state);
    on(view.node, 'latent-notice', (/** @type {string} */ text) => this.#notify(text));
    on(view.node, 'latent-send', (/** @type {SendRequest} */ request) => this.#send(request));
    const all = [this.#question, view.node, this.#notice, foot, this.#live, this.#name];
    if (isMade(state.model)) all.unshift(this.#ownership());
    // The page may be in a language for which figures have no texts.
    for (const node of all) if (node !== this.#question) node.lang = spoken();
    return this.#poster ? [...all, this.#poster] : all;
  }

  /** Says that the network is the reader's own, with a button to restore the page's. */
  #ownership() {
    const back = button(say('Back to this page’s network'), 'give-back', async () => {
      const { giveBack } = await import('../training/input/sources.js');
      giveBack(this.#host);
      // After the view with the pressed button has been removed.
      setTimeout(() => this.#host.shadowRoot?.querySelector('figure')?.focus({ preventScroll: true }));
    });
    return h('div', { class: 'ownership', part: 'ownership' }, h('p', {}, say('Your network draws here.')), back);
  }

  /**
   * @param {import('../views/parts/view.js').View} view
   * @param {import('../state/state.js').FigureState} state
   */
  fit({ node }, state) {
    const { controls, label, caption } = state;
    this.#question.textContent = caption;
    this.#question.hidden = caption === '';
    this.name(state);
    this.#rules.replaceSync(controlRules(controls));
    if (label) node.setAttribute('aria-label', label);
    else node.removeAttribute('aria-label');
  }

  /**
   * Updates the hidden element with the figure's name, with which the names of controls end.
   * @param {import('../state/state.js').FigureState} state
   */
  name(state) {
    this.#name.textContent = `(${takeName(this.#host, state)})`;
    return this.#name;
  }

  /** The figure's name among those of the page. */
  get #ownName() {
    return (this.#name.textContent ?? '').slice(1, -1);
  }

  /**
   * The view has painted its first picture.
   * @param {import('../views/parts/view.js').View} view
   * @param {AbortSignal} signal of the view
   */
  painted(view, signal) {
    this.#poster?.remove();
    this.#paper.show(view, () => posterOf(this.#host, this.#host.state.poster));
    if (this.#host.state.hash) this.#compareHash(signal);
    whenIdle(() => {
      this.#complete(view, signal);
      if (!signal.aborted) view.rest();
    });
  }

  /** The reader has changed something. */
  changed() {
    if (this.#announcer) this.#announcer.changed();
    else this.#isUntold = true;
  }

  /**
   * A device has computed.
   * @param {string} action
   * @param {number} milliseconds
   * @param {'CPU' | 'WebGPU'} device
   */
  ran(action, milliseconds, device) {
    if (action === 'decode' && device === 'CPU') this.#cpuMilliseconds = milliseconds;
    this.#device?.ran(action, milliseconds, device);
  }

  /** The view is removed. */
  clear() {
    this.#notice.hidden = true;
    this.#announcer?.destroy();
    this.#announcer = null;
    this.#isUntold = false;
    this.#device?.destroy();
    this.#device = null;
    this.#paper.clear();
    giveBackName(this.#host);
  }

  /** @param {string} text empty to hide the notice */
  #notify(text) {
    this.#notice.textContent = text;
    this.#notice.hidden = text === '';
  }

  /**
   * Notifies the reader if a link was made with other model files.
   * @param {AbortSignal} signal of the view
   */
  async #compareHash(signal) {
    const { fingerprint, showsTheSame } = await import('./fingerprint.js');
    const { state } = this.#host;
    const found = await fingerprint(state).catch(() => '');
    if (signal.aborted || showsTheSame(state.hash, found)) return;
    this.#notify(
      found
        ? say(
            'This link was made with another version of the model ({expected}; here it is {found}), so the pictures differ.',
            { expected: state.hash, found },
          )
        : say(
            'This page cannot check whether the link was made with the same model, since it is not served over https.',
          ),
    );
  }

  /**
   * Lets the GPU compute if it is faster, shows the device and lets the reader choose it, and describes the pictures. Only after the
   * first picture.
   * @param {import('../views/parts/view.js').View} view
   * @param {AbortSignal} signal of the view
   */
  async #complete(view, signal) {
    // Without that code, as after a lost connection, the CPU computes and there is no status line.
    const code = await import('./rest.js').catch(() => null);
    if (!code || signal.aborted) return;
    this.#announcer = new code.Announcer(this.#live, view);
    if (this.#isUntold) this.#announcer.changed();
    this.#device = new code.FigureDevice(this.#devicePlace, this.#host.state, (engine) => view.change({ engine }));
    // NaN in a figure that trains: it has decoded nothing yet.
    if (this.#cpuMilliseconds >= 0) this.#device.ran('decode', this.#cpuMilliseconds, 'CPU');
  }

  /** @param {SendRequest} request */
  #send({ changed, text, resolve, reject }) {
    const { site } = /** @type {typeof import('./element.js').LatentLabElement} */ (this.#host.constructor);
    const { state } = this.#host;
    import('./send.js').then(({ send }) => send({ ...state, ...changed }, site, text)).then(resolve, reject);
  }

  /** @param {import('../views/parts/view.js').View} view */
  async #share(view) {
    try {
      const { EmbedDialog } = await import('../views/embed/dialog.js');
      const { fingerprint } = await import('./fingerprint.js');
      const { site } = /** @type {typeof import('./element.js').LatentLabElement} */ (this.#host.constructor);
      const dialog = new EmbedDialog(site, { toBlob: (type) => this.#host.toBlob(type), fingerprint });
      // The view may have been replaced while the code was fetched.
      if (!view.node.isConnected) return;
      // Sizes of the layout: those on the screen differ if the host's page is scaled.
      const { offsetWidth: width, offsetHeight: height } = this.#host;
      // The link plays if the figure is playing.
      await dialog.open(
        /** @type {ShadowRoot} */ (this.#host.shadowRoot),
        { ...this.#host.state, autoplay: view.isPlaying },
        { width, height },
        { names: view.unlinked, hasDrawing: view.hasDrawing, hasOwnExamples: view.hasOwnExamples },
        this.#ownName,
      );
    } catch (error) {
      this.#notify(retell(error));
    }
  }
}

/** @param {() => void} work for idle time, or shortly after in Safari, which has no requestIdleCallback */
function whenIdle(work) {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 300);
}
