/**
 * The settings of a training run, and the networks that they mean.
 *
 * @typedef {import('../engine.js').ModelConfig} ModelConfig
 * @typedef {import('../engine.js').ImageShape} ImageShape
 * @typedef {import('./session.js').Augmentation} Augmentation
 *
 * @typedef {object} Settings
 * @property {'both' | 'variational' | 'autoencoder'} kind
 * @property {number} latent
 * @property {{filters: number, kernel: number, stride: number}[]} layers
 * @property {'bernoulli' | 'gaussian'} likelihood
 * @property {number} beta
 * @property {number} learningRate
 * @property {number} batch
 * @property {number} seed
 * @property {number} pace share of the time that steps may take
 * @property {boolean} awake goes on while the tab is hidden
 * @property {Augmentation | null} augment each picture is changed anew each time it is seen
 * @property {number} copies how often an epoch shows each picture, where they are augmented
 */

export const NO_AUGMENT = { flip: false, rotate: 0, shift: 0, zoom: 0 };

/** What the first run starts with: quick to see something, on the digits. */
export const defaults = () => /** @type {Settings} */ ({
  kind: 'both',
  latent: 2,
  layers: [
    { filters: 32, kernel: 3, stride: 2 },
    { filters: 64, kernel: 3, stride: 2 },
    { filters: 128, kernel: 3, stride: 2 },
  ],
  likelihood: 'bernoulli',
  beta: 1,
  learningRate: 0.001,
  batch: 64,
  seed: 1,
  pace: 1,
  awake: false,
  augment: null,
  copies: 10,
});

/**
 * One network, or the variational one and its plain twin.
 * @param {Settings} settings
 * @param {ImageShape} image
 * @returns {ModelConfig[]}
 */
export function configsOf({ kind, latent, layers, likelihood }, image) {
  const kinds = kind === 'both' ? /** @type {const} */ (['variational', 'autoencoder']) : [kind];
  return kinds.map((each) => ({ image, layers, latent, kind: each, likelihood }));
}

/**
 * Values of one picture.
 * @param {ImageShape} shape
 */
export function sizeOf({ channels, height, width }) {
  return channels * height * width;
}

/**
 * Numbers of a text within their range; null for what is none.
 * @param {string} text
 * @param {number} low
 * @param {number} high
 */
export function within(text, low, high) {
  const value = Number(text);
  return text.trim() !== '' && value >= low && value <= high ? value : null;
}
