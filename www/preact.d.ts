/** `<latent-lab>` in the JSX of Preact: `import 'latent-lab/preact'` in place of `import 'latent-lab'`. */

import type { JSX as Preact, Ref } from 'preact';
import type { LatentLabElement, LatentLabProps } from './latent-lab.js';

export * from './latent-lab.js';

type Props = Omit<Preact.IntrinsicElements['div'], 'ref' | keyof LatentLabProps> &
  LatentLabProps & { ref?: Ref<LatentLabElement> };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'latent-lab': Props;
    }
  }
}
