/** Losses of networks on held-out images, for the session. */

import { toValues } from '../../pixels.js';

/** @typedef {(import('./network.js').Network | import('./critic.js').CriticNetwork)[]} Networks */

/** Number of images that are measured together; other requests are let in after each batch. */
const AT_ONCE = 32;

/** Stream of the draws. */
const STREAM = 0xffff_fffe;

/** Measures the networks of a run, once after a step. */
export class Meter {
  #bindings;
  /** Step after which they were last measured. */
  #step = 0;

  /** @param {import('../protocol.js').Bindings} bindings */
  constructor(bindings) {
    this.#bindings = bindings;
  }

  /** The run continues from a step, after which it was already measured, if it holds images out. @param {number} step */
  seek(step) {
    this.#step = step;
  }

  /**
   * @param {number} step
   * @param {Networks} networks
   * @param {import('../protocol.js').RunConfig} config
   * @param {import('./pacer.js').Pacer} pacer lets other requests in
   * @returns {Promise<number[] | null>} the step, then reconstruction and KL of each network; null if the run holds no images out, or
   *   they were already measured after this step
   */
  async measure(step, networks, config, pacer) {
    if (!config.heldOut?.length || this.#step === step) return null;
    this.#step = step;
    const row = [step];
    for (const [i, network] of networks.entries()) {
      const own = { ...config, configs: [config.configs[i]] };
      const { reconstruction, kl } = await lossesOf(this.#bindings, network, own, pacer);
      row.push(reconstruction, kl);
    }
    return row;
  }
}

/**
 * -ELBO of another network on the held-out images of a run.
 * @param {import('../protocol.js').Bindings} bindings
 * @param {Uint8Array} file its model file
 * @param {import('../protocol.js').RunConfig} config of the run
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @returns {Promise<number | null>} null if there are none, or the network is not a VAE of the same images and likelihood
 */
export async function referenceOf(bindings, file, config, pacer) {
  if (!config.heldOut?.length) return null;
  const model = await bindings.Model.load(file);
  try {
    const [{ image, likelihood }] = config.configs;
    const other = model.config;
    const sides = /** @type {const} */ (['channels', 'height', 'width']);
    const isSameSize = sides.every((side) => other.image[side] === image[side]);
    if (!isSameSize || other.likelihood !== likelihood || other.kind !== 'variational') return null;
    const network = { with: (/** @type {(each: typeof model) => Promise<any>} */ work) => work(model) };
    const { reconstruction, kl } = await lossesOf(bindings, network, { ...config, configs: [other] }, pacer);
    return reconstruction + kl;
  } finally {
    model.free();
  }
}

/**
 * Reconstruction loss and KL of a network on held-out images, whose sum is -ELBO: means over the images, with one latent for each, drawn
 * with the same noise every time, so that the values of two steps differ only by their weights.
 * @param {import('../protocol.js').Bindings} bindings
 * @param {Pick<Networks[number], 'with'>} network
 * @param {import('../protocol.js').RunConfig} config with held-out images
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @returns {Promise<{reconstruction: number, kl: number}>}
 */
function lossesOf(bindings, network, { configs: [{ image, latent }], seed, heldOut }, pacer) {
  const pixels = /** @type {Uint8Array} */ (heldOut);
  const size = image.channels * image.height * image.width;
  const count = pixels.length / size;
  const noise = bindings.normalDraws(seed, STREAM, count * latent);
  return network.with(async (model) => {
    const sum = { reconstruction: 0, kl: 0 };
    for (let first = 0; first < count; first += AT_ONCE) {
      const end = Math.min(count, first + AT_ONCE);
      const values = toValues(pixels.subarray(first * size, end * size));
      const part = await model.elboParts(values, noise.slice(first * latent, end * latent));
      sum.reconstruction += part.reconstruction;
      sum.kl += part.kl;
      await pacer.breatheIfDue();
    }
    return { reconstruction: sum.reconstruction / count, kl: sum.kl / count };
  });
}
