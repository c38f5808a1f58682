import { say, sayNumber } from '../../state/texts.js';
import { button } from '../parts/controls.js';
import { h } from '../parts/dom.js';
import { on } from '../parts/events.js';
import { isOffered } from '../parts/offered.js';
import { limitsOf, rankingOf, shownOf } from './ranking.js';
import { Row } from './row.js';

/**
 * @typedef {import('./ranking.js').Ranking} Ranking
 * @typedef {import('./moved.js').Moved} Moved
 */

/** Number of rows in one request, so that a dragged picture need not wait long for it. */
const AT_ONCE = 4;

/** The rows of a code's numbers, most informative first. */
export class Rows {
  #owner;
  #onMove;
  /** @type {Map<number, Row>} shown rows, by dimension */
  #rows = new Map();
  #list = h('div', { class: 'latent-rows' });
  #all = button('', 'all-numbers', () => {
    this.#isWhole = !this.#isWhole;
    this.#onUnfold();
  });
  #isWhole = false;
  #onUnfold;
  /** @type {Ranking | null} */
  #ranking = null;
  /** @type {number[]} */
  #limits = [];
  /** Number of the last painting. Work on older ones is stale and stops. */
  #run = 0;

  /**
   * @param {import('../parts/distant-view.js').Owner} owner
   * @param {object} on
   * @param {(dimension: number, value: number) => void} on.move
   * @param {() => void} on.unfold the rows have changed
   */
  constructor(owner, on) {
    this.#owner = owner;
    this.#onMove = on.move;
    this.#onUnfold = on.unfold;
    this.node = h('div', { class: 'latents' }, this.#list, this.#all);
  }

  get canvases() {
    return [...this.#rows.values()].map(({ canvas }) => canvas);
  }

  /** The measure of the order; none before the model has arrived. */
  get measure() {
    return this.#ranking?.measure ?? 'none';
  }

  /** The most informative dimension. */
  get first() {
    return this.#ranking?.order[0] ?? 0;
  }

  /** Distance that the row of a dimension reaches. @param {number} dimension */
  limit(dimension) {
    return this.#limits[dimension];
  }

  /** @param {import('../parts/view.js').FigureData} data */
  receive({ models, stored }) {
    const { model } = this.#owner.state();
    const codes = /** @type {import('../parts/stored.js').StoredLatents} */ (stored);
    this.#ranking = rankingOf(model, codes);
    this.#limits = limitsOf(codes, models[model].config.kind === 'variational');
  }

  /**
   * Shows the code's numbers.
   * @param {Float32Array} own code of the picture
   * @param {Float32Array} code with its moved numbers
   * @param {Moved} moved
   */
  show(own, code, moved) {
    const { order } = /** @type {Ranking} */ (this.#ranking);
    const shown = shownOf(order, this.#isWhole, moved);
    if (shown.some((dimension) => !this.#rows.has(dimension)) || shown.length < this.#rows.size) this.#build(shown);
    for (const [dimension, row] of this.#rows) row.show(code[dimension], own[dimension]);
    const hidden = order.length - shownOf(order, false, moved).length;
    this.#all.hidden = hidden === 0;
    this.#all.textContent = this.#isWhole
      ? say('Show fewer')
      : say('Show all {count} numbers', { count: sayNumber(order.length) });
    this.#all.setAttribute('aria-expanded', String(this.#isWhole));
  }

  /** @param {number[]} shown dimensions in order */
  #build(shown) {
    const { measure, values, order } = /** @type {Ranking} */ (this.#ranking);
    const most = Math.max(1e-6, values[order[0]]);
    const canMove = isOffered(this.#owner.state().controls, 'numbers');
    const made = shown.map((dimension) => {
      const known = this.#rows.get(dimension);
      if (known) return /** @type {const} */ ([dimension, known]);
      const worth = { measure, value: values[dimension], share: Math.max(0, values[dimension] / most) };
      const row = new Row(dimension, this.#limits[dimension], worth, canMove);
      on(row.node, 'move', (/** @type {number} */ value) => this.#onMove(dimension, value));
      return /** @type {const} */ ([dimension, row]);
    });
    this.#rows = new Map(made);
    this.#list.replaceChildren(...made.map(([, { node }]) => node));
  }

  /**
   * Decodes and paints the strips, a few rows at a time.
   * @param {Float32Array} code
   * @param {import('../../engine/types.js').ImageShape} image
   */
  async paint(code, image) {
    const run = ++this.#run;
    const { model } = this.#owner.state();
    const rows = [...this.#rows.values()];
    for (let first = 0; first < rows.length; first += AT_ONCE) {
      const some = rows.slice(first, first + AT_ONCE);
      const codes = some.map((row) => row.codes(code));
      const size = codes[0].length;
      const latents = new Float32Array(codes.length * size);
      codes.forEach((each, i) => latents.set(each, i * size));
      const rgba = await this.#owner.ask('decode', { model, latents }, 'traversal strips');
      if (run !== this.#run) return;
      const bytes = rgba.length / some.length;
      some.forEach((row, i) => row.paint(image, rgba.subarray(i * bytes, (i + 1) * bytes)));
    }
  }
}
