/**
 * The distance between two pictures in nats: the KL divergence of a Bernoulli distribution for each pixel, summed over pixels. That is
 * the cross-entropy of the guess for the target, like the network's reconstruction loss, minus the entropy of the target, so it is 0 for
 * equal pictures. It is computed from the shown bytes: 0 and 255 are moved inward by half a step, since black would exclude every gray.
 */

import { toValue } from '../../pixels.js';

/** Distances at which a guess is one step farther away. Below the first one, the target counts as found. */
const LEVELS = [3, 10, 30, 80];

export const FOUND = LEVELS[0];

/** Squares for messages, from found to far. */
const SQUARES = ['🟩', '🟨', '🟧', '🟥', '⬛'];

/**
 * @param {ArrayLike<number>} target RGBA
 * @param {ArrayLike<number>} guess RGBA
 * @param {number} channels 1 or 3
 */
export function natsBetween(target, guess, channels) {
  let sum = 0;
  for (let i = 0; i < target.length; i += 4) {
    for (let channel = 0; channel < channels; channel++) {
      const [p, q] = [shareOf(target[i + channel]), shareOf(guess[i + channel])];
      sum += p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }
  }
  return sum;
}

/** @param {number} nats @returns {number} 0 for found, to 4 for far */
export function levelOf(nats) {
  const level = LEVELS.findIndex((limit) => nats <= limit);
  return level < 0 ? LEVELS.length : level;
}

/** @param {number} nats */
export function squareOf(nats) {
  return SQUARES[levelOf(nats)];
}

/** @param {number} byte */
function shareOf(byte) {
  return toValue(Math.min(254.5, Math.max(0.5, byte)));
}
