/**
 * Principal components of pictures: the best linear code with the same number of values, for
 * comparison with a network. Subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4),
 * as in `cli/src/experiment/pca.rs`. Pure functions; the session of a run calls them.
 */

import { toValue } from '../pixels.js';

/**
 * @typedef {object} Components
 * @property {Float64Array} mean [size]
 * @property {Float64Array} directions [count, size], orthonormal, the direction of most variance first
 * @property {number} count
 */

/** Extra directions to search for beside the wanted ones, and rounds of the search. */
const EXTRA = 16;
const ROUNDS = 6;

/** Multiplications between two pauses: a few milliseconds. */
const PIECE = 2_000_000;

/** Most sweeps of the Jacobi method, far more than it needs. */
const SWEEPS = 30;

/** Share of a direction's length below which it counts as a combination of the earlier ones. */
const NOTHING = 1e-9;

/**
 * Finds the first components. A generator: it yields several times per second, so that its caller can do other work.
 * @param {Uint8Array} pixels [n, size]
 * @param {number} size values of one picture
 * @param {number} count there are fewer if the pictures vary in fewer directions
 * @returns {Generator<void, Components>}
 */
export function* fitComponents(pixels, size, count) {
  const pictures = pixels.length / size;
  const mean = meanOf(pixels, size);
  const width = Math.min(count + EXTRA, size, pictures);
  let basis = randomBasis(width, size);
  orthonormalize(basis, size);
  let along = new Float64Array();
  for (let round = 0; ; round++) {
    // The last round only measures how the pictures vary within the basis.
    const isLast = round === ROUNDS;
    const product = new Float64Array(isLast ? 0 : basis.length);
    along = new Float64Array(isLast ? width * width : 0);
    let done = 0;
    for (let n = 0; n < pictures; n++) {
      const picture = centered(pixels, n, mean);
      const code = codeOf(picture, basis, width);
      if (isLast) addOuter(along, code, code);
      else addOuter(product, code, picture);
      done += 2 * width * size;
      if (done > PIECE) {
        done = 0;
        yield;
      }
    }
    if (isLast) break;
    basis = product;
    orthonormalize(basis, size);
  }
  return { mean, directions: rotated(basis, size, axesOf(along, width), Math.min(count, width)), count };
}

/**
 * Redraws pictures from their first components: weighted sums, clamped to the range of pixels.
 * @param {Components} components
 * @param {Uint8Array} pixels [n, size]
 * @param {number} count of components
 * @returns {Float32Array} values, [n, size]
 */
export function project({ mean, directions }, pixels, count) {
  const size = mean.length;
  const used = Math.min(count, directions.length / size);
  const all = new Float32Array(pixels.length);
  for (let n = 0; n < pixels.length / size; n++) {
    const code = codeOf(centered(pixels, n, mean), directions, used);
    const sum = Float64Array.from(mean);
    for (let k = 0; k < used; k++) {
      for (let i = 0, at = k * size; i < size; i++) sum[i] += code[k] * directions[at + i];
    }
    for (let i = 0; i < size; i++) all[n * size + i] = Math.min(1, Math.max(0, sum[i]));
  }
  return all;
}

/**
 * @param {Uint8Array} pixels
 * @param {number} size
 */
function meanOf(pixels, size) {
  const sums = new Float64Array(size);
  for (let at = 0; at < pixels.length; at++) sums[at % size] += pixels[at];
  return sums.map((sum) => toValue(sum / (pixels.length / size)));
}

/**
 * One picture, less the mean.
 * @param {Uint8Array} pixels
 * @param {number} index
 * @param {Float64Array} mean
 */
function centered(pixels, index, mean) {
  const start = index * mean.length;
  return mean.map((value, i) => toValue(pixels[start + i]) - value);
}

/**
 * A picture along each direction.
 * @param {Float64Array} picture
 * @param {Float64Array} directions
 * @param {number} count
 */
function codeOf(picture, directions, count) {
  const size = picture.length;
  const code = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let i = 0, at = k * size; i < size; i++) sum += picture[i] * directions[at + i];
    code[k] = sum;
  }
  return code;
}

