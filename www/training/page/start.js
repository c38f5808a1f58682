/** Networks that a run can start from instead of random weights: a shipped one, or a model file of the visitor's. */

import { modelAddress } from '../../assets.js';

/**
 * @typedef {object} Start
 * @property {string} name of the shipped model or of the file
 * @property {Uint8Array} file the model file
 * @property {string} data what it was trained on, as its card says; empty where it does not
 * @property {string} license of that
 *
 * @typedef {object} StartInfo
 * @property {Start} start
 * @property {Pick<import('./settings.js').Settings, 'kind' | 'latent' | 'layers' | 'likelihood'>} settings that a run from there
 *   must have; the kind alone may be another
 * @property {import('../../engine/engine.js').ImageShape} shape of its pictures
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
 * The lines in the card of a network that went on from another.
 * @param {Start} start
 */
export function creditOf({ name, data, license }) {
  const notes = `started from the weights of the network ${name}${data && `, which was trained on ${data}`}`;
  return { notes, ...(license && { license }) };
}

/** @param {unknown} value of a card, which anybody may have written */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}
