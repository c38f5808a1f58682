/** What is around a figure's view: controls that are left out, the poster, the line below, words to the reader. */

import { isMade } from '../assets.js';
import { giveBackName, takeName } from './figure-name.js';
import { Paper } from './print.js';
import { retell, say, spoken } from '../state/texts.js';
import { button } from '../views/parts/controls.js';
import { h } from '../views/parts/dom.js';
import { FIGURE_NAME } from '../views/parts/names.js';
import { offerOf } from '../views/parts/offered.js';

/** What holds only controls, and goes when none of them is left. */
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
];

/** Dialogs and failures keep theirs: who has opened one needs them. */
const FREE = 'dialog *, .failure *';

/**
 * Rules that leave controls out. Each control has its name in `data-control`.
 * @param {string} controls `all`, `none`, names of those that stay, or names with a minus of those that go
 * @returns {string} CSS
 */
export function controlRules(controls) {
  const offer = offerOf(controls);
  if (offer.gone.length > 0) return `:is(${offer.gone.map(named)}):not(${FREE}) { display: none !important; }`;
  if (!offer.kept) return '';
  const kept = offer.kept.map(named);
  const left = kept.length > 0 ? `:not(:has(${kept}))` : '';
  // A control may hold others, which stay with it.
  const free = [FREE, ...kept.map((one) => `${one} *`)];
  return [
    `[data-control]:not(${[...free, ...kept]}) { display: none !important; }`,
    `:is(${BOXES})${left}:not(${free}) { display: none !important; }`,
  ].join('\n');
}

/** @param {string} name */
function named(name) {
  return `[data-control='${name}']`;
}

/**
 * A picture in the figure's place until it has its own.
 * @param {Element} host
 * @param {string} address
 * @returns {HTMLElement | null} null where the host wants none
 */
function posterOf(host, address) {
  const isGiven = [...host.children].some((child) => child.slot === 'poster');
  if (!address && !isGiven) return null;
  const picture = address
    ? [h('img', { loading: 'lazy', decoding: 'async', alt: '', part: 'poster-picture', src: address })]
    : [];
  return h('div', { class: 'poster', part: 'poster' }, h('slot', { name: 'poster' }, ...picture));
}

/** Whether the reader wants no more to be fetched than they ask for. */
export function savesData() {
  return (
    /** @type {any} */ (navigator).connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches
  );
}

/** The surroundings of one figure. What they are made of is fetched after the first picture, or when it is asked for. */
export class Frame {
  #host;
  #rules = new CSSStyleSheet();
  #notice = h('p', { class: 'notice', part: 'notice', role: 'status', hidden: true });
  #told = h('p', { class: 'unseen', part: 'told', 'aria-live': 'polite' });
  #name = h('span', { id: FIGURE_NAME, hidden: true });
  #devicePlace = h('div', { class: 'device', 'data-control': 'device' });
  /** @type {HTMLElement | null} */
  #poster = null;
  /** @type {import('./device.js').FigureDevice | null} */
  #device = null;
  /** @type {import('../views/parts/announcer.js').Announcer | null} */
  #announcer = null;
  #cpuMilliseconds = NaN;
  #paper = new Paper();

  /** @param {import('./element.js').LatentLabElement} host */
  constructor(host) {
    this.#host = host;
  }

  /** Rules that hide what the host has left out. */
  get rules() {
    return this.#rules;
  }

  /** Where the figure's work may go instead of the CPU. */
  get elsewhere() {
    return this.#device?.elsewhere;
  }

