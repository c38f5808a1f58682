import { say } from '../../state/texts.js';
import { emit } from './events.js';
import { ask, demand } from './request.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 *
 * @typedef {object} FigureData
 * @property {Record<string, import('../../engine/types.js').ModelInfo>} models by the names that the state uses
 * @property {import('../../engine/types.js').StoredLatents | null} stored latents of test images, where the figure needs them
 */

/**
 * Base class of all figures. A view owns its node, takes plain data and emits events: `latent-request` (see request.js),
 * `latent-change` with the attributes that the reader has changed, `latent-painted`, and `latent-notice` with a text for the reader.
 */
export class View {
  #hasPainted = false;
  #hasFailed = false;
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
   * Applies new attributes.
   * @param {FigureState} state
   * @param {ReadonlySet<string>} _changed names of new attributes
   */
  update(state, _changed) {
    this.state = state;
  }

  /**
   * Starts or stops the animation. Figures without one do nothing.
   * @param {boolean} _isPlaying
   */
  play(_isPlaying) {}

  /** True while the animation plays. */
  get isPlaying() {
    return false;
  }

  /**
   * The figure's pictures as canvases in rows. Without `isInk`, the style decides about ink on paper.
   * @returns {{canvases: HTMLCanvasElement[], columns: number, isInk?: boolean} | null}
   */
  get still() {
    return null;
  }

  /** Printed form: the figure without its controls, or its still if little else would be left. */
  get paper() {
    return /** @type {'figure' | 'still'} */ ('figure');
  }

  /**
   * The page is about to be printed, or has been.
   * @param {boolean} _isPrinting
   */
  print(_isPrinting) {}

  /** The figure's animation for export. @returns {import('./export-dialog.js').Subject | null} */
  get film() {
    return null;
  }

  /**
   * Codes of the pictures on the screen, for descriptions to screen readers.
   * @returns {Promise<import('./announcer.js').ShownCodes[]>}
   */
  async shownCodes() {
    return [];
  }

  /**
   * Takes the loaded models. A failure here ends the figure.
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
   * Takes the status of the figure's training run.
   * @param {import('../../training/page/types.js').RunStatus} _status
   */
  hear(_status) {}

  /** The first picture is drawn, and the page has time to load further code. */
  rest() {}

  /**
   * Names of pictures that a link shows in place of the reader's, which it does not contain.
   * @returns {string[]}
   */
  get unlinked() {
    return [];
  }

  /** True if pictures of the reader's are among the examples: a link leaves them out. */
  get hasOwnExamples() {
    return false;
  }

  /** True if an end shows a drawing: a link contains its code but not the drawing. */
  get hasDrawing() {
    return false;
  }

  /** The figure has been added to its document, but not yet painted. */
  placed() {
    for (const width of this.#widths) width.measure();
  }

  /** Ends the view. */
  destroy() {
    for (const width of this.#widths) width.destroy();
  }

  /**
   * Registers a part whose size depends on its place.
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
   * Asks for work that always settles.
   * @template {keyof import('./request.js').Verbs} V
   * @param {V} verb
   * @param {import('./request.js').Verbs[V]['args']} args
   */
  demand(verb, args) {
    return demand(this.node, verb, args);
  }

  /**
   * Changes the state without an event, as an animation does.
   * @param {Partial<FigureState>} changed
   */
  amend(changed) {
    this.state = { ...this.state, ...changed };
  }

  /**
   * Changes the state by an action of the reader.
   * @param {Partial<FigureState>} changed
   */
  change(changed) {
    this.amend(changed);
    emit(this.node, 'latent-change', changed, true);
  }

  /**
   * Loads code on demand. After a failure the reader gets a notice, and the figure continues.
   * @template T
   * @param {Promise<T>} code
   * @param {(code: T) => void} use
   */
  async loadOptional(code, use) {
    const notify = (/** @type {string} */ detail) => emit(this.node, 'latent-notice', detail, true);
    const found = await code.catch(() => null);
    if (!found) notify(say('This could not be fetched. Perhaps the connection is down; try it again.'));
    else {
      if (this.#hasFailed) notify('');
      use(found);
    }
    this.#hasFailed = !found;
  }

  /** Reports the first picture, only once. */
  painted() {
    if (this.#hasPainted) return;
    this.#hasPainted = true;
    this.node.dataset.painted = '';
    this.node.dispatchEvent(new Event('latent-painted', { bubbles: true }));
  }
}