/**
 * Adds the outer product of two vectors to a matrix.
 * @param {Float64Array} matrix [rows, columns]
 * @param {Float64Array} rows
 * @param {Float64Array} columns
 */
function addOuter(matrix, rows, columns) {
  const width = columns.length;
  for (let k = 0; k < rows.length; k++) {
    const factor = rows[k];
    for (let i = 0, at = k * width; i < width; i++) matrix[at + i] += factor * columns[i];
  }
}

/**
 * Random directions, the same in every browser: a linear congruential generator is random enough to start a search.
 * @param {number} width
 * @param {number} size
 */
function randomBasis(width, size) {
  let state = 1;
  return Float64Array.from({ length: width * size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/**
 * Makes the rows orthonormal, each twice since once leaves rounding errors; a dependent row becomes zero.
 * @param {Float64Array} rows [n, size], changed in place
 * @param {number} size
 */
function orthonormalize(rows, size) {
  for (let start = 0; start < rows.length; start += size) {
    const row = rows.subarray(start, start + size);
    const before = Math.sqrt(dot(row, row));
    for (let time = 0; time < 2; time++) {
      for (let other = 0; other < start; other += size) {
        const earlier = rows.subarray(other, other + size);
        const factor = dot(row, earlier);
        for (let i = 0; i < size; i++) row[i] -= factor * earlier[i];
      }
    }
    const length = Math.sqrt(dot(row, row));
    const factor = length > NOTHING * before ? 1 / length : 0;
    for (let i = 0; i < size; i++) row[i] *= factor;
  }
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Eigenvectors of a symmetric matrix as columns, by the cyclic Jacobi method, in descending order of their eigenvalues.
 * @param {Float64Array} matrix [n, n], diagonal afterwards
 * @param {number} n
 * @returns {Float64Array[]}
 */
export function axesOf(matrix, n) {
  const vectors = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, k) => Number(i === k)));
  const at = (/** @type {number} */ row, /** @type {number} */ column) => matrix[row * n + column];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (at(p, q) === 0) continue;
        rest += Math.abs(at(p, q));
        const ratio = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const tangent = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        turn(matrix, vectors, { p, q, cosine, sine: tangent * cosine });
      }
    }
    if (rest < Number.MIN_VALUE) break;
  }
  const order = vectors.map((_, i) => i).sort((a, b) => at(b, b) - at(a, a));
  return order.map((i) => vectors[i]);
}

/**
 * One rotation of the Jacobi method.
 * @param {Float64Array} matrix
 * @param {Float64Array[]} vectors
 * @param {{p: number, q: number, cosine: number, sine: number}} rotation
 */
function turn(matrix, vectors, { p, q, cosine, sine }) {
  const n = vectors.length;
  for (let k = 0; k < n; k++) rotate(matrix, k * n + p, k * n + q, cosine, sine);
  for (let k = 0; k < n; k++) rotate(matrix, p * n + k, q * n + k, cosine, sine);
  for (let k = 0; k < n; k++) {
    const [a, b] = [vectors[p][k], vectors[q][k]];
    vectors[p][k] = cosine * a - sine * b;
    vectors[q][k] = sine * a + cosine * b;
  }
}

/**
 * @param {Float64Array} values
 * @param {number} i
 * @param {number} k
 * @param {number} cosine
 * @param {number} sine
 */
function rotate(values, i, k, cosine, sine) {
  const [a, b] = [values[i], values[k]];
  values[i] = cosine * a - sine * b;
  values[k] = sine * a + cosine * b;
}

/**
 * The first directions along new axes within a basis.
 * @param {Float64Array} basis [width, size]
 * @param {number} size
 * @param {Float64Array[]} axes each [width]
 * @param {number} count
 */
function rotated(basis, size, axes, count) {
  const directions = new Float64Array(count * size);
  for (let k = 0; k < count; k++) {
    for (let from = 0; from < axes[k].length; from++) {
      const factor = axes[k][from];
      for (let i = 0; i < size; i++) directions[k * size + i] += factor * basis[from * size + i];
    }
  }
  return directions;
}
