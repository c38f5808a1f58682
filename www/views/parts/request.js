/**
 * How a view asks: by an event that bubbles from its node. Whoever joins view and engine answers; the view knows
 * neither. A request that is replaced by a newer one of its slot is never answered, and nothing after its `await`
 * runs.
 *
 * @typedef {object} Verbs
 * @property {{args: {model: string, latents: Float32Array}, answer: Uint8ClampedArray}} decode RGBA of the pictures, stacked
 * @property {{args: {model: string, rgba: Uint8ClampedArray}, answer: {mean: Float32Array}}} encode
 * @property {{args: {path: 'lerp' | 'slerp', from: Float32Array, to: Float32Array, frames: number}, answer: Float32Array}} interpolate
 * @property {{args: {seed: number, stream: number, count: number}, answer: Float32Array}} draws
 * @property {{args: {columns: number, rows: number, extent: number}, answer: Float32Array}} grid
 * @property {{args: {model: string, latent: Float32Array}, answer: Float32Array}} maps what each layer of the decoder makes of one latent; see Engine.maps
 * @property {{args: {model: string}, answer: import('../../engine.js').StoredLatents}} stored codes of test images, from the file beside the model
 * @property {{args: Parameters<import('../../engine.js').Engine['animate']>[0], answer: {value?: Uint8Array<ArrayBuffer>, problem?: string}}} animate frames as a file; it never fails the figure
 * @property {{args: {command: string, args?: object}, answer: {value?: any, problem?: string}}} train a command to the training desk; it never fails the figure
 */

export class LatentRequest extends Event {
  /**
   * @param {keyof Verbs} verb
   * @param {object} args
   * @param {string | undefined} slot
   * @param {(answer: any) => void} resolve
   */
  constructor(verb, args, slot, resolve) {
    super('latent-request', { bubbles: true });
    this.verb = verb;
    this.args = args;
    this.slot = slot;
    this.resolve = resolve;
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
