import { say } from '../../state/texts.js';
import { choice } from './controls.js';

/** @typedef {import('../../state/state.js').FigureState['lens']} Lens */

/**
 * The control of the lens, whose code is fetched when a lens is chosen.
 * @param {Lens} value
 * @param {(lens: Lens) => void} onChange
 */
export function lensChoice(value, onChange) {
  const values = /** @type {const} */ ([
    ['none', say('None')],
    ['density', say('Density')],
    ['error', say('Error')],
  ]);
  return choice({ legend: say('Lens'), name: 'lens', values, value }, onChange);
}
