/** The charts of losses on held-out pictures. */

import { say } from '../../state/texts.js';
import { published } from './published.js';

/** Bits per dimension where all bytes are equally likely. */
const EVEN = 8;

/**
 * For each network the loss on held-out and on training pictures, then bits per dimension where there are densities.
 * @param {('variational' | 'autoencoder')[]} kinds of the networks
 * @param {import('../../training/page/settings.js').Settings['likelihood']} likelihood
 * @param {import('./chart-specs.js').Line[]} lines values in nats to compare with
 * @returns {import('./chart-specs.js').ChartSpec[]} columns as in `totals`, then those of `bits`
 */
export function heldOutCharts(kinds, likelihood, lines) {
  const isBernoulli = likelihood === 'bernoulli';
  const titles = isBernoulli
    ? { variational: say('VAE: −ELBO, nats'), autoencoder: say('Plain: reconstruction, nats') }
    : { variational: say('VAE: squared error + KL'), autoencoder: say('Plain: squared error') };
  const losses = kinds.map((kind, i) => ({
    part: `chart-held-out-${kind}`,
    title: titles[kind],
    isExact: true,
    series: [
      { kind, name: say('Held out'), column: 1 + 2 * i },
      { kind: /** @type {const} */ ('other'), name: say('Training'), column: 2 + 2 * i },
    ],
    // Other people's networks are VAEs, and their values are not bounds for a reconstruction alone.
    lines: kind === 'variational' ? lines : lines.filter(({ source }) => !source),
  }));
  return isBernoulli || kinds[0] !== 'variational' ? losses : [...losses, bitsChart(1 + 2 * kinds.length)];
}

/**
 * @param {number} column the first one of `bits`
 * @returns {import('./chart-specs.js').ChartSpec}
 */
function bitsChart(column) {
  return {
    part: 'chart-bits',
    title: say('VAE: bits per dimension, held out'),
    isExact: true,
    series: [
      { kind: 'variational', name: say('Fitted deviation'), column },
      { kind: 'other', name: say('The loss’s deviation'), column: column + 1 },
    ],
    lines: [{ name: say('All bytes equally likely'), value: EVEN }],
  };
}

/**
 * Values in nats to compare with a run's -ELBO: the entropy of its targets, and published values of the same dataset.
 * @param {import('../../training/page/types.js').DataSet} data
 * @param {number} floor
 * @returns {import('./chart-specs.js').Line[]}
 */
export function linesOf({ dataset, reference }, floor) {
  const others = (dataset && published[dataset]) ?? [];
  return [
    { name: say('Entropy of the targets'), value: floor },
    ...others.map(({ model, latent, nats }) => ({
      name: say('{model}, {count} numbers', { model, count: latent }),
      value: nats,
      source: say('−ELBO of this page’s network {model} on 10,000 test images; its card: models/{model}.md', { model }),
    })),
    ...(reference ? [lineOf(reference)] : []),
  ];
}

/** @param {import('../../training/page/reference.js').Reference} reference @returns {import('./chart-specs.js').Line} */
function lineOf({ model, nats }) {
  return {
    name: say('{model}, which drew them', { model }),
    value: nats,
    source: say('−ELBO of this page’s network {model} on the same held-out pictures', { model }),
  };
}
