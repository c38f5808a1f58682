import { encode } from './preview.js';

/**
 * A network as a model file, with latents of the first training images beside it. The session calls it; it keeps no state.
 * @param {import('../protocol.js').Bindings} bindings
 * @param {import('./network.js').Network | import('./critic.js').CriticNetwork} network
 * @param {import('../protocol.js').RunConfig} config
 * @param {Omit<import('../protocol.js').SaveArgs, 'snapshot'> & {isFitted: boolean}} args `isFitted`: the file gets a prior fitted to the
 *   latents, since the codes of a network that had a critic are not distributed like a standard normal
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 */
export function save(bindings, network, { configs, pixels }, { which, precision, card, count, isFitted }, pacer) {
  const { image, latent } = configs[which];
  const selection = {
    indices: Array.from({ length: count }, (_, i) => i),
    size: image.channels * image.height * image.width,
    latent,
  };
  return network.with(async (model) => {
    const { mean, logVar } = await encode(model, pixels, selection, pacer);
    const divergence = logVar ? bindings.latentDivergences(latent, mean, logVar) : null;
    if (isFitted) model.fitPrior(mean, logVar);
    const file = /** @type {Uint8Array<ArrayBuffer>} */ (await model.save(precision, card));
    return { file, mean, divergence };
  });
}
