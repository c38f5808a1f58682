/**
 * The page for frames: one figure, from the parameters of the address, after `?` or `#`. It sends its parent
 * `{type: 'latent-lab:height', height}` in CSS pixels whenever the height changes, and `{type: 'latent-lab:load'}` or
 * `{type: 'latent-lab:error', message}` once. The receiving side is in docs/embedding.md.
 */

import { attributesOf } from '../state/address.js';
import '../latent-lab.js';
import { setLevelAbove } from '../views/parts/heading.js';

const parameters = new URLSearchParams([
  ...new URLSearchParams(location.search),
  ...new URLSearchParams(location.hash.slice(1)),
]);
const language = parameters.get('lang');
parameters.delete('lang');

if (language && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language)) document.documentElement.lang = language;
const figure = document.createElement('latent-lab');
for (const [name, value] of attributesOf(parameters)) figure.setAttribute(name, value);
const { theme, label } = /** @type {HTMLElement & {theme: string, label: string}} */ (figure);
document.documentElement.dataset.theme = theme;
// The page's own heading is the only one above the figure.
setLevelAbove(1);
const title = document.createElement('h1');
title.textContent = label || document.title;
if (label) document.title = label;
document.querySelector('main')?.append(title, figure);

figure.addEventListener('load', () => send({ type: 'latent-lab:load' }));
figure.addEventListener('error', (event) =>
  send({ type: 'latent-lab:error', message: /** @type {CustomEvent} */ (event).detail.message }),
);

let sentHeight = 0;
new ResizeObserver(() => {
  const { height } = document.documentElement.getBoundingClientRect();
  if (height === sentHeight) return;
  sentHeight = height;
  send({ type: 'latent-lab:height', height });
}).observe(document.documentElement);

/** Any origin may embed this page, so any may receive its messages. @param {object} message */
function send(message) {
  if (parent !== window) parent.postMessage(message, '*');
}

// A new state in the address needs a new figure.
addEventListener('hashchange', () => location.reload());
