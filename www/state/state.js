/**
 * What a figure shows, as checked values of its attributes. A value that is missing or makes no sense falls back.
 *
 * @typedef {import('./attributes.js').Endpoint} Endpoint
 * @typedef {import('./attributes.js').Codes} Codes
 *
 * @typedef {object} FigureState
 * @property {'morph' | 'samples' | 'map' | 'train' | 'microscope'} figure
 * @property {'auto' | 'webgpu' | 'cpu'} engine what computes; `auto` takes the faster one
 * @property {string} model a shipped model's name or an address
 * @property {string} compare the model that `samples` shows beside it; empty for none
 * @property {number} seed
 * @property {Endpoint} from
 * @property {Endpoint} to
 * @property {Codes} z codes in place of `from` and `to`, as drawings have them
 * @property {number} t where on the way, 0 to 1
 * @property {'lerp' | 'slerp'} path
 * @property {'bounce' | 'restart'} loop what happens at the end of the way
 * @property {boolean} autoplay
 * @property {number} speed crossings in three seconds
 * @property {number} temperature what random latents are multiplied by
 * @property {boolean} fit whether random latents are moved and stretched to where a model's own codes lie
 * @property {'both' | 'model' | 'compare'} show
 * @property {number} x the cursor of `map`, in latent units
 * @property {number} y
 * @property {number} extent the plane of `map` reaches this far from the origin
 * @property {string} classes whose dots `map` shows: their digits, or `none`
 * @property {'shown' | 'hidden'} grid the decoded plane behind the dots of `map`
 * @property {'transposed' | 'overlap' | 'convolution'} way what `microscope` looks at by hand
 * @property {string} input its 4 by 4 input: the name of a preset, or numbers row by row
 * @property {string} weights of its kernel: the name of a preset, or numbers row by row
 * @property {number} kernel side of its kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} outputPadding less than the stride
 * @property {number} step how many of the 16 steps are done
 * @property {'free' | 'one-picture'} lesson what `train` is prepared for
 * @property {string} plan settings of `train` that differ from those it is prepared with; see training/page/run-config.js
 * @property {string} controls which controls there are: `all`, `none`, names of some, or names with a minus of those left out
 * @property {'lazy' | 'eager'} loading
 * @property {string} poster address of a picture that is shown until the figure has its own
 * @property {string} label what the figure is called, for those who do not see it
 * @property {'auto' | 'light' | 'dark'} theme
 * @property {string} hash of the model files that the other attributes were written for; see address.js
 */

import { attributeNames, attributes, propertyOf } from './attributes.js';

/** @typedef {Pick<Element, 'getAttribute' | 'hasAttribute'>} Attributes */

/**
 * The engine can also be asked for in the page's address (`?engine=cpu`), which is the reader's and so comes first.
 * @param {Attributes} element
 * @param {(problem: string) => void} [complain] hears of each value that makes no sense
 * @returns {FigureState}
 */
export function readState(element, complain = () => {}) {
  /** @type {Record<string, any>} */
  const state = {};
  const asked = new URLSearchParams(globalThis.location?.search).get('engine');
  for (const name of attributeNames) {
    const given = (name === 'engine' && asked) || element.getAttribute(name);
    state[propertyOf(name)] = given === null ? attributes[name].fallback : readOne(name, given, complain);
  }
  state.model ||= state.figure === 'map' ? 'map' : 'digits';
  // Only of the digits there are two networks that differ in their kind alone.
  state.compare ||= state.model === 'digits' ? 'digits-plain' : '';
  return /** @type {FigureState} */ (state);
}

/**
 * @param {import('./attributes.js').AttributeName} name
 * @param {string} given
 * @param {(problem: string) => void} complain
 */
function readOne(name, given, complain) {
  const { read, fallback } = attributes[name];
  const value = read(given.trim());
  const isCut = typeof value === 'number' && value !== Number(given);
  if (value === undefined || isCut) complain(`${name}="${given.slice(0, 60)}"`);
  return value ?? fallback;
}

/**
 * Attributes that bring a figure to a state, without those that say nothing new.
 * @param {FigureState} state
 * @returns {[name: string, value: string][]}
 */
export function writeState(state) {
  const { figure, model } = state;
  const without = (/** @type {Record<string, string>} */ given) =>
    readState({ getAttribute: (name) => given[name] ?? null, hasAttribute: () => false });
  // Which model is shown beside another depends on that one.
  const fallbacks = { ...without({ figure, model }), model: without({ figure }).model };
  /** @type {[string, string][]} */
  const pairs = [];
  for (const name of attributeNames) {
    const { write, shown } = /** @type {import('./attributes.js').Kind<any>} */ (attributes[name]);
    const property = /** @type {keyof FigureState} */ (propertyOf(name));
    const isNew = String(shown(state[property])) !== String(shown(fallbacks[property]));
    if (name === 'figure' || isNew) pairs.push([name, write(state[property])]);
  }
  return pairs;
}
