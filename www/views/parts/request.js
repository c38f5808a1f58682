/**
 * How a view asks: by an event that bubbles from its node. Whoever joins view and engine answers; the view knows
 * neither. A request of `ask` that is replaced by a newer one of its slot, or whose figure goes, is never answered, and nothing
 * after its `await` runs: so nobody may wait for its end. Work with an end that somebody waits for uses `demand`.
 *
 * @typedef {object} Verbs
 * @property {{args: {model: string, latents: Float32Array}, answer: Uint8ClampedArray}} decode RGBA of the pictures, stacked
 * @property {{args: {model: string, rgba: Uint8ClampedArray}, answer: {mean: Float32Array}}} encode
 * @property {{args: {path: 'lerp' | 'slerp', from: Float32Array, to: Float32Array, frames: number}, answer: Float32Array}} interpolate
 * @property {{args: {seed: number, stream: number, count: number}, answer: Float32Array}} draws
 * @property {{args: {columns: number, rows: number, extent: number}, answer: Float32Array}} grid
 * @property {{args: {model: string, latent: Float32Array}, answer: Float32Array}} maps what each layer of the decoder makes of one latent;
 *   see Engine.maps
 * @property {{args: {model: string}, answer: import('../../engine/engine.js').StoredLatents}} stored codes of test images, from the file
 *   beside the model
 * @property {{args: Parameters<import('../../engine/engine.js').Engine['animate']>[0], answer: {value?: Uint8Array<ArrayBuffer>, problem?:
 *   string}}} animate frames as a file; it never fails the figure
 * @property {{args: import('../../training/page/requests.js').ControllerRequest, answer: {value?: unknown, problem?: string}}} train a
 *   request to the training controller; it never fails the figure
 */

export class LatentRequest extends Event {
  /**
   * @param {keyof Verbs} verb
   * @param {object} args
   * @param {string | undefined} slot
   * @param {(answer: any) => void} resolve
   * @param {(error: unknown) => void} [reject] where it is missing, a failure is the figure's
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
 * @param {string} [slot] the latest request of a slot replaces one that still waits
 * @returns {Promise<Verbs[V]['answer']>}
 */
export function ask(node, verb, args, slot) {
  return new Promise((resolve) => node.dispatchEvent(new LatentRequest(verb, args, slot, resolve)));
}

/**
 * As `ask`, but always answered: nothing replaces it, and it fails where the work does or the figure goes.
 * @template {keyof Verbs} V
 * @param {Element} node
 * @param {V} verb
 * @param {Verbs[V]['args']} args
 * @returns {Promise<Verbs[V]['answer']>}
 */
export function demand(node, verb, args) {
  return new Promise((resolve, reject) => {
    // Outside of a figure nobody hears it.
    if (!node.isConnected) reject(new DOMException('the figure is not in the page any more', 'AbortError'));
    else node.dispatchEvent(new LatentRequest(verb, args, undefined, resolve, reject));
  });
}
