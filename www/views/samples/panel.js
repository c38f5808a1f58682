import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { Tiles, wholeMultiple } from '../parts/pictures.js';

/** Pictures of each network. */
export const COUNT = 40;

/** Numbers of columns without an incomplete row. */
const COLUMNS = [10, 8, 5, 4];

/** Number of columns in exported images. */
export const EXPORT_COLUMNS = COLUMNS[1];

/** Least width of a column, in CSS pixels. */
const NARROWEST = 56;

const titles = () => ({ variational: say('Variational autoencoder'), autoencoder: say('Plain autoencoder') });

/** The pictures of one network, below its name. */
export class Panel {
  #title;
  #tiles;
  #line = h('p', { class: 'check-count' });
  /** @type {Float32Array} codes of the pictures on the screen */
  codes = new Float32Array();

  /**
   * @param {'model' | 'compare'} which
   * @param {import('../../engine/types.js').ModelConfig['kind']} kind
   */
  constructor(which, kind) {
    this.#title = h('p', { class: 'panel-title' }, titles()[kind]);
    this.#tiles = new Tiles(COUNT, { part: `samples-${which}`, layout });
    this.width = this.#tiles.width;
    this.#line.setAttribute('part', `check-${which}`);
    this.node = h('div', { class: `panel ${which}` }, this.#title, this.#tiles.node);
  }

  get name() {
    return this.#title.textContent ?? '';
  }

  /** @param {import('../../engine/types.js').ModelConfig['kind']} kind */
  set kind(kind) {
    this.#title.textContent = titles()[kind];
  }

  /** Gives the line of text below the pictures its place. */
  keepLine() {
    if (!this.#line.parentNode) this.node.append(this.#line);
  }

  get line() {
    this.keepLine();
    return this.#line;
  }

  get canvases() {
    return this.#tiles.pictures.map(({ canvas }) => canvas);
  }

  /**
   * @param {import('../../engine/types.js').ImageShape} image
   * @param {Uint8ClampedArray} pictures RGBA, stacked
   * @param {number} seed
   * @param {import('../../state/state.js').FigureState['prior']} prior that its codes were drawn from
   */
  paint(image, pictures, seed, prior) {
    this.#tiles.paint(image, pictures, described({ count: COUNT, network: this.name, seed }, prior));
  }

  /** @param {boolean[]} marks true for each marked picture; empty for none */
  mark(marks) {
    this.#tiles.pictures.forEach(({ node }, i) => node.classList.toggle('odd', Boolean(marks[i])));
  }

  /** @param {string | undefined} index of the only picture that is highlighted */
  highlight(index) {
    this.#tiles.pictures.forEach(({ node }, i) => node.classList.toggle('twin', String(i) === index));
  }
}

/**
 * The pictures in words.
 * @param {{count: number, network: string, seed: number}} names
 * @param {import('../../state/state.js').FigureState['prior']} prior
 */
function described(names, prior) {
  if (prior === 'gaussian') {
    return say('{count} decoded random codes from a fitted normal distribution, {network}, seed {seed}', names);
  }
  if (prior === 'mixture') {
    return say('{count} decoded random codes from a fitted mixture, {network}, seed {seed}', names);
  }
  return say('{count} decoded random codes, {network}, seed {seed}', names);
}

/**
 * Puts two panels side by side. The pointer highlights the same code in both.
 * @param {Panel[]} panels
 */
export function sideBySide(panels) {
  const node = h('div', { class: 'panels' }, ...panels.map((panel) => panel.node));
  const highlight = (/** @type {PointerEvent} */ event) => {
    const { index } = /** @type {HTMLElement} */ (event.target).dataset;
    for (const panel of panels) panel.highlight(index);
  };
  node.addEventListener('pointerover', highlight);
  node.addEventListener('pointerleave', highlight);
  return node;
}

/**
 * @param {number} room
 * @param {number} pixels
 */
function layout(room, pixels) {
  const columns = COLUMNS.find((count) => room / count >= NARROWEST) ?? COLUMNS[COLUMNS.length - 1];
  return { columns, side: wholeMultiple(room / columns, pixels) };
}
