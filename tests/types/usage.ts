// Typical code of hosts compiles, and the declared class matches the implementation. Only compiled, never run.

import { LatentLabElement, type Codes, type Endpoint, type FigureState, type LatentLabAttributes } from '../../www/latent-lab.js';
import { attributes } from '../../www/state/attributes.js';
import { LatentLabElement as Real } from '../../www/element/element.js';
import type { FigureState as RealState } from '../../www/state/state.js';

/** `true` if both types are assignable to each other: everything declared exists, and everything that exists is declared. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export const sameState: Same<FigureState, RealState> = true;

type Methods = 'status' | 'state' | 'whenReady' | 'play' | 'pause' | 'decode' | 'encode' | 'toBlob' | 'toGIF';
type Bare<T> = { [K in Methods & keyof T]: T[K] extends (...given: infer G) => infer R ? (...given: G) => (R extends Promise<Element> ? Promise<Element> : R) : T[K] };
export const sameMethods: Same<Bare<LatentLabElement>, Bare<Real>> = true;
export const sameStatics: Same<(typeof LatentLabElement)['site'], (typeof Real)['site']> = true;

type Camel<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<B>}` : S;
export const sameAttributes: Same<keyof LatentLabAttributes, Camel<keyof typeof attributes>> = true;

const figure = document.createElement('latent-lab');
figure.figure = 'samples';
figure.seed = 7;
figure.autoplay = true;
figure.from = '3:2';
figure.addEventListener('load', ({ detail }) => detail.figure.length);
figure.addEventListener('progress', ({ detail }) => (detail.stage === 'files' ? detail.done / detail.of : detail.step));
figure.addEventListener('change', ({ detail }) => detail.t?.toFixed(2));
figure.addEventListener('error', ({ detail }) => detail.kind === 'missing');
export async function use(): Promise<Blob> {
  const ready: LatentLabElement = await figure.whenReady();
  const [picture]: ImageData[] = await ready.decode([0, 1]);
  const { mean } = await ready.encode(picture);
  mean.fill(0);
  const endpoint: Endpoint = ready.state.from;
  const codes: Codes = ready.state.z;
  await ready.toGIF({ frames: endpoint.digit + (codes.from?.length ?? 0), rate: 10 });
  return ready.toBlob('image/png', { scale: 2, ink: true });
}
customElements.define('my-figure', class extends LatentLabElement {});

// @ts-expect-error there is no such figure
figure.figure = 'pie';
// @ts-expect-error a seed is a number
figure.seed = '7';
