import { codeOf, countOf, nameOf, placeOf } from '../parts/stored.js';
import { say } from '../../state/texts.js';
import { exampleOf, readyFor } from './examples.js';

/**
 * @typedef {import('../../state/state.js').FigureState} FigureState
 * @typedef {import('../parts/stored.js').StoredLatents} StoredLatents
 * @typedef {import('../parts/own/dialog.js').Taken} Taken
 * @typedef {import('./words.js').Target} Target
 * @typedef {'from' | 'a' | 'b' | 'c'} Slot a place for one picture
 *
 * @typedef {number} Id a stored picture by its index, or one of the reader's: -1 is the first, -2 the second
 */

/** @type {readonly ['plus', 'minus']} */
export const GROUPS = ['plus', 'minus'];

/** @type {readonly ['a', 'b', 'c']} */
const TERMS = ['a', 'b', 'c'];

/**
 * The chosen pictures. Stored ones are in the state; the reader's are only here, so that no link contains them.
 */
export class Chosen {
  /** The reader's pictures, in the order of their ids. @type {Taken[]} */
  own = [];
  /** The reader's pictures among the examples. @type {Record<'plus' | 'minus', Id[]>} */
  #among = { plus: [], minus: [] };
  /** The reader's picture in a slot, in place of the stored one. @type {Partial<Record<Slot, Id>>} */
  #instead = {};
  #stored;

  /** @param {StoredLatents} stored */
  constructor(stored) {
    this.#stored = stored;
  }

  /**
   * The host has set attributes, which replace the reader's pictures.
   * @param {ReadonlySet<string>} changed
   */
  forget(changed) {
    if (changed.has('example')) this.#among = { plus: [], minus: [] };
    for (const group of GROUPS) if (changed.has(group)) this.#among[group] = [];
    if (changed.has('from')) delete this.#instead.from;
    if (changed.has('analogy')) for (const term of TERMS) delete this.#instead[term];
  }

  /**
   * @param {FigureState} state
   * @param {Target} target
   * @returns {Id[]} the pictures in a group, or the one in a slot
   */
  idsIn(state, target) {
    if (target === 'plus' || target === 'minus') {
      const places = state[target] ?? exampleOf(state)[target];
      const count = countOf(this.#stored);
      return [...new Set([...places.filter((place) => place < count), ...this.#among[target]])];
    }
    return [this.#instead[target] ?? this.#placeIn(state, target)];
  }

  /**
   * Puts a picture into a slot or a group, or takes it out of its group.
   * @param {FigureState} state
   * @param {Target} target
   * @param {Id} id
   * @returns {Partial<FigureState>} the state's change
   */
  toggle(state, target, id) {
    if (target !== 'plus' && target !== 'minus') return this.#put(state, target, id);
    const ids = this.idsIn(state, target);
    return this.#fill(target, ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]);
  }

  /** Empties a group. @param {'plus' | 'minus'} target @returns {Partial<FigureState>} */
  empty(target) {
    return this.#fill(target, []);
  }

  /** @param {Id} id */
  codeOf(id) {
    return id < 0
      ? Float32Array.from(this.own[-id - 1].code)
      : codeOf(this.#stored, endpointOf(this.#stored, id), null);
  }

  /** @param {Id} id */
  nameOf(id) {
    if (id < 0) return say('your picture');
    return nameOf(this.#stored, endpointOf(this.#stored, id));
  }

  /** A name that no other picture has. @param {Id} id */
  fullNameOf(id) {
    const { labels, own } = this.#stored;
    if (id < 0) return say('Your picture {number}', { number: -id });
    if (!labels) {
      const number = id + 1;
      return own === 'draws' ? say('Random code {number}', { number }) : say('Picture {number}', { number });
    }
    const { digit, nth } = endpointOf(this.#stored, id);
    return say('{digit}, number {number}', { digit, number: nth + 1 });
  }

  /** Names of the stored pictures that a link shows in place of the reader's. @param {FigureState} state */
  unlinked(state) {
    const slots = /** @type {Slot[]} */ (Object.keys(this.#instead));
    return slots.map((slot) => nameOf(this.#stored, endpointOf(this.#stored, this.#placeIn(state, slot))));
  }

  /** True if some examples are the reader's pictures, which a link leaves out. */
  get hasOwnExamples() {
    return GROUPS.some((group) => this.#among[group].length > 0);
  }

  /** @param {FigureState} state @param {Slot} slot */
  #placeIn(state, slot) {
    if (slot === 'from') return placeOf(this.#stored, state.from);
    return this.#terms(state)[TERMS.indexOf(slot)] % countOf(this.#stored);
  }

  /** @param {FigureState} state */
  #terms(state) {
    return state.analogy ?? readyFor(state.model).analogy;
  }

  /** @param {FigureState} state @param {Slot} slot @param {Id} id */
  #put(state, slot, id) {
    if (id < 0) {
      this.#instead[slot] = id;
      return {};
    }
    delete this.#instead[slot];
    if (slot === 'from') return { from: endpointOf(this.#stored, id) };
    return { analogy: this.#terms(state).map((place, i) => (TERMS[i] === slot ? id : place)) };
  }

  /** @param {'plus' | 'minus'} group @param {Id[]} ids */
  #fill(group, ids) {
    this.#among[group] = ids.filter((id) => id < 0);
    return { [group]: ids.filter((id) => id >= 0) };
  }
}

/**
 * @param {StoredLatents} stored
 * @param {number} place index among all
 * @returns {import('../../state/state.js').FigureState['from']}
 */
function endpointOf({ labels }, place) {
  if (!labels) return { digit: 0, nth: place };
  const digit = labels[place];
  return { digit, nth: labels.subarray(0, place).filter((label) => label === digit).length };
}
