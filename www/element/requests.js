/** What a view asks, in the engine's words. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { isSuperseded } from '../failure.js';

/**
 * What came of work that may fail without the figure being lost.
 * @param {() => unknown} work
 */
export async function answered(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return isSuperseded(error) ? {} : { problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The engine's word for what a view asks.
 * @param {Exclude<keyof import('../views/parts/request.js').Verbs, 'train' | 'animate'>} verb
 * @param {any} args
 * @param {import('../engine/engine.js').Options} options
 * @returns {Promise<any>}
 */
export function perform(verb, args, options) {
  switch (verb) {
    case 'decode':
      return pageEngine.decode(modelAddress(args.model), args.latents, options);
    case 'encode':
      return pageEngine.encode(modelAddress(args.model), args.rgba, options);
    case 'interpolate':
      return pageEngine.interpolate(args, options);
    case 'draws':
      return pageEngine.draws(args, options);
    case 'grid':
      return pageEngine.grid(args, options);
    case 'maps':
      return pageEngine.maps(modelAddress(args.model), args.latent, options);
    case 'stored':
      return pageEngine.latents(latentsAddress(args.model), options);
  }
}
