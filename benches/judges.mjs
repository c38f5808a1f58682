/**
 * Judges of random samples that are independent of the network that drew them: they compare them
 * with pictures it has not seen. Pictures are rows of values from 0 to 1.
 */

/** Directions in which the pictures are compared. */
const COMPONENTS = 32;

/** Rounds in which the components are found. */
const ITERATIONS = 12;

/** Number of neighbors that have to agree on what a sample shows. */
const NEIGHBORS = 5;

/** Share of real pictures that count as one of their kind. */
const TYPICAL = 0.95;

/**
 * Fréchet distance between samples and `reference`, over the principal components of `reference`.
 * @param {Float32Array[]} reference
 */
export function frechetJudge(reference) {
  const mean = average(reference);
  const axes = principalAxes(reference, mean);
  const coordinates = (/** @type {Float32Array} */ picture) => axes.map((axis) => dot(axis, picture) - dot(axis, mean));
  const real = statistics(reference.map(coordinates));
  /** @param {Float32Array[]} samples */
  return (samples) => frechet(real, statistics(samples.map(coordinates)));
}

/**
 * Share of samples that show one thing clearly: as close to a picture of `reference` as real ones are, and the closest ones agree on what
 * it is.
 * @param {Float32Array[]} reference
 * @param {ArrayLike<number>} labels of the reference
 * @param {Float32Array[]} others real pictures that are not in it
 */
export function clarityJudge(reference, labels, others) {
  const nearest = (/** @type {Float32Array} */ picture) => closest(picture, reference);
  const distances = others.map((picture) => nearest(picture)[0].distance).sort((a, b) => a - b);
  const farthest = distances[Math.floor(TYPICAL * distances.length)];
  const isClear = (/** @type {Float32Array} */ picture) => {
    const found = nearest(picture);
    return found[0].distance <= farthest && found.every(({ index }) => labels[index] === labels[found[0].index]);
  };
  /** @param {Float32Array[]} samples */
  return (samples) => samples.filter(isClear).length / samples.length;
}

/**
 * The nearest pictures, closest first.
 * @param {Float32Array} picture
 * @param {Float32Array[]} reference
 */
function closest(picture, reference) {
  /** @type {{index: number, distance: number}[]} */
  const found = [];
  reference.forEach((other, index) => {
    const distance = squaredDistance(picture, other, found[NEIGHBORS - 1]?.distance ?? Infinity);
    if (distance >= (found[NEIGHBORS - 1]?.distance ?? Infinity)) return;
    found.push({ index, distance });
    found.sort((a, b) => a.distance - b.distance);
    found.length = Math.min(found.length, NEIGHBORS);
  });
  return found;
}

/** @param {Float32Array[]} pictures */
function average(pictures) {
  const mean = new Float32Array(pictures[0].length);
  for (const picture of pictures) picture.forEach((value, i) => (mean[i] += value / pictures.length));
  return mean;
}

/**
 * The first principal components, by orthogonal iteration.
 * @param {Float32Array[]} pictures
 * @param {Float32Array} mean
 */
function principalAxes(pictures, mean) {
  const centered = pictures.map((picture) => picture.map((value, i) => value - mean[i]));
  // Any start works that is not orthogonal to them.
  /** @type {Float32Array[]} */
  let axes = Array.from({ length: COMPONENTS }, (_, k) =>
    centered[Math.floor((k * centered.length) / COMPONENTS)].slice(),
  );
  for (let turn = 0; turn < ITERATIONS; turn++) {
    const next = axes.map((axis) => new Float32Array(axis.length));
    for (const picture of centered) {
      axes.forEach((axis, k) => addScaled(next[k], picture, dot(axis, picture)));
    }
    axes = orthonormal(next);
  }
  return axes;
}

/** @param {Float32Array[]} vectors changed in place */
function orthonormal(vectors) {
  vectors.forEach((vector, k) => {
    for (let before = 0; before < k; before++) addScaled(vector, vectors[before], -dot(vector, vectors[before]));
    const length = Math.sqrt(dot(vector, vector)) || 1;
    vector.forEach((value, i) => (vector[i] = value / length));
  });
  return vectors;
}

/**
 * Mean and covariance.
 * @param {number[][]} rows
 */
function statistics(rows) {
  const size = rows[0].length;
  const mean = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
  const covariance = mean.map((_, i) =>
    mean.map((_, j) => rows.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0) / rows.length),
  );
  return { mean, covariance };
}

/**
 * |difference of the means|² + trace(A + B - 2 (A B)^½). A is diagonal here, since its coordinates are its principal components.
 * @param {ReturnType<typeof statistics>} a of the pictures whose axes they are
 * @param {ReturnType<typeof statistics>} b
 */
function frechet(a, b) {
  const root = a.covariance.map((row, i) => Math.sqrt(Math.max(0, row[i])));
  const product = b.covariance.map((row, i) => row.map((value, j) => root[i] * value * root[j]));
  const between = eigenvalues(product).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return (
    a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2 + a.covariance[i][i] + b.covariance[i][i], 0) -
    2 * between
  );
}

/**
 * Of a symmetric matrix, by Jacobi rotations.
 * @param {number[][]} matrix
 */
function eigenvalues(matrix) {
  const m = matrix.map((row) => [...row]);
  const size = m.length;
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(m, p, q);
    }
  }
  return m.map((row, i) => row[i]);
}

/**
 * Makes one value beside the diagonal zero.
 * @param {number[][]} m
 * @param {number} p
 * @param {number} q
 */
function rotate(m, p, q) {
  if (Math.abs(m[p][q]) < 1e-15) return;
  const theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < m.length; i++) {
    const [a, b] = [m[i][p], m[i][q]];
    [m[i][p], m[i][q]] = [c * a - s * b, s * a + c * b];
  }
  for (let i = 0; i < m.length; i++) {
    const [a, b] = [m[p][i], m[q][i]];
    [m[p][i], m[q][i]] = [c * a - s * b, s * a + c * b];
  }
}

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} most from here on it does not matter how large it is
 */
function squaredDistance(a, b, most) {
  let sum = 0;
  for (let i = 0; i < a.length && sum < most; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/**
 * @param {Float32Array} into
 * @param {Float32Array} vector
 * @param {number} factor
 */
function addScaled(into, vector, factor) {
  for (let i = 0; i < into.length; i++) into[i] += factor * vector[i];
}
