import { mixtureOf, responsibilities } from '../parts/mixture.js';

/**
 * A classifier of codes: one normal distribution for each digit, fitted to the stored codes with
 * that label. The covariance of a digit is the mean of its own and the pooled one, since fifty
 * codes are few for sixteen numbers: regularized discriminant analysis (Friedman 1989).
 * docs/paths.md states its accuracy.
 *
 * @typedef {object} Classifier
 * @property {import('../parts/mixture.js').Mixture} mixture a component for each digit
 * @property {number[]} digits of the components
 *
 * @typedef {{digit: number, certainty: number}} Verdict the likeliest digit and its probability
 */

/** A digit is clear if its probability is at least this, as in `latent-lab experiment interpolation`. */
export const CLEAR = 0.9;

/** Weight of the pooled covariance. */
const POOLED = 0.5;

/** Added to the variances, as a share of their mean: unused numbers have no variance. */
const RIDGE = 1e-6;

/**
 * @param {import('../parts/stored.js').StoredLatents} stored
 * @returns {boolean} false without labels, or with too few codes for a covariance
 */
export function isClassifiable(stored) {
  return groupsOf(stored) !== null;
}

/**
 * The codes of each digit that has at least two.
 * @param {import('../parts/stored.js').StoredLatents} stored
 * @returns {{digit: number, codes: Float32Array[]}[] | null} null without labels, or with too few codes for a covariance
 */
function groupsOf({ latent, mean, labels }) {
  if (!labels) return null;
  const codesOf = (/** @type {number} */ digit) =>
    [...labels.keys()].filter((i) => labels[i] === digit).map((i) => mean.subarray(i * latent, (i + 1) * latent));
  const groups = [...new Set(labels)]
    .sort()
    .map((digit) => ({ digit, codes: codesOf(digit) }))
    .filter(({ codes }) => codes.length > 1);
  const count = groups.reduce((sum, { codes }) => sum + codes.length, 0);
  return groups.length < 2 || count - groups.length < latent ? null : groups;
}

/**
 * @param {import('../parts/stored.js').StoredLatents} stored
 * @returns {Classifier | null} null where `isClassifiable` is false
 */
export function classifierOf(stored) {
  const { latent } = stored;
  const groups = groupsOf(stored);
  if (!groups) return null;
  const count = groups.reduce((sum, { codes }) => sum + codes.length, 0);
  const centers = groups.map(({ codes }) => centerOf(codes));
  const scatters = groups.map(({ codes }, i) => scatterOf(codes, centers[i]));
  const pooled = scatters[0].map(
    (_, at) => scatters.reduce((sum, each) => sum + each[at], 0) / (count - groups.length),
  );
  const ridge =
    (RIDGE * Array.from({ length: latent }, (_, i) => pooled[i * (latent + 1)]).reduce((a, b) => a + b)) / latent;
  const factors = scatters.flatMap((scatter, i) => {
    const degrees = groups[i].codes.length - 1;
    const covariance = scatter.map((value, at) => (1 - POOLED) * (value / degrees) + POOLED * pooled[at]);
    for (let row = 0; row < latent; row++) covariance[row * (latent + 1)] += ridge;
    return factorOf(covariance, latent);
  });
  const weights = groups.map(({ codes }) => codes.length / count);
  const parts = Float32Array.from([...weights, ...centers.flatMap((center) => [...center]), ...factors]);
  const mixture = mixtureOf(parts, latent);
  return mixture && { mixture, digits: groups.map(({ digit }) => digit) };
}

/**
 * @param {Classifier} classifier
 * @param {Float32Array} codes [n, latent]
 * @returns {Verdict[]} [n]
 */
export function classify({ mixture, digits }, codes) {
  const all = responsibilities(mixture, codes);
  return Array.from({ length: all.length / digits.length }, (_, i) => {
    const probabilities = all.subarray(i * digits.length, (i + 1) * digits.length);
    const certainty = probabilities.reduce((a, b) => Math.max(a, b));
    return { digit: digits[probabilities.indexOf(certainty)], certainty };
  });
}

/** @param {Float32Array[]} codes */
function centerOf(codes) {
  return Float64Array.from(codes[0], (_, i) => codes.reduce((sum, code) => sum + code[i], 0) / codes.length);
}

/**
 * Sum of the products of deviations from the center.
 * @param {Float32Array[]} codes
 * @param {Float64Array} center
 * @returns {Float64Array} [latent, latent]
 */
function scatterOf(codes, center) {
  const latent = center.length;
  const scatter = new Float64Array(latent * latent);
  for (const code of codes) {
    for (let i = 0; i < latent; i++) {
      for (let j = 0; j < latent; j++) scatter[i * latent + j] += (code[i] - center[i]) * (code[j] - center[j]);
    }
  }
  return scatter;
}

/**
 * The Cholesky factor of a covariance.
 * @param {Float64Array} covariance [size, size]
 * @param {number} size
 * @returns {number[]} its lower triangle, row by row
 */
function factorOf(covariance, size) {
  /** @type {number[]} */
  const factor = [];
  const at = (/** @type {number} */ row, /** @type {number} */ column) => factor[(row * (row + 1)) / 2 + column];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = covariance[row * size + column];
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k);
      factor.push(row === column ? Math.sqrt(sum) : sum / at(column, column));
    }
  }
  return factor;
}
