/** Which figures there are, and what each needs. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { Failure } from '../failure.js';
import { MapView } from '../views/map.js';
import { MicroscopeView } from '../views/microscope.js';
import { MorphView } from '../views/morph.js';
import { SamplesView } from '../views/samples.js';
import { TrainView } from '../views/train.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

export const views = {
  morph: MorphView,
  samples: SamplesView,
  map: MapView,
  train: TrainView,
  microscope: MicroscopeView,
};

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

/** What the shipped models take with what is stored beside them, and what the code of a figure takes, in MB as they lie on the server. */
const SIZES = new Map([
  ['digits', 0.32],
  ['digits-plain', 0.29],
  ['map', 0.22],
  ['cats', 2.42],
  ['fashion', 0.31],
  ['emoji', 0.62],
]);
const MODULE = 0.22;

/**
 * What a figure fetches before its first picture, in MB; NaN where nobody knows its model's size.
 * @param {FigureState} state
 */
export function megabytesOf(state) {
  return needs[state.figure](state).models.reduce((sum, model) => sum + (SIZES.get(model) ?? NaN), MODULE);
}

/**
 * What a view relies on.
 * @param {FigureState} state
 * @param {number} latent of its model
 * @param {import('../engine/engine.js').StoredLatents | null} stored
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
