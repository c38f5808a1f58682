/**
 * A figure's state as parameters of an address, and back. `#latent-lab?figure=morph&t=0.5` applies to the first figure of that kind on
 * any page; embed.html takes the same parameters after `?` or `#`.
 */

import { attributeNames, attributes } from './attributes.js';
import { readState, writeState } from './state.js';

/** Start of the hashes that are meant for figures. All others belong to the page. */
export const PREFIX = '#latent-lab?';

/** The id of the figure to which a link applies. Such a link has all values that differ from the defaults. */
const AT = 'at';

/** Attributes that say nothing about the picture. */
const PRIVATE = new Set(['loading', 'hash']);

/**
 * Changed defaults of version 0.1.0. Its links leave them out, so they are read with these values. Such links have a hash without the
 * attribute, which links now always include.
 */
const EARLIER_DEFAULTS = /** @type {const} */ ({ from: '3', to: '8' });

/** Starts of the hashes of the model `cats` before it was sharpened. Links with them mean that model, which now has another name. */
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
 * Valid attributes of an address. A single warning names the invalid ones.
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
  const known = /** @type {readonly string[]} */ ([...attributeNames, AT]);
  for (const name of Object.keys(given)) if (!known.includes(name)) report(`${name}="${given[name].slice(0, 60)}"`);
  if (problems.length > 0) {
    console.warn(`latent-lab: invalid ${problems.join(', ')} in the address`);
  }
  return writeState(state);
}

/**
 * Applies the page's address to a figure, if it has the id that the address names, or is the first of its kind.
 * @param {Element} element
 * @param {string} hash of the address
 */
export function takeAddress(element, hash) {
  if (!hash.startsWith(PREFIX)) return;
  const parameters = new URLSearchParams(hash.slice(PREFIX.length));
  const figure = parameters.get('figure') ?? 'morph';
  const named = namedFigure(element, parameters.get(AT), figure);
  if ((named ?? firstOf(element, figure)) !== element) return;
  const given = new Map(attributesOf(parameters));
  const left = named ? attributeNames.filter((name) => !given.has(name) && !PRIVATE.has(name)) : [];
  for (const name of left) element.removeAttribute(name);
  for (const [name, value] of given) element.setAttribute(name, value);
  element.scrollIntoView({ block: 'nearest' });
}

/**
 * The hash that `takeAddress` applies to a figure; null if another figure of the page would take it.
 * @param {Element & {state: import('./state.js').FigureState}} element
 * @param {string} hash of its model files; empty if unknown
 */
export function hashOf(element, hash) {
  const { id, state } = element;
  if (namedFigure(element, id, state.figure) === element) {
    return `${PREFIX}${new URLSearchParams({ [AT]: id, ...Object.fromEntries(parametersOf(state, hash)) })}`;
  }
  return firstOf(element, state.figure) === element ? `${PREFIX}${parametersOf(state, hash)}` : null;
}

/**
 * @param {Element} element
 * @param {string | null} id
 * @param {string} figure the kind that it must have
 * @returns {Element | null}
 */
function namedFigure({ localName }, id, figure) {
  const named = document.getElementById(id ?? '');
  return named?.localName === localName && readState(named).figure === figure ? named : null;
}

/**
 * @param {Element} element
 * @param {string} figure
 */
function firstOf({ localName }, figure) {
  return [...document.querySelectorAll(localName)].find((other) => readState(other).figure === figure);
}
