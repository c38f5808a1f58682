/** The class of the element, at the address from which hosts import it; latent-lab.js registers it. */

export { LatentLabElement } from './element/element.js';
