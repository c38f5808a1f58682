/**
 * Published values of -ELBO on test images of a dataset: those of this page's networks, from their cards (www/models/), which are
 * computed in the same way as the run's own: gray targets as probabilities of a Bernoulli likelihood, one draw per image, unweighted KL.
 * The literature's values for MNIST are on binarized images and are not comparable (docs/training-in-the-tab.md).
 *
 * @typedef {object} Published
 * @property {string} model its name; its card is its source
 * @property {number} latent
 * @property {number} nats
 */

/** @type {Partial<Record<import('../../training/input/published.js').Dataset, Published[]>>} */
export const published = {
  mnist: [
    { model: 'map', latent: 2, nats: 144.31 },
    { model: 'digits', latent: 16, nats: 95.75 },
  ],
  'fashion-mnist': [{ model: 'fashion', latent: 16, nats: 242.13 }],
};
