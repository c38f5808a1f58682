/**
 * A figure's state as parameters of an address, and back. `#latent-lab?figure=morph&t=0.5` on any page is for its first
 * figure of that kind; the page embed.html takes the same parameters after `?` or `#`.
 */

import { attributeNames } from './attributes.js';
import { readState, writeState } from './state.js';

/** Only what begins like this is ours; every other address is the page's own. */
export const PREFIX = '#latent-lab?';

/** What says nothing about the picture. */
const PRIVATE = new Set(['loading', 'hash']);

/**
 * @param {import('./state.js').FigureState} state
 * @param {string} hash of its model files; empty where it is not known
 */
export function parametersOf(state, hash) {
  const pairs = writeState(state).filter(([name]) => !PRIVATE.has(name));
  return new URLSearchParams(hash ? [...pairs, ['hash', hash]] : pairs);
}

/**
 * Attributes that an address asks for, all of which make sense. One warning names what does not.
 * @param {URLSearchParams} parameters
 * @returns {[name: string, value: string][]}
 */
export function attributesOf(parameters) {
  /** @type {string[]} */
  const problems = [];
  const complain = (/** @type {string} */ problem) => problems.push(problem);
  const given = Object.fromEntries(parameters);
  const state = readState(
    { getAttribute: (name) => given[name] ?? null, hasAttribute: (name) => name in given },
    complain,
  );
  const known = /** @type {readonly string[]} */ (attributeNames);
  for (const name of Object.keys(given)) if (!known.includes(name)) complain(`${name}="${given[name].slice(0, 60)}"`);
  if (problems.length > 0) {
    console.warn(`latent-lab: the address asks for ${problems.join(', ')}, which makes no sense here`);
  }
  return writeState(state);
}

/**
 * What the page's address asks of this figure, if it is the first of its kind.
 * @param {Element} element
 * @param {string} hash of the address
 */
export function takeAddress(element, hash) {
  if (!hash.startsWith(PREFIX)) return;
  const parameters = new URLSearchParams(hash.slice(PREFIX.length));
  const figure = parameters.get('figure') ?? 'morph';
  const same = [...document.querySelectorAll(element.localName)].find((other) => readState(other).figure === figure);
  if (same !== element) return;
  for (const [name, value] of attributesOf(parameters)) element.setAttribute(name, value);
  element.scrollIntoView({ block: 'nearest' });
}
