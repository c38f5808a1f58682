/**
 * The prepared experiments: several networks that differ in one thing and are trained in step, measured on pictures that none of them has
 * seen.
 */

/**
 * @typedef {import('../../../training/page/settings.js').Settings} Settings
 *
 * @typedef {object} Experiment
 * @property {'sizes' | 'few-and-many'} name the attribute `lesson`
 * @property {string} model model whose decoder draws the pictures, unless the reader brings some
 * @property {import('../../../engine/types.js').ImageShape} shape
 * @property {Settings} settings the networks differ in `sizes` or `counts`; `until` is the number of steps
 * @property {number} train pictures to train on
 */

/** Most pictures that are held out. */
export const HELD_OUT = 150;

/** Shipped models whose decoders can draw pictures. */
export const MODELS = ['digits', 'fashion', 'emoji', 'cats'];

const common = {
  ...{
    beta: 1,
    fall: 0,
    batch: 16,
    seed: 1,
    pace: 1,
    threads: 0,
    critic: 0,
    awake: false,
    augment: null,
    copies: 1,
    held: 0,
  },
};

/** @param {...number} filters of layers that each halve the side */
const halving = (...filters) => filters.map((each) => ({ filters: each, kernel: 3, stride: 2 }));

/** @type {Record<Experiment['name'], () => Experiment>} */
export const experiments = {
  sizes: () => ({
    ...{ name: 'sizes', model: 'digits', shape: { channels: 1, height: 28, width: 28 }, train: 2_000 },
    settings: {
      ...{ ...common, kind: 'autoencoder', likelihood: 'gaussian', latent: 16, sizes: [2, 4, 8, 16, 32], until: 1_500 },
      ...{ layers: halving(8, 16, 32), learningRate: 0.004 },
    },
  }),
  'few-and-many': () => ({
    ...{ name: 'few-and-many', model: 'cats', shape: { channels: 3, height: 32, width: 32 }, train: 2_000 },
    settings: {
      ...{ ...common, kind: 'variational', likelihood: 'bernoulli', latent: 32, counts: [150, 2_000], until: 1_500 },
      ...{ layers: halving(16, 32, 64), learningRate: 0.004 },
    },
  }),
};
