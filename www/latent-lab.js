/** The script to include: registers `<latent-lab>`. Does nothing without custom elements, as on a server. */

import { LatentLabElement } from './element/element.js';

if (globalThis.customElements && !customElements.get('latent-lab')) {
  customElements.define('latent-lab', LatentLabElement);
}

export { LatentLabElement };
