/**
 * A mixture of k normal distributions over latents, such as a model file's fitted prior, in doubles.
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
  return Float32Array.from({ length: latents.length / mixture.latent }, (_, i) => {
    const { most, shares } = sharesOf(mixture, latents, i);
    return most + Math.log(shares.reduce((a, b) => a + b));
  });
}

/**
 * The probability of each component, given each of some latents: its responsibility.
 * @param {Mixture} mixture of k components
 * @param {Float32Array} latents [n, latent]
 * @returns {Float32Array} [n, k]
 */
export function responsibilities(mixture, latents) {
  const count = mixture.logNorms.length;
  const all = new Float32Array((latents.length / mixture.latent) * count);
  for (let i = 0; i < all.length / count; i++) {
    const { shares } = sharesOf(mixture, latents, i);
    const sum = shares.reduce((a, b) => a + b);
    all.set(
      shares.map((share) => share / sum),
      i * count,
    );
  }
  return all;
}

/**
 * @param {Mixture} mixture
 * @param {Float32Array} latents
 * @param {number} index of a latent
 * @returns {{most: number, shares: Float64Array}} the largest logarithm of a component's density, and the densities divided by the
 *   largest
 */
function sharesOf(mixture, latents, index) {
  const code = latents.subarray(index * mixture.latent, (index + 1) * mixture.latent);
  const logs = mixture.logNorms.map((norm, at) => norm - squaredDistance(mixture, at, code) / 2);
  const most = logs.reduce((a, b) => Math.max(a, b));
  return { most, shares: logs.map((log) => Math.exp(log - most)) };
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
