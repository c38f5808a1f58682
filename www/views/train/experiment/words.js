/** Puts the results of experiments into words. */

import { say, sayNumber, written } from '../../../state/texts.js';

/** @typedef {import('../../../training/protocol.js').Appraisal} Appraisal */

/** @param {number | undefined} mse undefined before it is measured */
export function error(mse) {
  return mse === undefined ? '–' : written(mse.toFixed(4));
}

/** @param {number | undefined} ssim */
export function similarity(ssim) {
  return ssim === undefined ? '–' : written(ssim.toFixed(3));
}

/**
 * @param {number[]} sizes
 * @param {{networks: Appraisal[], components: Appraisal[], step: number}} measured
 */
export function outcomeOfSizes(sizes, { networks, components, step }) {
  if (components.length === 0) return '';
  const better = sizes.filter((_, i) => networks[i].mse < components[i].mse);
  const values = { step: sayNumber(step), sizes: better.map(sayNumber).join(', ') };
  if (better.length === sizes.length) {
    return say(
      'After {step} steps, the networks redraw held-out pictures more closely than principal components at every length.',
      values,
    );
  }
  if (better.length === 0) {
    return say(
      'After {step} steps, principal components redraw held-out pictures more closely than the networks at every length.',
      values,
    );
  }
  return say(
    'After {step} steps, the networks redraw held-out pictures more closely from {sizes} numbers, and principal components at the other lengths.',
    values,
  );
}

/**
 * @param {number[]} counts
 * @param {Appraisal[]} networks
 * @param {number} step
 */
export function outcomeOfFew(counts, networks, step) {
  const [few, many] = [0, counts.length - 1];
  const values = {
    ...{ step: sayNumber(step), few: sayNumber(counts[few]), many: sayNumber(counts[many]) },
    ...{ errorOfFew: error(networks[few].mse), errorOfMany: error(networks[many].mse) },
    ...{ own: error(networks[few].ownMse) },
  };
  const result = say(
    'After {step} steps, the error on held-out pictures is {errorOfFew} with {few} training pictures and {errorOfMany} with {many}.',
    values,
  );
  const own = say('On its own {few}, the first network has {own}.', values);
  return `${result} ${own}`;
}
