/** The class of the element, at the address that hosts import it from; latent-lab.js registers it. */

export { LatentLabElement } from './element/element.js';
