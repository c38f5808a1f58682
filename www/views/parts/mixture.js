/**
 * A mixture of k normal distributions over latents, as a model file has it for its fitted prior. In doubles.
 *
 * @typedef {object} Mixture
 * @property {number} latent
 * @property {Float64Array} logNorms [k], logarithm of each weight and of the density at the mean
 * @property {Float32Array} means [k, latent]
 * @property {Float32Array} factors [k, latent (latent + 1) / 2], lower triangles of the covariances' Cholesky factors, row by row
 */

/** Values in a row of a triangle and in those above. @param {number} rows */
const triangle = (rows) => (rows * (rows + 1)) / 2;

/**
 * @param {Float32Array} parts weights, means and factors in a row
 * @param {number} latent
 * @returns {Mixture | null} null if there is none
 */
export function mixtureOf(parts, latent) {
  const count = parts.length / (1 + latent + triangle(latent));
  if (count === 0) return null;
  const means = parts.subarray(count, count * (1 + latent));
  const factors = parts.subarray(count * (1 + latent));
  const logNorms = Float64Array.from({ length: count }, (_, at) => {
    let norm = Math.log(parts[at]) - (latent / 2) * Math.log(2 * Math.PI);
    for (let row = 1; row <= latent; row++) norm -= Math.log(factors[at * triangle(latent) + triangle(row) - 1]);
    return norm;
  });
  return { latent, logNorms, means, factors };
}

/**
 * Natural logarithm of the density at each of some latents.
 * @param {Mixture} mixture
 * @param {Float32Array} latents [n, latent]
 * @returns {Float32Array} [n]
 */
export function logDensities(mixture, latents) {
  const { latent, logNorms } = mixture;
  return Float32Array.from({ length: latents.length / latent }, (_, i) => {
    const code = latents.subarray(i * latent, (i + 1) * latent);
    const logs = logNorms.map((norm, at) => norm - squaredDistance(mixture, at, code) / 2);
    const most = logs.reduce((a, b) => Math.max(a, b));
    return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
  });
}

/**
 * Squared Mahalanobis distance of a code from the mean of a component, by forward substitution.
 * @param {Mixture} mixture
 * @param {number} at the component
 * @param {Float32Array} code
 */
function squaredDistance({ latent, means, factors }, at, code) {
  const solved = new Float64Array(latent);
  let sum = 0;
  for (let row = 0, next = at * triangle(latent); row < latent; row++) {
    let value = code[row] - means[at * latent + row];
    for (let column = 0; column < row; column++) value -= factors[next++] * solved[column];
    solved[row] = value / factors[next++];
    sum += solved[row] ** 2;
  }
  return sum;
}
