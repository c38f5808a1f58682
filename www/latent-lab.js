/** The script to include: registers `<latent-lab>`. Without custom elements, as on a server, it does nothing. */

import { LatentLabElement } from './element/element.js';

if (globalThis.customElements && !customElements.get('latent-lab')) {
  customElements.define('latent-lab', LatentLabElement);
}

export { LatentLabElement };
