import { say } from '../../state/texts.js';
import { countOf } from '../parts/stored.js';
import { Chosen } from './chosen.js';
import { exampleOf } from './examples.js';
import { directionOf, moved } from './probe.js';
import { targetsOf } from './words.js';

/**
 * @typedef {import('./words.js').Target} Target
 * @typedef {import('./chosen.js').Id} Id
 * @typedef {import('../parts/own/own-pictures.js').Place} Place
 */

/** @type {readonly Target[]} */
export const TARGETS = ['minus', 'plus', 'from', 'a', 'b', 'c'];

/** The chosen pictures of a figure in its current state, and the codes that follow from them. */
export class Selection {
  #view;
  #stored;

  /**
   * @param {Pick<import('../parts/view.js').View, 'state'>} view
   * @param {import('../parts/stored.js').StoredLatents} stored
   */
  constructor(view, stored) {
    this.#view = view;
    this.#stored = stored;
    this.chosen = new Chosen(stored);
  }

  get #state() {
    return this.#view.state;
  }

  get example() {
    return exampleOf(this.#state);
  }

  /** Names of the groups and slots. */
  get names() {
    return targetsOf(this.example.name);
  }

  /** @param {Target} target */
  ids(target) {
    return this.chosen.idsIn(this.#state, target);
  }

  /** @param {Target} target */
  codes(target) {
    return this.ids(target).map((id) => this.chosen.codeOf(id));
  }

  /** The start picture's code and name, and the direction. */
  get course() {
    const [start] = this.ids('from');
    const direction = directionOf(this.codes('plus'), this.codes('minus'));
    return { code: this.chosen.codeOf(start), name: this.chosen.nameOf(start), direction };
  }

  /** The code a - b + c. */
  get analogy() {
    const [[a], [b], [c]] = [this.codes('a'), this.codes('b'), this.codes('c')];
    return moved(c, directionOf([a], [b]), 1);
  }

  /** Indices of the stored pictures that are not examples. */
  get rest() {
    const used = new Set([...this.ids('plus'), ...this.ids('minus')]);
    return Array.from({ length: countOf(this.#stored) }, (_, i) => i).filter((place) => !used.has(place));
  }

  /**
   * Places for pictures of the reader's.
   * @param {Target} first
   */
  places(first) {
    const { names } = this;
    const place = (/** @type {Target} */ target) => ({
      ...{ title: say('Your picture for: {target}', { target: names[target] }), control: 'own' },
    });
    const ordered = [first, ...TARGETS.filter((target) => target !== first)];
    return /** @type {Record<Target, Place>} */ (Object.fromEntries(ordered.map((target) => [target, place(target)])));
  }

  /** The reader's picture in a slot, to place it again. @param {Target} target */
  ownIn(target) {
    const [id, ...others] = this.ids(target);
    return id < 0 && others.length === 0 ? this.chosen.own[-id - 1] : null;
  }
}
