/**
 * The page for frames: one figure, from the parameters of the address, after `?` or `#`. It sends its parent
 * `{type: 'latent-lab:height', height}` in CSS pixels whenever the height changes, and `{type: 'latent-lab:load'}` or
 * `{type: 'latent-lab:error', message}` once. The receiving side is in docs/embedding.md.
 */

import { attributesOf } from '../state/address.js';
import { showAlone } from './lone-figure.js';

const parameters = new URLSearchParams([
  ...new URLSearchParams(location.search),
  ...new URLSearchParams(location.hash.slice(1)),
]);
const language = parameters.get('lang');
parameters.delete('lang');
showAlone(attributesOf(parameters), language);

// A new state in the address needs a new figure.
addEventListener('hashchange', () => location.reload());
