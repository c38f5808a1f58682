/** `<latent-lab>` in the JSX of React 18 and 19: `import 'latent-lab/react'` in place of `import 'latent-lab'`. */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { LatentLabElement, LatentLabProps } from './latent-lab.js';

export * from './latent-lab.js';

type Props = DetailedHTMLProps<Omit<HTMLAttributes<LatentLabElement>, keyof LatentLabProps>, LatentLabElement> &
  LatentLabProps;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'latent-lab': Props;
    }
  }
}

// Where React's types are of the time before `React.JSX`.
declare global {
  namespace JSX {
    interface IntrinsicElements {
      'latent-lab': Props;
    }
  }
}
