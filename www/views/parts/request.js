/**
 * Requests of a view: events that bubble from its node to the element, which answers. The promise of `ask` never settles if a newer
 * request of its slot replaces it or the figure is removed. Callers that have to know this use `demand`.
 *
 * @typedef {object} Verbs
 * @property {{args: {model: string, latents: Float32Array}, answer: Uint8ClampedArray}} decode RGBA of the pictures, stacked
 * @property {{args: {model: string, rgba: Uint8ClampedArray}, answer: {mean: Float32Array, logVar: Float32Array | undefined}}}
 *   encode
 * @property {{args: {path: 'lerp' | 'slerp', from: Float32Array, to: Float32Array, frames: number}, answer: Float32Array}} interpolate
 * @property {{args: {model: string, from: Float32Array, to: Float32Array, frames: number}, answer: {value?: Float32Array, problem?:
 *   string}}} geodesic see Engine.geodesic; a failure does not end the figure
 * @property {{args: {seed: number, stream: number, count: number}, answer: Float32Array}} draws
 * @property {{args: {model: string, prior: 'gaussian' | 'mixture', seed: number, stream: number, count: number, temperature: number},
 *   answer: Float32Array}} fittedDraws random latents from a model's fitted prior; see Engine.fittedDraws
 * @property {{args: {model: string}, answer: Float32Array}} prior a model's fitted prior; see mixture.js
 * @property {{args: {columns: number, rows: number, extent: number}, answer: Float32Array}} grid
 * @property {{args: {model: string, latent: Float32Array}, answer: Float32Array}} maps feature maps of each decoder layer for one latent;
 *   see Engine.maps
 * @property {{args: {model: string}, answer: import('../../engine/types.js').StoredLatents}} stored codes of test images, from the file
 *   beside the model
 * @property {{args: {address: string}, answer: {value?: import('../../engine/types.js').StoredLatents, problem?: string}}} codes of
 *   pictures, from another file; a failure does not end the figure
 * @property {{args: Parameters<import('../../engine/engine.js').Engine['animate']>[0], answer: {value?: Uint8Array<ArrayBuffer>, problem?:
 *   string}}} animate encodes frames as a file; a failure does not end the figure
 * @property {{args: import('../../training/page/requests.js').ControllerRequest, answer: {value?: unknown, problem?: string}}} train a
 *   request to the
 *   training controller; a failure does not end the figure
 */

/** @template {keyof Verbs} [V=keyof Verbs] */
export class LatentRequest extends Event {
  /**
   * @param {V} verb
   * @param {Verbs[V]['args']} args
   * @param {string | undefined} slot
   * @param {(answer: Verbs[V]['answer']) => void} resolve
   * @param {(error: unknown) => void} [reject] without it, a failure ends the figure
   */
  constructor(verb, args, slot, resolve, reject) {
    super('latent-request', { bubbles: true });
    this.verb = verb;
    this.args = args;
    this.slot = slot;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/**
 * @template {keyof Verbs} V
 * @param {Element} node
 * @param {V} verb
 * @param {Verbs[V]['args']} args
 * @param {string} [slot] a new request replaces a waiting one of the same slot
 * @returns {Promise<Verbs[V]['answer']>}
 */
export function ask(node, verb, args, slot) {
  return new Promise((resolve) => node.dispatchEvent(new LatentRequest(verb, args, slot, resolve)));
}

/**
 * Like `ask`, but always settles: it is never replaced, and it rejects if the work fails or the figure is removed.
 * @template {keyof Verbs} V
 * @param {Element} node
 * @param {V} verb
 * @param {Verbs[V]['args']} args
 * @returns {Promise<Verbs[V]['answer']>}
 */
export function demand(node, verb, args) {
  return new Promise((resolve, reject) => {
    // Outside of a document, the event would not reach the element.
    if (!node.isConnected) reject(new DOMException('the figure has left the page', 'AbortError'));
    else node.dispatchEvent(new LatentRequest(verb, args, undefined, resolve, reject));
  });
}
