/**
 * Mean and standard deviation of each latent dimension, over stored codes.
 *
 * @typedef {{mean: Float32Array, deviation: Float32Array}} Spread
 */

/**
 * @param {import('../../engine/types.js').StoredLatents} stored
 * @returns {Spread}
 */
export function spreadOf({ latent, mean: codes }) {
  const count = codes.length / latent;
  /** @param {(value: number, dimension: number) => number} of */
  const average = (of) => {
    const sums = new Float64Array(latent);
    codes.forEach((value, i) => (sums[i % latent] += of(value, i % latent)));
    return sums.map((sum) => sum / count);
  };
  const mean = average((value) => value);
  const variance = average((value, dimension) => (value - mean[dimension]) ** 2);
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(variance, Math.sqrt) };
}
