/**
 * Attribute vectors and linear probes of codes, on plain arrays of numbers. A code is an array of
 * numbers; all codes of a model have the same length. docs/attribute-vectors.md defines what is
 * computed here.
 *
 * @typedef {ArrayLike<number>} Code
 * @typedef {() => Promise<void>} Pause awaited between parts of long work; see views/parts/breaks.js
 */

/** Number of parts of the pictures that are held out in turn. */
const FOLDS = 10;

/** Smaller differences of means are only rounding. */
const ROUNDING = 1e-9;

/** Strength of the ridge in a probe of all numbers, in units of a code's squared numbers. */
const RIDGE = 1;

/**
 * The mean of some codes.
 * @param {readonly Code[]} codes at least one
 */
export function meanOf(codes) {
  return Float64Array.from(codes[0], (_, i) => codes.reduce((sum, code) => sum + code[i], 0) / codes.length);
}

/**
 * The attribute vector of two sets of examples: the difference of their means.
 * @param {readonly Code[]} plus
 * @param {readonly Code[]} minus
 * @returns {Float64Array | null} null if a set is empty or there is no difference
 */
export function directionOf(plus, minus) {
  if (plus.length === 0 || minus.length === 0) return null;
  const [to, from] = [meanOf(plus), meanOf(minus)];
  const direction = to.map((value, i) => value - from[i]);
  return direction.some((value) => Math.abs(value) > ROUNDING) ? direction : null;
}

/**
 * A code moved along a direction.
 * @param {Code} code
 * @param {Code | null} direction null to stay
 * @param {number} amount 1 for the whole difference of the means
 */
export function moved(code, direction, amount) {
  return Float32Array.from(code, (value, i) => value + amount * (direction?.[i] ?? 0));
}

/**
 * The position of a code along a direction, in units of the direction's length.
 * @param {Code} code
 * @param {Code} direction
 */
export function positionOf(code, direction) {
  return dot(code, direction) / dot(direction, direction);
}

/**
 * The share of a property's variance that the position along a direction explains in held-out pictures: each tenth of them is predicted
 * by a line that was fitted to the other nine.
 * @param {readonly Code[]} codes of pictures that the direction was not made from
 * @param {readonly number[]} values of the property
 * @param {Code} direction
 * @param {Pause} [pause]
 * @returns {Promise<number>} at most 1; negative if the mean predicts better, NaN if there is nothing to explain
 */
export function shareAlong(codes, values, direction, pause) {
  const positions = codes.map((code) => [positionOf(code, direction)]);
  return shareOf(positions, values, 0, pause);
}

/**
 * The same for all numbers of the codes: ridge regression.
 * @param {readonly Code[]} codes
 * @param {readonly number[]} values
 * @param {Pause} [pause]
 */
export function shareOfAll(codes, values, pause) {
  return shareOf(codes, values, RIDGE, pause);
}

/**
 * How well a direction tells its own examples apart if each is left out once: the others give the means and a line that predicts the set,
 * 1 or -1, from the position.
 * @param {readonly Code[]} plus
 * @param {readonly Code[]} minus
 * @returns {{share: number, right: number, count: number} | null} the share of variance that is explained, as in `shareAlong`, and how
 *   many examples fall on their own side; null with fewer than three examples in a set
 */
export function leaveOneOut(plus, minus) {
  if (plus.length < 3 || minus.length < 3) return null;
  const codes = [...plus, ...minus];
  const values = codes.map((_, i) => (i < plus.length ? 1 : -1));
  const predicted = codes.map((code, i) => {
    const others = (/** @type {readonly Code[]} */ set) => set.filter((other) => other !== code);
    const direction = directionOf(others(plus), others(minus));
    if (!direction) return 0;
    const positions = codes.map((each) => [positionOf(each, direction)]);
    return fitted(without(positions, i), without(values, i), 0)(positions[i]);
  });
  const right = values.filter((value, i) => value * predicted[i] > 0).length;
  return { share: explained(values, predicted), right, count: codes.length };
}

/**
 * @param {readonly Code[]} inputs
 * @param {readonly number[]} values
 * @param {number} ridge
 * @param {Pause} [pause]
 */
async function shareOf(inputs, values, ridge, pause) {
  const predicted = new Array(values.length).fill(0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = (/** @type {unknown} */ _, /** @type {number} */ i) => i % FOLDS === fold;
    const isIn = (/** @type {unknown} */ _, /** @type {number} */ i) => i % FOLDS !== fold;
    if (!values.some(isIn)) return NaN;
    const predict = fitted(inputs.filter(isIn), values.filter(isIn), ridge);
    inputs.forEach((input, i) => isOut(input, i) && (predicted[i] = predict(input)));
    await pause?.();
  }
  return explained(values, predicted);
}

/**
 * @param {readonly number[]} values
 * @param {readonly number[]} predicted
 */
function explained(values, predicted) {
  const [mean] = meanOf(values.map((value) => [value]));
  const squares = (/** @type {(i: number) => number} */ of) =>
    values.reduce((sum, value, i) => sum + (value - of(i)) ** 2, 0);
  return 1 - squares((i) => predicted[i]) / squares(() => mean);
}

/**
 * Fits values by a linear function of inputs with an intercept.
 * @param {readonly Code[]} inputs
 * @param {readonly number[]} values
 * @param {number} ridge added to the diagonal
 * @returns {(input: Code) => number}
 */
function fitted(inputs, values, ridge) {
  const center = meanOf(inputs);
  const [mean] = meanOf(values.map((value) => [value]));
  const centered = inputs.map((input) => center.map((value, i) => input[i] - value));
  const size = center.length;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  centered.forEach((row, n) => {
    for (let i = 0; i < size; i++) {
      right[i] += row[i] * (values[n] - mean);
      for (let j = 0; j <= i; j++) matrix[i][j] += row[i] * row[j];
    }
  });
  for (let i = 0; i < size; i++) matrix[i][i] += ridge;
  const weights = solved(matrix, right);
  return (input) => weights.reduce((sum, weight, i) => sum + weight * (input[i] - center[i]), mean);
}

/**
 * Solves a symmetric, positive system by a Cholesky decomposition in place. Directions without variance get no weight.
 * @param {Float64Array[]} matrix its lower half
 * @param {Float64Array} right
 */
function solved(matrix, right) {
  const size = right.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= matrix[i][k] * matrix[j][k];
      if (i === j) matrix[i][i] = sum > 0 ? Math.sqrt(sum) : Infinity;
      else matrix[i][j] = sum / matrix[j][j];
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) right[i] -= matrix[i][k] * right[k];
    right[i] /= matrix[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) right[i] -= matrix[k][i] * right[k];
    right[i] /= matrix[i][i];
  }
  return right;
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {number} left index of the left-out one
 */
function without(all, left) {
  return all.filter((_, i) => i !== left);
}

/** @param {Code} a @param {Code} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}