  /**
   * Around a fresh view.
   * @param {import('../views/parts/view.js').View} view
   * @returns {HTMLElement[]} what stands in the figure, in order
   */
  around(view) {
    const { state } = this.#host;
    this.#poster = posterOf(this.#host, state.poster);
    const share = button(say('Embed'), 'embed', () => this.#share(view));
    const foot = h('div', { class: 'foot' }, this.#devicePlace, share);
    this.fit(view, state);
    view.node.addEventListener('latent-notice', (event) => this.#notify(/** @type {CustomEvent} */ (event).detail));
    const all = [view.node, this.#notice, foot, this.#told, this.#name];
    if (isMade(state.model)) all.unshift(this.#ownership());
    // The page may be in a language that the figures do not speak.
    for (const node of all) node.lang = spoken();
    return this.#poster ? [...all, this.#poster] : all;
  }

  /** Whose network this is, and the way back. */
  #ownership() {
    const back = button(say('Back to this page’s network'), 'give-back', async () => {
      const { giveBack } = await import('../training/input/sources.js');
      giveBack(this.#host);
      // The view that has the pressed button goes first.
      setTimeout(() => this.#host.shadowRoot?.querySelector('figure')?.focus({ preventScroll: true }));
    });
    return h('div', { class: 'ownership', part: 'ownership' }, h('p', {}, say('Your network draws here.')), back);
  }

  /**
   * @param {import('../views/parts/view.js').View} view
   * @param {import('../state/state.js').FigureState} state
   */
  fit({ node }, state) {
    const { controls, label } = state;
    this.name(state);
    this.#rules.replaceSync(controlRules(controls));
    if (label) node.setAttribute('aria-label', label);
    else node.removeAttribute('aria-label');
  }

  /**
   * Which figure of the page it is: an element that the names of controls end with.
   * @param {import('../state/state.js').FigureState} state
   */
  name(state) {
    this.#name.textContent = `(${takeName(this.#host, state)})`;
    return this.#name;
  }

  /**
   * There is a picture.
   * @param {import('../views/parts/view.js').View} view
   * @param {AbortSignal} signal of the view
   */
  painted(view, signal) {
    this.#poster?.remove();
    this.#paper.show(view, () => posterOf(this.#host, this.#host.state.poster));
    if (this.#host.state.hash) this.#compare(signal);
    whenIdle(() => {
      this.#lookForDevices(signal);
      this.#listen(view, signal);
    });
  }

  /** The reader has changed something. */
  changed() {
    this.#announcer?.changed();
  }

  /** The CPU has decoded. @param {number} milliseconds */
  ran(milliseconds) {
    this.#cpuMilliseconds = milliseconds;
    this.#device?.ran('CPU', milliseconds);
  }

  /** The view goes. */
  clear() {
    this.#notice.hidden = true;
    this.#announcer?.destroy();
    this.#announcer = null;
    this.#device?.destroy();
    this.#device = null;
    this.#paper.clear();
    giveBackName(this.#host);
  }

  /** @param {string} words */
  #notify(words) {
    this.#notice.textContent = words;
    this.#notice.hidden = words === '';
  }

  /**
   * Whether the models are those that a link was made with.
   * @param {AbortSignal} signal of the view that it is for
   */
  async #compare(signal) {
    const { fingerprint } = await import('../state/address.js');
    const { state } = this.#host;
    const found = await fingerprint(state).catch(() => '');
    if (signal.aborted || found === state.hash) return;
    this.#notify(
      found
        ? say(
            'This link was made with another version of the model ({expected}, here it is {found}): these are not the same pictures.',
            { expected: state.hash, found },
          )
        : say(
            'Whether these are the pictures that the link was made with cannot be checked here: the page is not served over https.',
          ),
    );
  }

  /**
   * Only now that there is a picture: whether something computes faster than the CPU, and a line that says what does.
   * @param {AbortSignal} signal of the view that it is for
   */
  async #lookForDevices(signal) {
    // Without that code, as when the connection is gone, the figure is what it is.
    const code = await import('./device.js').catch(() => null);
    if (!code || signal.aborted) return;
    this.#device = new code.FigureDevice(this.#devicePlace, this.#host.state);
    // A figure that trains has not computed anything yet.
    if (this.#cpuMilliseconds >= 0) this.#device.ran('CPU', this.#cpuMilliseconds);
  }

  /**
   * @param {import('../views/parts/view.js').View} view
   * @param {AbortSignal} signal of the view
   */
  async #listen(view, signal) {
    const code = await import('../views/parts/announcer.js').catch(() => null);
    if (code && !signal.aborted) this.#announcer = new code.Announcer(this.#told, view);
  }

  /** @param {import('../views/parts/view.js').View} view */
  async #share(view) {
    try {
      const { EmbedDialog } = await import('../views/embed/dialog.js');
      const { site } = /** @type {typeof import('./element.js').LatentLabElement} */ (this.#host.constructor);
      const dialog = new EmbedDialog(site, (type) => this.#host.toBlob(type));
      // The figure may have become another one while the code was fetched.
      if (!view.node.isConnected) return;
      // Layout sizes: where the host's page is scaled, those on the screen are others.
      const { offsetWidth: width, offsetHeight: height } = this.#host;
      // Who opens the link finds the figure playing if it plays now.
      await dialog.open(
        /** @type {ShadowRoot} */ (this.#host.shadowRoot),
        { ...this.#host.state, autoplay: view.isPlaying },
        { width, height },
      );
    } catch (error) {
      this.#notify(retell(error));
    }
  }
}

/** @param {() => void} work for when nothing else is to be done; Safari cannot say when that is */
function whenIdle(work) {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 300);
}
