/**
 * The page for frames: one figure, from the parameters of the address, after `?` or `#`. It tells the page around how high it
 * is: `{type: 'latent-lab:height', height}` in CSS pixels, whenever that changes, and `{type: 'latent-lab:load'}` or
 * `{type: 'latent-lab:error', message}` once; docs/embedding.md has the other side.
 */

import { attributesOf } from '../state/address.js';
import '../latent-lab.js';

const parameters = new URLSearchParams([
  ...new URLSearchParams(location.search),
  ...new URLSearchParams(location.hash.slice(1)),
]);
const language = parameters.get('lang');
parameters.delete('lang');

if (language && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language)) document.documentElement.lang = language;
const figure = document.createElement('latent-lab');
for (const [name, value] of attributesOf(parameters)) figure.setAttribute(name, value);
const { theme, label } = /** @type {any} */ (figure);
document.documentElement.dataset.theme = theme;
const title = document.createElement('h1');
title.textContent = label || document.title;
if (label) document.title = label;
document.querySelector('main')?.append(title, figure);

figure.addEventListener('load', () => tell({ type: 'latent-lab:load' }));
figure.addEventListener('error', (event) =>
  tell({ type: 'latent-lab:error', message: /** @type {CustomEvent} */ (event).detail.message }),
);

let told = 0;
new ResizeObserver(() => {
  const { height } = document.documentElement.getBoundingClientRect();
  if (height === told) return;
  told = height;
  tell({ type: 'latent-lab:height', height });
}).observe(document.documentElement);

/** Whoever embeds this may hear it. @param {object} message */
function tell(message) {
  if (parent !== window) parent.postMessage(message, '*');
}

// Another state in the address is another figure.
addEventListener('hashchange', () => location.reload());
