/**
 * The page that the package for Python puts into a frame. Its networks and the figure's attributes
 * are in the page itself, as JSON with the id `figure`. To its parent it sends the messages of
 * embed.js, `{type: 'latent-lab:ready'}` once it listens, and `{type: 'latent-lab:change',
 * attributes}` after a change by the reader; from its parent, it takes `{type: 'latent-lab:set',
 * attributes}`, where null removes an attribute.
 */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { attributes as kinds, propertyOf } from '../state/attributes.js';
import { send, showAlone } from './lone-figure.js';

/**
 * @typedef {import('../state/attributes.js').AttributeName} AttributeName
 * @typedef {Partial<Record<AttributeName, string | number | boolean | null>>} Values
 * @typedef {{name: string, file: string, latents: string | null}} Network file and stored latents in base64
 * @typedef {{attributes: Values, language: string | null, networks: Network[]}} Contents
 */

/** Number of latents that are drawn at random if none are stored. */
const DRAWN = 300;

/** Number of classes that figures have colors and buttons for. */
const MOST_CLASSES = 10;

/** Controls that lead to a site or another network, which do not exist here. */
const WITHOUT = '-embed -two -share -give-back';

const element = /** @type {HTMLElement} */ (document.getElementById('figure'));
const { attributes, language, networks } = /** @type {Contents} */ (JSON.parse(element.textContent ?? ''));
element.remove();

pageEngine.acquire();
try {
  for (const network of networks) await provide(network);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  document.querySelector('main')?.append(message);
  send({ type: 'latent-lab:error', message });
  throw error;
}
const figure = showAlone(Object.entries(written({ controls: 'all', ...attributes })).filter(isGiven), language);
pageEngine.release();

figure.addEventListener('change', (event) => {
  const { detail } = /** @type {CustomEvent<Record<string, unknown>>} */ (event);
  send({ type: 'latent-lab:change', attributes: shownOf(detail) });
});

addEventListener('message', ({ data, source }) => {
  if (source !== parent || data?.type !== 'latent-lab:set') return;
  for (const [name, value] of Object.entries(written(data.attributes))) {
    if (value === null) figure.removeAttribute(name);
    else if (value !== shownText(name)) figure.setAttribute(name, value);
  }
  document.documentElement.dataset.theme = figure.theme;
});

send({ type: 'latent-lab:ready' });

/** The figure's current value of an attribute, which the reader may have changed since it was set. @param {string} name */
function shownText(name) {
  const known = /** @type {AttributeName} */ (name);
  const { write } = /** @type {import('../state/attributes.js').Kind<unknown>} */ (kinds[known]);
  const state = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (figure.state));
  return write(state[propertyOf(known)]);
}

/**
 * Makes a network known under its name.
 * @param {Network} network
 */
async function provide({ name, file, latents }) {
  const model = blobOf(file);
  // Both are checked here, so that the message is about the file and not about a figure.
  const { config } = await pageEngine.inspect(model);
  const stored = latents === null ? await drawnLatents(config.latent) : await storedLatents(latents, name);
  pageEngine.provide(modelAddress(name), model, latentsAddress(name), stored);
}

/** @param {number} latent @returns {Promise<import('../engine/types.js').StoredLatents>} */
async function drawnLatents(latent) {
  const mean = await pageEngine.draws({ seed: 1, stream: 0, count: DRAWN * latent });
  return { latent, mean, labels: null, own: 'draws' };
}

/**
 * @param {string} text in base64
 * @param {string} name of the network
 * @returns {Promise<import('../engine/types.js').StoredLatents>}
 */
async function storedLatents(text, name) {
  const { latent, mean, labels } = await pageEngine.readLatents(blobOf(text));
  // A given network has a name that says so; shipped ones have their own names.
  const own = /^dropped-/.test(name) ? /** @type {const} */ ('pictures') : undefined;
  return { latent, mean, labels: labels?.some((label) => label >= MOST_CLASSES) ? null : labels, own };
}

/** @param {string} text in base64 */
function blobOf(text) {
  return new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
}

/**
 * Attributes as text; null for those that are absent. Unknown names are left out: a newer package may know more than an older page.
 * @param {Values} values
 * @returns {Record<string, string | null>}
 */
function written(values) {
  const known = Object.entries(values).filter(([name]) => name in kinds);
  return Object.fromEntries(
    known.map(([name, value]) => {
      if (value === null || value === false) return [name, null];
      if (name === 'controls') return [name, controlsOf(String(value))];
      return [name, value === true ? '' : String(value)];
    }),
  );
}

/** @param {string} given */
function controlsOf(given) {
  if (['', 'all'].includes(given)) return WITHOUT;
  return given.trim().startsWith('-') ? `${given} ${WITHOUT}` : given;
}

/** @param {[string, string | null]} entry @returns {entry is [string, string]} */
function isGiven(entry) {
  return entry[1] !== null;
}

/**
 * The reader's changes, as values of the element's properties.
 * @param {Record<string, unknown>} changed by the names that `state` uses
 * @returns {Values}
 */
function shownOf(changed) {
  const names = /** @type {AttributeName[]} */ (Object.keys(kinds)).filter((name) => propertyOf(name) in changed);
  return Object.fromEntries(
    names.map((name) => {
      const { shown } = /** @type {import('../state/attributes.js').Kind<unknown>} */ (kinds[name]);
      return [name, shown(changed[propertyOf(name)])];
    }),
  );
}
