import { modelAddress } from '../../assets.js';
import { drawnBy } from '../input/published.js';

/** @typedef {{model: string, nats: number}} Reference a network of this page, and its -ELBO on the held-out images of a run */

/**
 * Measures the network that decoded a run's images, if any.
 * @param {import('../../engine/engine.js').Engine} engine
 * @param {import('./connection.js').Connection} connection to the run
 * @param {import('./types.js').DataSet} data of the run
 * @returns {Promise<Reference | null>} null if no network decoded them, or it cannot be compared
 */
export async function readReference(engine, connection, { dataset, heldOut }) {
  const model = dataset && heldOut ? drawnBy(dataset) : null;
  if (!model) return null;
  const blob = await engine.file(modelAddress(model));
  const file = new Uint8Array(await blob.arrayBuffer());
  const nats = await connection.perform({ verb: 'reference', args: { file } });
  return nats === null ? null : { model, nats };
}
