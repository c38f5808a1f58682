import { say } from '../../state/texts.js';
import { ask, demand } from './request.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 *
 * @typedef {object} FigureData
 * @property {Record<string, import('../../engine/engine.js').ModelInfo>} models by the names that the state uses
 * @property {import('../../engine/engine.js').StoredLatents | null} stored latents of test images, where the figure needs them
 */

/**
 * What all figures have in common. A view owns its node, takes plain data and emits events:
 * `latent-request` (see request.js), `latent-change` with what the reader changed, `latent-painted`, `latent-notice` with words for the
 * reader.
 */
export class View {
  #hasPainted = false;
  #hasMissed = false;
  /** @type {import('./width.js').WidthObserver[]} */
  #widths = [];

  /**
   * @param {FigureState} state
   * @param {HTMLElement} node
   */
  constructor(state, node) {
    this.state = state;
    this.node = node;
    node.tabIndex = -1;
  }

  /**
   * New attributes.
   * @param {FigureState} state
   * @param {ReadonlySet<string>} _changed names of what is new in it
   */
  update(state, _changed) {
    this.state = state;
  }

  /**
   * Whether the figure moves by itself from now on; nothing for figures that never do.
   * @param {boolean} _isPlaying
   */
  play(_isPlaying) {}

  /** Whether it moves by itself now. */
  get isPlaying() {
    return false;
  }

  /**
   * What the figure shows, as canvases in rows. @returns {{canvases: HTMLCanvasElement[], columns: number, isInk?: boolean} | null} where
   * `isInk` is left out, the page's style says it
   */
  get still() {
    return null;
  }

  /** What stands on paper: the figure itself without its controls, or, where little is left of it then, its still. */
  get paper() {
    return /** @type {'figure' | 'still'} */ ('figure');
  }

  /**
   * The page is about to be printed, or has been.
   * @param {boolean} _isPrinting
   */
  print(_isPrinting) {}

  /** What the figure shows one after the other. @returns {import('./export-dialog.js').Subject | null} */
  get film() {
    return null;
  }

  /**
   * Codes whose pictures are shown, for those who do not see them; told when they have come to rest.
   * @returns {Promise<import('./announcer.js').Told[]>}
   */
  async told() {
    return [];
  }

  /**
   * The models are there. What fails here fails the figure.
   * @param {FigureData} _data
   * @returns {void | Promise<void>}
   */
  receive(_data) {}

  /**
   * The figure has come near the screen, or has left it.
   * @param {boolean} _isNear
   */
  run(_isNear) {}

  /**
   * Something has happened that nobody asked for.
   * @param {any} _news
   */
  hear(_news) {}

  /** The figure stands in its document, not yet painted. */
  placed() {
    for (const width of this.#widths) width.measure();
  }

  /** The figure goes for good. */
  destroy() {
    for (const width of this.#widths) width.destroy();
  }

  /**
   * Looks after a part whose size follows its place.
   * @template {{width: import('./width.js').WidthObserver}} P
   * @param {P} part
   */
  fitted(part) {
    this.#widths.push(part.width);
    return part;
  }

  /**
   * @template {keyof import('./request.js').Verbs} V
   * @param {V} verb
   * @param {import('./request.js').Verbs[V]['args']} args
   * @param {string} [slot]
   */
  ask(verb, args, slot) {
    return ask(this.node, verb, args, slot);
  }

  /**
   * Asks for work whose end somebody waits for.
   * @template {keyof import('./request.js').Verbs} V
   * @param {V} verb
   * @param {import('./request.js').Verbs[V]['args']} args
   */
  demand(verb, args) {
    return demand(this.node, verb, args);
  }

  /**
   * The state has moved on by itself, as an animation does.
   * @param {Partial<FigureState>} changed
   */
  amend(changed) {
    this.state = { ...this.state, ...changed };
  }

  /**
   * The reader has changed something.
   * @param {Partial<FigureState>} changed
   */
  change(changed) {
    this.amend(changed);
    this.node.dispatchEvent(new CustomEvent('latent-change', { detail: changed, bubbles: true }));
  }

  /**
   * Code that is fetched when somebody wants it. Where it does not come the reader is told, and the figure goes on.
   * @template T
   * @param {Promise<T>} code
   * @param {(code: T) => void} use
   */
  async wanted(code, use) {
    const notify = (/** @type {string} */ detail) =>
      this.node.dispatchEvent(new CustomEvent('latent-notice', { detail, bubbles: true }));
    const found = await code.catch(() => null);
    if (!found) notify(say('This could not be fetched. Perhaps the connection is down; try it again.'));
    else {
      if (this.#hasMissed) notify('');
      use(found);
    }
    this.#hasMissed = !found;
  }

  /** The figure shows what it should; said once. */
  painted() {
    if (this.#hasPainted) return;
    this.#hasPainted = true;
    this.node.dataset.painted = '';
    this.node.dispatchEvent(new Event('latent-painted', { bubbles: true }));
  }
}
