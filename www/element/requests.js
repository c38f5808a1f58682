/** Answers a view's requests: by the engine, or by the training controller. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { isSuperseded } from '../failure.js';

/** @typedef {import('../views/parts/request.js').Verbs} Verbs */

/** A verb with its arguments. @typedef {{[V in keyof Verbs]: {verb: V, args: Verbs[V]['args']}}[keyof Verbs]} Call */

/**
 * @param {Call} call
 * @param {import('./run.js').FigureRun} run
 * @param {import('../engine/types.js').Options} options for the engine
 * @returns {Promise<Verbs[keyof Verbs]['answer']>}
 */
export function perform({ verb, args }, run, options) {
  switch (verb) {
    case 'decode':
      return pageEngine.decode(modelAddress(args.model), args.latents, options);
    case 'encode':
      return pageEngine.encode(modelAddress(args.model), args.rgba, options);
    case 'interpolate':
      return pageEngine.interpolate(args, options);
    case 'geodesic': {
      const { model, ...ends } = args;
      return answered(() => pageEngine.geodesic(modelAddress(model), ends, options));
    }
    case 'draws':
      return pageEngine.draws(args, options);
    case 'fittedDraws': {
      const { model, ...draws } = args;
      return pageEngine.fittedDraws(modelAddress(model), draws, options);
    }
    case 'prior':
      return pageEngine.prior(modelAddress(args.model), options);
    case 'grid':
      return pageEngine.grid(args, options);
    case 'maps':
      return pageEngine.maps(modelAddress(args.model), args.latent, options);
    case 'stored':
      return pageEngine.latents(latentsAddress(args.model), options);
    case 'codes':
      return answered(() => pageEngine.latents(args.address, options));
    case 'animate':
      return answered(() => pageEngine.animate(args, options));
    case 'train':
      return run.send(args);
  }
}

/**
 * Turns the result of work into an answer. A failure becomes `{problem}`, which does not end the figure.
 * @template T
 * @param {() => T} work
 * @returns {Promise<{value?: Awaited<T>, problem?: string}>}
 */
export async function answered(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return isSuperseded(error) ? {} : { problem: error instanceof Error ? error.message : String(error) };
  }
}
