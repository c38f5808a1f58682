/** Translates a view's requests into calls of the engine. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { isSuperseded } from '../failure.js';

/**
 * Turns the result of work into an answer: a failure becomes `{problem}` and does not end the figure.
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
 * Calls the engine's method for a verb.
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
    case 'fittedDraws': {
      const { model, ...draws } = args;
      return pageEngine.fittedDraws(modelAddress(model), draws, options);
    }
    case 'grid':
      return pageEngine.grid(args, options);
    case 'maps':
      return pageEngine.maps(modelAddress(args.model), args.latent, options);
    case 'stored':
      return pageEngine.latents(latentsAddress(args.model), options);
  }
}
