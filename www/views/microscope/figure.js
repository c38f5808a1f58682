import { isMade } from '../../assets.js';
import { say } from '../../texts.js';
import { Caption } from '../parts/caption.js';
import { h } from '../parts/dom.js';
import { Hand } from './hand.js';
import { Journey } from './journey.js';
import { microscopeStyle } from './style.js';

/**
 * @typedef {object} Owner the view, as its parts see it
 * @property {import('../parts/view.js').View['ask']} ask
 * @property {import('../parts/view.js').View['demand']} demand
 * @property {(changed: Partial<import('../../state.js').FigureState>) => void} change
 * @property {(changed: Partial<import('../../state.js').FigureState>) => void} amend
 */

/** The inside of the figure: one filter by hand, then a whole decoder. */
export class MicroscopeFigure {
  #hand;
  #journey;

  /**
   * @param {HTMLElement} node
   * @param {import('../../state.js').FigureState} state
   * @param {Owner} owner
   */
  constructor(node, state, owner) {
    const root = node.getRootNode();
    // It may have gone while this was fetched.
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(microscopeStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, microscopeStyle];
    }
    this.#hand = new Hand(state, owner);
    this.#journey = new Journey(state, owner);
    this.fitted = this.#journey.fitted;
    const caption = new Caption(words());
    if (isMade(state.model)) caption.insist(words());
    node.replaceChildren(part(say('One filter by hand'), this.#hand.node), part(say('One code through the decoder'), this.#journey.node), caption.node);
  }

  /**
   * @param {import('../../state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    this.#hand.update(state);
    this.#journey.update(state, changed);
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#journey.play(isPlaying);
  }

  get isPlaying() {
    return this.#journey.isPlaying;
  }

  get still() {
    return this.#journey.still;
  }

  get film() {
    return this.#journey.film;
  }

  told() {
    return this.#journey.told();
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.#journey.print(isPrinting);
  }

  /** @param {import('../parts/view.js').FigureData} data */
  receive(data) {
    return this.#journey.receive(data);
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#hand.run(isNear);
    this.#journey.run(isNear);
  }

  destroy() {
    this.run(false);
    this.#journey.destroy();
  }
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function part(title, ...content) {
  return h('section', { class: 'micro-part', 'aria-label': title }, h('h3', {}, title), ...content);
}

function words() {
  return say(
    'Above, one filter and numbers so small that every sum can be checked. With kernel 3, stride 2 and all ones, look at the overlap: that is where a checkerboard comes from. Below, the network itself does the same with 128, 64 and 32 maps at a time. Look for checkerboards in its maps of 14 by 14, and for what is left of them in the picture.',
  );
}
