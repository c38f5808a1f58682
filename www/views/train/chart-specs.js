/**
 * The charts of a run: titles and curves.
 *
 * @typedef {'variational' | 'autoencoder' | 'images' | 'drawn' | 'critic' | 'other'} Kind owner of the curve; decides its color
 *
 * @typedef {object} Series
 * @property {Kind} kind
 * @property {string} name
 * @property {number} column of the rows
 *
 * @typedef {object} Line a constant value
 * @property {string} name
 * @property {number} value
 * @property {string} [source] its source
 *
 * @typedef {object} ChartSpec
 * @property {string} part
 * @property {string} title
 * @property {Series[]} series
 * @property {Line[]} [lines]
 * @property {boolean} [isSigned] values may be below zero
 * @property {boolean} [isExact] curves are shown without smoothing
 */

import { say } from '../../state/texts.js';

/**
 * Reconstruction, and KL of a variational network.
 * @param {('variational' | 'autoencoder')[]} kinds of the networks
 * @param {string} unit of the reconstruction loss
 * @returns {ChartSpec[]}
 */
export function lossCharts(kinds, unit) {
  const names = { variational: say('VAE'), autoencoder: say('Plain') };
  const all = kinds.map((kind, i) => ({ kind, name: names[kind], reconstruction: 1 + 2 * i, kl: 2 + 2 * i }));
  const variational = all.filter(({ kind }) => kind === 'variational');
  return [
    {
      part: 'chart-reconstruction',
      title: say('Reconstruction, {unit}', { unit }),
      series: all.map(({ kind, name, reconstruction }) => ({ kind, name, column: reconstruction })),
    },
    {
      part: 'chart-kl',
      title: say('KL, nats'),
      series: variational.map(({ kind, name, kl }) => ({ kind, name, column: kl })),
    },
  ].filter(({ series }) => series.length > 0);
}

/**
 * A critic's verdicts, and its own loss.
 * @returns {ChartSpec[]}
 */
export function criticCharts() {
  return [
    {
      part: 'chart-verdict',
      title: say('Verdict, above 0 for real'),
      isSigned: true,
      series: [
        { kind: 'images', name: say('Real pictures'), column: 1 },
        { kind: 'drawn', name: say('Drawn pictures'), column: 2 },
      ],
    },
    {
      part: 'chart-critic',
      title: say('The critic’s loss, 2 when it knows nothing'),
      series: [{ kind: 'critic', name: say('Critic'), column: 3 }],
    },
  ];
}
