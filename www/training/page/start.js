/** Reads networks from which a run can start instead of random weights: a shipped one, or a model file of the visitor's. */

import { modelAddress } from '../../assets.js';

/**
 * @typedef {object} Start
 * @property {string} name of the shipped model or of the file
 * @property {Uint8Array} file the model file
 * @property {string} data training data according to its card; empty if the card does not say
 * @property {string} license of that data
 *
 * @typedef {object} StartInfo
 * @property {Start} start
 * @property {Pick<import('./settings.js').Settings, 'kind' | 'latent' | 'layers' | 'likelihood'>} settings that a run from
 *   there must have, except the kind
 * @property {import('../../engine/types.js').ImageShape} shape of its images
 */

/**
 * Reads and checks a network.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {{model: string} | {file: File}} source
 * @returns {Promise<StartInfo>}
 */
export async function readStart(engine, source) {
  const file = 'file' in source ? source.file : await engine.file(modelAddress(source.model));
  const { config, card } = await engine.inspect(file);
  const { image, ...settings } = config;
  const { data, license } = /** @type {{data?: unknown, license?: unknown}} */ (card);
  const start = {
    name: 'file' in source ? source.file.name : source.model,
    file: new Uint8Array(await file.arrayBuffer()),
    data: textOf(data),
    license: textOf(license),
  };
  return { start, settings, shape: image };
}

/**
 * Entries in the card of a network that was trained further.
 * @param {Start} start
 */
export function creditOf({ name, data, license }) {
  const notes = `started from the weights of the network ${name}${data && `, which was trained on ${data}`}`;
  return { notes, ...(license && { license }) };
}

/** @param {unknown} value of a card, whose author is unknown */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}
