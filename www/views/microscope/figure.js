import { isMade } from '../../assets.js';
import { say } from '../../state/texts.js';
import { Caption } from '../parts/caption.js';
import { h } from '../parts/dom.js';
import { isOffered } from '../parts/offered.js';
import { Hand } from './hand.js';
import { Journey } from './journey.js';
import { shapesOf } from './layers.js';
import { microscopeStyle } from './style.js';

/**
 * @typedef {object} Owner the part of the view that its parts use
 * @property {import('../parts/view.js').View['ask']} ask
 * @property {import('../parts/view.js').View['demand']} demand
 * @property {(changed: Partial<import('../../state/state.js').FigureState>) => void} change
 * @property {(changed: Partial<import('../../state/state.js').FigureState>) => void} amend
 */

/** The inside of the figure: one filter by hand, then a whole decoder. */
export class MicroscopeFigure {
  #hand;
  #journey;
  #caption = new Caption('');
  #isOwn;
  #state;
  /** @type {import('../../engine/engine.js').ModelConfig | null} */
  #config = null;

  /**
   * @param {HTMLElement} node
   * @param {import('../../state/state.js').FigureState} state
   * @param {Owner} owner
   */
  constructor(node, state, owner) {
    const root = node.getRootNode();
    // The figure may have left the page while this module was fetched.
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(microscopeStyle)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, microscopeStyle];
    }
    this.#hand = new Hand(state, owner);
    this.#journey = new Journey(state, owner);
    this.fitted = this.#journey.fitted;
    this.#isOwn = isMade(state.model);
    this.#state = state;
    this.#describe(state, null);
    node.replaceChildren(
      part(say('One filter by hand'), this.#hand.node),
      part(say('One code through the decoder'), this.#journey.node),
      this.#caption.node,
    );
  }

  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {ReadonlySet<string>} changed
   */
  update(state, changed) {
    this.#state = state;
    this.#describe(state, this.#config);
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

  shownCodes() {
    return this.#journey.shownCodes();
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.#journey.print(isPrinting);
  }

  /** @param {import('../parts/view.js').FigureData} data */
  receive(data) {
    const [{ config }] = Object.values(data.models);
    this.#describe(this.#state, config);
    return this.#journey.receive(data);
  }

  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {import('../../engine/engine.js').ModelConfig | null} config
   */
  #describe({ controls }, config) {
    this.#config = config;
    if (this.#isOwn) this.#caption.insist(captionOf(controls, config));
    else this.#caption.text = captionOf(controls, config);
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

/**
 * The caption, which suggests only what the host's controls allow.
 * @param {string} controls
 * @param {import('../../engine/engine.js').ModelConfig | null} config of the network, once it is known
 */
function captionOf(controls, config) {
  const mayLook = ['way', 'kernel-side', 'stride', 'kernel-preset'].every((name) => isOffered(controls, name));
  return [
    say('Above, one filter and numbers so small that every sum can be checked.'),
    mayLook
      ? say('With kernel 3, stride 2 and all ones, look at the overlap: that is where a checkerboard comes from.')
      : '',
    config ? below(config) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {import('../../engine/engine.js').ModelConfig} config */
function below(config) {
  const inner = shapesOf(config).slice(0, -1);
  const maps = inner.map(({ channels }) => channels);
  const { height } = inner[inner.length - 1];
  return say(
    'Below, the network itself does the same with {maps} maps at a time. Look for checkerboards in its maps of {side} by {side}, and for what is left of them in the picture.',
    {
      maps: `${maps.slice(0, -1).join(', ')}${say(' and ')}${maps[maps.length - 1]}`,
      side: height,
    },
  );
}
