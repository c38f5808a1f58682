/**
 * The settings of a training run, which hold its run config and its run settings, and the networks that they describe.
 *
 * @typedef {import('../../engine/types.js').ModelConfig} ModelConfig
 * @typedef {import('../../engine/types.js').ImageShape} ImageShape
 * @typedef {import('../protocol.js').Augmentation} Augmentation
 *
 * @typedef {object} Settings
 * @property {'both' | 'variational' | 'autoencoder'} kind
 * @property {number} latent
 * @property {{filters: number, kernel: number, stride: number}[]} layers
 * @property {'bernoulli' | 'gaussian'} likelihood
 * @property {number} beta
 * @property {number} learningRate
 * @property {number} fall number of steps over which the learning rate falls to a tenth; 0 if it does not
 * @property {number} batch
 * @property {number} seed
 * @property {number} pace share of the time that steps may take
 * @property {number} threads workers that share a step on the CPU; 0 to have them chosen
 * @property {number} critic step at which the run gets a critic; 0 for never
 * @property {boolean} awake continues while the tab is hidden
 * @property {Augmentation | null} augment null leaves images as they are
 * @property {number} copies how often an epoch shows each augmented image
 * @property {number} held share of the images that are held out
 * @property {number[]} [sizes] latent sizes of the networks of an experiment, in place of `latent`
 * @property {number[]} [counts] how many of the first images each network of an experiment sees; the rest are held out
 * @property {number} [until] step after which the run pauses by itself
 */

export const NO_AUGMENT = { flip: false, rotate: 0, shift: 0, zoom: 0 };

/**
 * Settings by name. `quick` is the default: docs/training-in-the-tab.md has the measurements behind it. `article` was the default before
 * there were presets, so a text without a preset means its values (see run-config.js); it must not change, and holds no images out.
 * @type {Record<'quick' | 'plane' | 'article', () => Settings>}
 */
export const presets = {
  quick: () => ({
    ...common(),
    latent: 16,
    layers: layersOf(8, 16, 32),
    learningRate: 0.012,
    fall: 2_000,
    batch: 16,
    held: 0.1,
  }),
  plane: () => ({ ...presets.quick(), latent: 2, layers: layersOf(16, 32, 64), learningRate: 0.008, fall: 3_000 }),
  article: () => ({ ...common(), latent: 2, layers: layersOf(32, 64, 128), learningRate: 0.001, batch: 64 }),
};

/** @typedef {keyof typeof presets} PresetName */

export const defaults = presets.quick;

const common = () => ({
  ...{ kind: /** @type {const} */ ('both'), likelihood: /** @type {const} */ ('bernoulli') },
  ...{ beta: 1, fall: 0, seed: 1, pace: 1, threads: 0, critic: 0, awake: false, augment: null, copies: 10, held: 0 },
});

/**
 * Settings that an earlier version has stored, with those that have come since at values that change nothing.
 * @param {Partial<Settings>} stored
 */
export function completed(stored) {
  return /** @type {Settings} */ ({ fall: 0, threads: 0, critic: 0, held: 0, ...stored });
}

/** @param {...number} filters of layers that each halve the side of the image */
function layersOf(...filters) {
  return filters.map((each) => ({ filters: each, kernel: 3, stride: 2 }));
}

/**
 * Config of one network, of the variational one and its plain twin, or of each network of an experiment.
 * @param {Settings} settings
 * @param {ImageShape} image
 * @returns {ModelConfig[]}
 */
export function configsOf({ kind, latent, layers, likelihood, sizes, counts }, image) {
  if (counts && kind !== 'both') {
    return counts.map((_, i) => ({ image, layers, latent: sizes?.[i] ?? latent, kind, likelihood }));
  }
  const kinds = kind === 'both' ? /** @type {const} */ (['variational', 'autoencoder']) : [kind];
  return kinds.map((each) => ({ image, layers, latent, kind: each, likelihood }));
}

/**
 * Number of values of one image.
 * @param {ImageShape} shape
 */
export function sizeOf({ channels, height, width }) {
  return channels * height * width;
}

/**
 * Reads a number; null if the text is not a number or out of range.
 * @param {string} text
 * @param {number} low
 * @param {number} high
 */
export function within(text, low, high) {
  const value = Number(text);
  return text.trim() !== '' && value >= low && value <= high ? value : null;
}
