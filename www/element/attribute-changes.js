import { propertyOf } from '../state/attributes.js';
import { readState } from '../state/state.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** Collects attributes that change together into one update, and warns of invalid values. */
export class AttributeChanges {
  #element;
  #onChange;
  /** Names of attributes that have changed. @type {Set<string>} */
  #changed = new Set();
  #warned = '';

  /**
   * @param {HTMLElement} element
   * @param {() => void} onChange called once for all attributes that the host changes in a row
   */
  constructor(element, onChange) {
    this.#element = element;
    this.#onChange = onChange;
  }

  get isEmpty() {
    return this.#changed.size === 0;
  }

  /** @param {string} name of an attribute that has changed */
  add(name) {
    if (this.isEmpty) queueMicrotask(this.#onChange);
    this.#changed.add(name);
  }

  /**
   * Reads all attributes, and drops changes by the reader.
   * @returns {FigureState}
   */
  takeAll() {
    this.#changed.clear();
    return this.#read();
  }

  /**
   * Reads the attributes that have changed. Other changes by the reader stay.
   * @param {FigureState} now
   * @returns {{state: FigureState, changed: Set<string>}} the new state, and the names of its properties that were read
   */
  take(now) {
    const changed = new Set([...this.#changed].map(propertyOf));
    this.#changed.clear();
    if (changed.has('figure')) changed.add('model');
    if (changed.has('model')) changed.add('compare');
    const fresh = Object.entries(this.#read()).filter(([name]) => changed.has(name));
    return { state: { ...now, ...Object.fromEntries(fresh) }, changed };
  }

  /** Checked values of all attributes. Warns once about the invalid ones. */
  #read() {
    /** @type {string[]} */
    const problems = [];
    const state = readState(this.#element, (problem) => problems.push(problem));
    const invalid = problems.join(', ');
    if (invalid && invalid !== this.#warned) {
      console.warn(`latent-lab: invalid ${invalid}; the nearest valid value or the default is used`);
    }
    this.#warned = invalid;
    return state;
  }
}
