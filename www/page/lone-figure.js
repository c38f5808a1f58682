/** A page with a single figure, which reports the figure's status and the page's height to its parent. */

import '../latent-lab.js';
import { setLevelAbove } from '../views/parts/heading.js';

/** @typedef {import('../latent-lab.js').LatentLabElement & {theme: string, label: string}} LoneFigure */

/**
 * @param {Iterable<[name: string, value: string]>} attributes
 * @param {string | null} language
 */
export function showAlone(attributes, language) {
  if (language && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language)) document.documentElement.lang = language;
  const figure = /** @type {LoneFigure} */ (document.createElement('latent-lab'));
  for (const [name, value] of attributes) figure.setAttribute(name, value);
  document.documentElement.dataset.theme = figure.theme;
  // The page's own heading is the only one above the figure.
  setLevelAbove(1);
  const title = document.createElement('h1');
  title.textContent = figure.label || document.title;
  if (figure.label) document.title = figure.label;
  document.querySelector('main')?.append(title, figure);
  report(figure);
  return figure;
}

/** @param {LoneFigure} figure */
function report(figure) {
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
}

/** Any origin may embed this page, so any may receive its messages. @param {object} message */
export function send(message) {
  if (parent !== window) parent.postMessage(message, '*');
}
