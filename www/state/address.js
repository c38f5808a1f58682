/**
 * A figure's state as parameters of an address, and back. `#latent-lab?figure=morph&t=0.5` on any page is for its first
 * figure of that kind; the page embed.html takes the same parameters after `?` or `#`.
 */

import { attributeNames, attributes } from './attributes.js';
import { readState, writeState } from './state.js';

/** Start of the hashes that are meant for figures. All others belong to the page. */
export const PREFIX = '#latent-lab?';

/** Attributes that say nothing about the picture. */
const PRIVATE = new Set(['loading', 'hash']);

/**
 * Defaults of version 0.1.0 that have changed. Its links leave them out, so they are read with these. They are known by their hash
 * without the attribute, since links now always include it.
 */
const EARLIER_DEFAULTS = /** @type {const} */ ({ from: '3', to: '8' });

/** Starts of the hashes of the model `cats` before it was sharpened. Links with them mean that model, which has another name since. */
const BLURRED_CATS = ['7bc9046d6b99', '62cd895f83f7'];

/** Figures with these attributes. */
const WITH_ENDS = new Set(['morph', 'microscope']);

/**
 * @param {import('./state.js').FigureState} state
 * @param {string} hash of its model files; empty if unknown
 */
export function parametersOf(state, hash) {
  const { from, to } = attributes;
  const ends = { from: from.write(state.from), to: to.write(state.to) };
  const written = Object.fromEntries(writeState(state).filter(([name]) => !PRIVATE.has(name)));
  return new URLSearchParams({ ...written, ...(WITH_ENDS.has(state.figure) && ends), ...(hash && { hash }) });
}

/**
 * Valid attributes of an address. One warning names the invalid ones.
 * @param {URLSearchParams} parameters
 * @returns {[name: string, value: string][]}
 */
export function attributesOf(parameters) {
  /** @type {string[]} */
  const problems = [];
  const report = (/** @type {string} */ problem) => problems.push(problem);
  const isWithEnds = WITH_ENDS.has(parameters.get('figure') ?? attributes.figure.fallback);
  /** @type {Record<string, string>} */
  const given = {
    ...(isWithEnds && parameters.get('hash') && EARLIER_DEFAULTS),
    ...Object.fromEntries(parameters),
  };
  if (BLURRED_CATS.some((hash) => given.hash?.includes(hash))) {
    for (const name of ['model', 'compare']) if (given[name] === 'cats') given[name] = 'cats-blurred';
  }
  const state = readState(
    { getAttribute: (name) => given[name] ?? null, hasAttribute: (name) => name in given },
    report,
  );
  const known = /** @type {readonly string[]} */ (attributeNames);
  for (const name of Object.keys(given)) if (!known.includes(name)) report(`${name}="${given[name].slice(0, 60)}"`);
  if (problems.length > 0) {
    console.warn(`latent-lab: invalid ${problems.join(', ')} in the address`);
  }
  return writeState(state);
}

/**
 * Applies the page's address to a figure, if it is the first of its kind.
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
