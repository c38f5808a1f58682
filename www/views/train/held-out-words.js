/** The newest losses on held-out pictures, in words. */

import { say, sayNumber, written } from '../../state/texts.js';
import { inLevels } from '../../training/page/measures.js';

/** Entropy in nats below which pictures count as black and white. */
const LEAST = 0.05;

/**
 * @typedef {object} Newest
 * @property {boolean} isVariational true for a variational first network, which all values are about
 * @property {number} step after which they were measured
 * @property {number} count of pictures
 * @property {number} heldOut reconstruction + KL of a held-out picture
 * @property {number} training the same of a training picture
 * @property {number} floor entropy of the held-out pictures' values in nats; NaN for a Gaussian likelihood
 * @property {{fitted: number, implied: number, deviations: {fitted: number, implied: number}}} [bits] per dimension of a held-out
 *   picture, with two deviations; missing if the network has no densities
 */

/** In a few words, for screen readers. @param {Newest} newest */
export function speak({ heldOut, floor, bits }) {
  if (bits) return say('{value} bits per dimension on held-out pictures', { value: short(bits.fitted, 2) });
  return Number.isFinite(floor)
    ? say('{value} nats on held-out pictures', { value: short(heldOut) })
    : say('squared error {value} on held-out pictures', { value: short(heldOut) });
}

/** In sentences. @param {Newest} newest */
export function describe({ isVariational, step, count, heldOut, training, floor, bits }) {
  if (bits) return ofBits({ step, count, bits });
  const values = {
    step: sayNumber(step),
    count: sayNumber(count),
    value: short(heldOut),
    training: short(training),
    floor: short(floor),
  };
  if (!Number.isFinite(floor)) {
    return say(
      'After step {step} the squared error of a held-out picture is {value} (mean of {count}), that of a training picture {training}.',
      values,
    );
  }
  const costs = isVariational
    ? say(
        'After step {step} a held-out picture costs {value} nats (−ELBO, mean of {count}), a training picture {training}.',
        values,
      )
    : say(
        'After step {step} the reconstruction of a held-out picture costs {value} nats (mean of {count}), that of a training picture {training}.',
        values,
      );
  return floor < LEAST
    ? costs
    : `${costs} ${say('Of these, {floor} nats are the entropy of the targets, which no network can save.', values)}`;
}

/** @param {{step: number, count: number, bits: NonNullable<Newest['bits']>}} newest */
function ofBits({ step, count, bits: { fitted, implied, deviations } }) {
  const own = say(
    'After step {step} a held-out picture takes {bits} bits per dimension (mean of {count}), with the deviation that fits the training pictures, {levels} gray levels.',
    { step: sayNumber(step), count: sayNumber(count), bits: short(fitted, 2), levels: levels(deviations.fitted) },
  );
  if (!Number.isFinite(implied)) return own;
  const loss = say('With the deviation that the loss implies, {levels} gray levels, it would take {bits}.', {
    levels: levels(deviations.implied),
    bits: short(implied, 2),
  });
  return `${own} ${loss}`;
}

/** @param {number} deviation of values from 0 to 1 */
function levels(deviation) {
  const number = inLevels(deviation);
  return number < 10 ? short(number) : sayNumber(Math.round(number));
}

/** @param {number} value @param {number} [digits] after the point */
function short(value, digits = 1) {
  return Number.isFinite(value) ? written(value.toFixed(digits)) : '–';
}
