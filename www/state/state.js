/**
 * A figure's state: checked values of its attributes. Missing and invalid values become the default.
 *
 * @typedef {import('./attributes.js').Endpoint} Endpoint
 * @typedef {import('./attributes.js').Codes} Codes
 *
 * @typedef {object} FigureState
 * @property {'morph' | 'paths' | 'samples' | 'map' | 'puzzle' | 'traversal' | 'posterior' | 'train' | 'microscope' | 'direction'} figure
 * @property {'auto' | 'webgpu' | 'cpu'} engine device that computes; `auto` takes the faster one
 * @property {number} threads workers that share a training step or a large request on the CPU; 0 to have them chosen
 * @property {string} model a shipped model's name or an address
 * @property {string} compare the model that `samples` shows beside `model`; empty for none
 * @property {number} seed
 * @property {Endpoint} from
 * @property {Endpoint} to
 * @property {Codes} z codes in place of `from` and `to`, as drawings have them
 * @property {boolean} invite true if the reader is asked to draw the last picture, since `z` has someone's drawing as the first one
 * @property {number} t position on the path, 0 to 1
 * @property {'lerp' | 'slerp' | 'geodesic'} path
 * @property {'bounce' | 'restart'} loop behavior at the end of the path
 * @property {boolean} autoplay
 * @property {number} speed crossings in three seconds
 * @property {number} temperature factor of random latents
 * @property {'normal' | 'gaussian' | 'mixture'} prior the distribution that random latents are drawn from: the standard normal, or one
 *   fitted to the model's codes, if its file has one
 * @property {boolean} fit true if standard normal latents get the mean and spread of the model's stored codes
 * @property {boolean} check true if `samples` marks pictures that come back as something else when they are encoded and decoded again
 * @property {'both' | 'model' | 'compare'} show
 * @property {number} x the cursor of `map`, in latent units
 * @property {number} y
 * @property {number} extent the plane of `map` reaches this far from the origin
 * @property {string} classes whose dots `map` shows: their digits, or `none`
 * @property {'shown' | 'hidden'} grid the decoded plane behind the dots of `map`
 * @property {'none' | 'density' | 'error'} lens what is painted over the plane of `map` and drawn along the path of `morph`: the density of
 *   the fitted prior, or the error of encoding what was decoded
 * @property {string} day whose target `puzzle` asks for, as in 2026-11-29; empty for today's
 * @property {string} moved numbers of the code that `traversal` moves away from the picture's values; see views/traversal/moved.js
 * @property {'transposed' | 'overlap' | 'convolution'} way operation that `microscope` shows step by step
 * @property {string} input its 4 by 4 input: the name of a preset, or numbers row by row
 * @property {string} weights of its kernel: the name of a preset, or numbers row by row
 * @property {number} kernel side of its kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} outputPadding less than the stride
 * @property {number} step how many of the 16 steps are done
 * @property {string} example the pictures that `direction` takes: the name of a ready example, `own`, or empty for the model's first
 * @property {number[] | null} plus indices of the stored pictures with the attribute; null for those of the example
 * @property {number[] | null} minus those without it
 * @property {number} amount how far the picture is moved along the direction: 1 for the difference of the means
 * @property {number[] | null} analogy indices of the stored pictures a, b and c; null for the model's
 * @property {'free' | 'one-picture' | 'sizes' | 'few-and-many'} lesson prepared training run of `train`
 * @property {string} plan settings of `train` that differ from its defaults; see training/page/run-config.js
 * @property {string} controls that are shown: `all`, `none`, names of some, or names with a minus of those left out
 * @property {'lazy' | 'eager'} loading
 * @property {string} poster address of a picture that is shown until the figure has its own
 * @property {string} label accessible name of the figure
 * @property {string} caption text above the figure, such as a question
 * @property {'auto' | 'light' | 'dark'} theme
 * @property {string} hash of the model files that the other attributes were written for; see address.js
 */

import { attributeNames, attributes, propertyOf } from './attributes.js';

/** @typedef {Pick<Element, 'getAttribute' | 'hasAttribute'>} Attributes */

/**
 * Reads the state from attributes. The engine in the page's address (`?engine=cpu`) is the reader's choice and takes precedence.
 * @param {Attributes} element
 * @param {(problem: string) => void} [report] gets each invalid value
 * @returns {FigureState}
 */
export function readState(element, report = () => {}) {
  /** @type {Record<string, unknown>} */
  const state = {};
  const asked = new URLSearchParams(globalThis.location?.search).get('engine');
  for (const name of attributeNames) {
    const given = (name === 'engine' && asked) || element.getAttribute(name);
    state[propertyOf(name)] = given === null ? attributes[name].fallback : readOne(name, given, report);
  }
  state.model ||= state.figure === 'map' || state.figure === 'puzzle' ? 'map' : 'digits';
  // Only the digits have two networks that differ only in their kind.
  state.compare ||= state.model === 'digits' ? 'digits-plain' : '';
  return /** @type {FigureState} */ (state);
}

/**
 * @param {import('./attributes.js').AttributeName} name
 * @param {string} given
 * @param {(problem: string) => void} report
 */
function readOne(name, given, report) {
  const { read, fallback } = attributes[name];
  const value = read(given.trim());
  const isCut = typeof value === 'number' && value !== Number(given);
  if (value === undefined || isCut) report(`${name}="${given.slice(0, 60)}"`);
  return value ?? fallback;
}

/**
 * Attributes that reproduce a state, without those that have their default.
 * @param {FigureState} state
 * @returns {[name: string, value: string][]}
 */
export function writeState(state) {
  const { figure, model } = state;
  const without = (/** @type {Record<string, string>} */ given) =>
    readState({ getAttribute: (name) => given[name] ?? null, hasAttribute: () => false });
  // The default of `compare` depends on the model.
  const fallbacks = { ...without({ figure, model }), model: without({ figure }).model };
  /** @type {[string, string][]} */
  const pairs = [];
  for (const name of attributeNames) {
    const { write, shown } = /** @type {import('./attributes.js').Kind<unknown>} */ (attributes[name]);
    const property = /** @type {keyof FigureState} */ (propertyOf(name));
    const isNew = String(shown(state[property])) !== String(shown(fallbacks[property]));
    if (name === 'figure' || isNew) pairs.push([name, write(state[property])]);
  }
  return pairs;
}
