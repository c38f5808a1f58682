/** Which figures there are, and what each needs. */

import { latentsAddress, modelAddress } from './assets.js';
import { pageEngine } from './engine.js';
import { Failure } from './failure.js';
import { MapView } from './views/map.js';
import { MicroscopeView } from './views/microscope.js';
import { MorphView } from './views/morph.js';
import { SamplesView } from './views/samples.js';
import { TrainView } from './views/train.js';

/** @typedef {import('./state.js').FigureState} FigureState */

export const views = { morph: MorphView, samples: SamplesView, map: MapView, train: TrainView, microscope: MicroscopeView };

/** Which of a figure's models it needs, and whether it needs the stored latents. */
export const needs = {
  /** @param {FigureState} state */
  morph: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  samples: (state) => ({ models: [state.model, state.compare].filter(Boolean), stored: false }),
  /** @param {FigureState} state */
  map: (state) => ({ models: [state.model], stored: true }),
  train: () => ({ models: [], stored: false }),
  /** @param {FigureState} state */
  microscope: (state) => ({ models: [state.model], stored: true }),
};

/**
 * What a view relies on.
 * @param {FigureState} state
 * @param {number} latent of its model
 * @param {import('./engine.js').StoredLatents | null} stored
 * @throws {Failure}
 */
export function check({ figure, model }, latent, stored) {
  if (figure === 'map' && latent !== 2) {
    throw new Failure('request', `a map needs a model with 2 latent dimensions, this one has ${latent}`);
  }
  if (stored && stored.latent !== latent) {
    // Which of the two is the wrong one, nobody knows.
    for (const address of [latentsAddress(model), modelAddress(model)]) pageEngine.forget(address);
    throw new Failure('file', `the stored latents have ${stored.latent} dimensions, their model has ${latent}`);
  }
}
