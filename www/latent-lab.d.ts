/** Types of `<latent-lab>` for hosts that are written in TypeScript. docs/embedding.md says what each attribute does. */

export type FigureName =
  'morph' | 'paths' | 'samples' | 'map' | 'puzzle' | 'traversal' | 'posterior' | 'microscope' | 'direction' | 'train';

/** What went wrong, by kind. */
export type FailureKind =
  'no-wasm' | 'no-simd' | 'worker' | 'module' | 'crash' | 'missing' | 'unreachable' | 'file' | 'request';

export interface Failure extends Error {
  readonly kind: FailureKind;
}

/** One stored picture: the nth of its digit, from 0. */
export interface Endpoint {
  digit: number;
  nth: number;
}

/** Codes that take the place of stored pictures, as drawings have them. */
export interface Codes {
  from: number[] | null;
  to: number[] | null;
}

/** Everything that determines what is shown. */
export interface FigureState {
  figure: FigureName;
  engine: 'auto' | 'webgpu' | 'cpu';
  /** Workers that share a training step or a large request on the CPU; 0 to have them chosen. */
  threads: number;
  model: string;
  compare: string;
  seed: number;
  from: Endpoint;
  to: Endpoint;
  z: Codes;
  t: number;
  path: 'slerp' | 'lerp' | 'geodesic';
  invite: boolean;
  autoplay: boolean;
  loop: 'bounce' | 'restart';
  speed: number;
  temperature: number;
  prior: 'normal' | 'gaussian' | 'mixture';
  fit: boolean;
  check: boolean;
  show: 'both' | 'model' | 'compare';
  x: number;
  y: number;
  extent: number;
  classes: string;
  grid: 'shown' | 'hidden';
  lens: 'none' | 'density' | 'error';
  day: string;
  moved: string;
  way: 'transposed' | 'overlap' | 'convolution';
  input: string;
  weights: string;
  kernel: number;
  stride: number;
  padding: number;
  outputPadding: number;
  step: number;
  example: string;
  plus: number[] | null;
  minus: number[] | null;
  amount: number;
  analogy: number[] | null;
  lesson: 'free' | 'one-picture' | 'sizes' | 'few-and-many';
  plan: string;
  controls: string;
  loading: 'lazy' | 'eager';
  poster: string;
  label: string;
  caption: string;
  theme: 'auto' | 'light' | 'dark';
  hash: string;
}

export type Progress =
  | { stage: 'files'; done: number; of: number }
  | { stage: 'training'; phase: 'empty' | 'paused' | 'running' | 'stopped'; step: number };

export interface LatentLabEventMap {
  load: CustomEvent<{ figure: FigureName; model: string }>;
  progress: CustomEvent<Progress>;
  /** `detail` holds what the reader has changed. */
  change: CustomEvent<Partial<FigureState>>;
  error: CustomEvent<Failure>;
}

export interface StillOptions {
  /** Screen pixels for each of the model's; 4 unless said otherwise. */
  scale?: number;
  /** Dark strokes on white; as the figure is shown unless said otherwise. */
  ink?: boolean;
}

export interface FilmOptions extends StillOptions {
  /** 49 unless said otherwise. */
  frames?: number;
  /** Frames a second; 12 unless said otherwise. */
  rate?: number;
}

/**
 * Each attribute as a property. `from`, `to`, `z`, `plus`, `minus` and `analogy` are their text, as the attributes have it; numbers may be
 * set as lists.
 */
export interface LatentLabAttributes extends Omit<FigureState, 'from' | 'to' | 'z' | 'plus' | 'minus' | 'analogy'> {
  from: string;
  to: string;
  z: string;
  plus: string;
  minus: string;
  analogy: string;
}

export interface LatentLabElement extends LatentLabAttributes {}

export class LatentLabElement extends HTMLElement {
  static readonly observedAttributes: string[];
  /** Where the site is that the embed dialog points to; null where it is the one that the script is from. */
  static site: string | null;
  /** How far the figure has got. */
  readonly status: 'idle' | 'loading' | 'ready' | 'error';
  /** What is shown, as it is now. */
  readonly state: FigureState;
  /** When there is a picture; fails when the figure does. */
  whenReady(): Promise<this>;
  play(): void;
  pause(): void;
  /** Pictures of codes of the figure's model, one after the other. */
  decode(z: ArrayLike<number>): Promise<ImageData[]>;
  /** The code of a picture's middle, white on black as the model's data is, brought to the model's size. */
  encode(
    picture: ImageData | ImageBitmap | HTMLCanvasElement | HTMLImageElement | Blob,
  ): Promise<{ mean: Float32Array; logVar: Float32Array | undefined }>;
  /** What the figure shows, as a picture. */
  toBlob(type?: string, options?: StillOptions): Promise<Blob>;
  /** What the figure shows one after the other. */
  toGIF(options?: FilmOptions): Promise<Blob>;
  addEventListener<K extends keyof LatentLabEventMap>(
    type: K,
    listener: (this: LatentLabElement, event: LatentLabEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Attributes as HTML, JSX and templates have them: by their own names, each as it is or as text. A flag is `true` or empty. */
export type LatentLabProps = {
  [K in Exclude<keyof LatentLabAttributes, 'outputPadding'>]?:
    | LatentLabAttributes[K]
    | (LatentLabAttributes[K] extends number ? `${number}` : LatentLabAttributes[K] extends boolean ? '' : never);
} & { 'output-padding'?: number | `${number}` };

declare global {
  interface HTMLElementTagNameMap {
    'latent-lab': LatentLabElement;
  }
}
