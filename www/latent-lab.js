/** The one script to include: it registers `<latent-lab>`. */

import { LatentLabElement } from './element.js';

if (!customElements.get('latent-lab')) customElements.define('latent-lab', LatentLabElement);

export { LatentLabElement };
