/** A figure's state as other pages can show it. */

import { isName, modelAddress, shippedModels } from '../../assets.js';

/** @typedef {import('../../state/state.js').FigureState} FigureState */

/** True if the figure shows a network that exists only on this page. @param {FigureState} state */
export function isOfThisPage({ model, compare }) {
  return [model, compare].some((each) => isName(each) && !shippedModels.includes(each));
}

/**
 * The state without values that only hold on this page.
 * @param {FigureState} state
 * @returns {FigureState}
 */
export function portable(state) {
  const [model, compare] = [portableModel(state.model), portableModel(state.compare)];
  return { ...state, model, compare, hash: '', loading: 'lazy' };
}

/** Makes a model's address absolute; a name stays. @param {string} model */
function portableModel(model) {
  return model === '' || isName(model) ? model : modelAddress(model);
}
