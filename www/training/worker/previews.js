import { heldOutOf } from './appraisal.js';
import { CriticNetwork } from './critic.js';
import { preview } from './preview.js';

/**
 * Previews of all networks of a run. The session calls it; it keeps no state.
 * @param {import('../protocol.js').Bindings} bindings
 * @param {(import('./network.js').Network | CriticNetwork)[]} networks
 * @param {import('../protocol.js').RunConfig} config
 * @param {number[]} criticSteps steps at which a critic was added, removed and so on
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 */
export async function previewsOf(bindings, networks, config, criticSteps, pacer) {
  /** @type {import('../protocol.js').Preview[]} */
  const previews = [];
  for (const [i, network] of networks.entries()) {
    // The codes of a network that had a critic are not distributed like a standard normal.
    const options = {
      isFitted: i === 0 && criticSteps.length > 0,
      critic: network instanceof CriticNetwork ? network : null,
    };
    // Networks of an experiment are previewed with images that none of them has seen.
    const seen = config.counts ? { ...config, configs: [config.configs[i]], pixels: heldOutOf(config) } : config;
    previews.push(await network.with((model) => preview(bindings, model, seen, options, pacer)));
  }
  return previews;
}
