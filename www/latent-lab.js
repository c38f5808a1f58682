/** The one script to include: it registers `<latent-lab>`. Where there are no elements, as on a server, importing it does nothing. */

import { LatentLabElement } from './element/element.js';

if (globalThis.customElements && !customElements.get('latent-lab')) {
  customElements.define('latent-lab', LatentLabElement);
}

export { LatentLabElement };
