import { say, written } from '../../state/texts.js';

/** What a lens shows at one place, in words. */

/** @param {number} density its natural logarithm */
export function densityText(density) {
  return say('Log density {value}', { value: written(density.toFixed(2)) });
}

/**
 * @param {number} distance
 * @param {number} mse
 */
export function errorText(distance, mse) {
  return say('The encoder puts this picture {distance} away; redrawn from there, it differs by an MSE of {mse}', {
    distance: written(distance.toFixed(2)),
    mse: written(mse.toFixed(decimalsOf(mse))),
  });
}

/** Decimals of a mean squared error: four, and more where it is so small that they would leave nothing of it. @param {number} mse */
function decimalsOf(mse) {
  return mse > 0 ? Math.min(8, Math.max(4, 1 - Math.floor(Math.log10(mse)))) : 4;
}

export const withoutPrior = () => say('This network has no fitted prior, so there is no density to show.');
