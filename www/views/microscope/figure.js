import { isMade } from '../../assets.js';
import { say } from '../../state/texts.js';
import { Caption } from '../parts/caption.js';
import { h } from '../parts/dom.js';
import { heading } from '../parts/heading.js';
import { isOffered } from '../parts/offered.js';
import { FilterPanel } from './filter.js';
import { DecoderPanel } from './decoder.js';
import { shapesOf } from './layers.js';
import { microscopeStyle } from './style.js';

/** @typedef {import('../parts/distant-view.js').Owner} Owner */

/** The inside of the microscope: one filter by hand, then a whole decoder. */
export class MicroscopeFigure {
  #filter;
  #decoder;
  #caption = new Caption('');
  #isOwn;
  #state;
  /** @type {import('../../engine/types.js').ModelConfig | null} */
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
    this.#filter = new FilterPanel(state, owner);
    this.#decoder = new DecoderPanel(state, owner);
    this.fitted = this.#decoder.fitted;
    this.#isOwn = isMade(state.model);
    this.#state = state;
    this.#describe(state, null);
    node.replaceChildren(
      part(say('One filter by hand'), this.#filter.node),
      part(say('One code through the decoder'), this.#decoder.node),
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
    this.#filter.update(state);
    this.#decoder.update(state, changed);
  }

  /** @param {boolean} isPlaying */
  play(isPlaying) {
    this.#decoder.play(isPlaying);
  }

  get isPlaying() {
    return this.#decoder.isPlaying;
  }

  get still() {
    return this.#decoder.still;
  }

  get film() {
    return this.#decoder.film;
  }

  get unlinked() {
    return this.#decoder.unlinked;
  }

  shownCodes() {
    return this.#decoder.shownCodes();
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.#decoder.print(isPrinting);
  }

  /** @param {import('../parts/view.js').FigureData} data */
  receive(data) {
    const [{ config }] = Object.values(data.models);
    this.#describe(this.#state, config);
    return this.#decoder.receive(data);
  }

  /**
   * @param {import('../../state/state.js').FigureState} state
   * @param {import('../../engine/types.js').ModelConfig | null} config
   */
  #describe({ controls }, config) {
    this.#config = config;
    if (this.#isOwn) this.#caption.insist(captionOf(controls, config));
    else this.#caption.text = captionOf(controls, config);
  }

  /** @param {boolean} isNear */
  run(isNear) {
    this.#filter.run(isNear);
    this.#decoder.run(isNear);
  }

  destroy() {
    this.run(false);
    this.#decoder.destroy();
  }
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function part(title, ...content) {
  return h('section', { class: 'micro-part', 'aria-label': title }, heading(3, {}, title), ...content);
}

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {string} controls
 * @param {import('../../engine/types.js').ModelConfig | null} config of the network, once it is known
 */
function captionOf(controls, config) {
  const mayLook = ['way', 'kernel-side', 'stride', 'kernel-preset'].every((name) => isOffered(controls, name));
  return [
    say('Above, one filter and numbers so small that every sum can be checked.'),
    mayLook
      ? say('With kernel 3, stride 2 and all ones, choose Overlap: that is where a checkerboard comes from.')
      : '',
    config ? below(config) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {import('../../engine/types.js').ModelConfig} config */
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
