/** The table of figures: their views, and the files that each needs. */

import { latentsAddress, modelAddress } from '../assets.js';
import { pageEngine } from '../engine/engine.js';
import { Failure } from '../failure.js';
import { DirectionView } from '../views/direction.js';
import { MapView } from '../views/map.js';
import { MicroscopeView } from '../views/microscope.js';
import { MorphView } from '../views/morph.js';
import { PathsView } from '../views/paths.js';
import { PosteriorView } from '../views/posterior.js';
import { PuzzleView } from '../views/puzzle.js';
import { SamplesView } from '../views/samples.js';
import { TrainView } from '../views/train.js';
import { TraversalView } from '../views/traversal.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

export const views = {
  morph: MorphView,
  paths: PathsView,
  samples: SamplesView,
  map: MapView,
  puzzle: PuzzleView,
  traversal: TraversalView,
  posterior: PosteriorView,
  train: TrainView,
  microscope: MicroscopeView,
  direction: DirectionView,
};

/** The models that a figure needs, and `stored` if it needs the stored latents too. */
export const needs = {
  /** @param {FigureState} state */
  morph: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  paths: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  samples: (state) => ({ models: [state.model, state.compare].filter(Boolean), stored: false }),
  /** @param {FigureState} state */
  map: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  puzzle: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  traversal: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  posterior: (state) => ({ models: [state.model], stored: true }),
  train: () => ({ models: [], stored: false }),
  /** @param {FigureState} state */
  microscope: (state) => ({ models: [state.model], stored: true }),
  /** @param {FigureState} state */
  direction: (state) => ({ models: [state.model], stored: true }),
};

/** Sizes in MB, as served: each shipped model with its stored latents, the module that draws, and the module that trains. */
const SIZES = new Map([
  ['digits', 0.33],
  ['digits-plain', 0.3],
  ['map', 0.22],
  ['cats', 2.43],
  ['cats-blurred', 2.44],
  ['fashion', 0.32],
  ['emoji', 0.63],
]);
const DRAWING = 0.18;
const TRAINING = 0.34;

/**
 * Size in MB of a figure's files before its first picture; NaN if the size of its model is unknown.
 * @param {FigureState} state
 */
export function megabytesOf(state) {
  const modules = state.figure === 'train' ? DRAWING + TRAINING : DRAWING;
  return needs[state.figure](state).models.reduce((sum, model) => sum + (SIZES.get(model) ?? NaN), modules);
}

/**
 * Checks that a model and its stored latents fit the figure.
 * @param {FigureState} state
 * @param {number} latent of its model
 * @param {import('../engine/types.js').StoredLatents | null} stored
 * @throws {Failure}
 */
export function check({ figure, model }, latent, stored) {
  if ((figure === 'map' || figure === 'puzzle') && latent !== 2) {
    throw new Failure('request', `this figure needs a model with 2 latent dimensions, but this one has ${latent}`);
  }
  if (stored && stored.latent !== latent) {
    // Either of the two may be wrong.
    for (const address of [latentsAddress(model), modelAddress(model)]) pageEngine.forget(address);
    throw new Failure('file', `the stored latents have ${stored.latent} dimensions, but their model has ${latent}`);
  }
}
