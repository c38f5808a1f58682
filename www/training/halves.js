/**
 * Half precision for older snapshots of a run. A state is [weights, first moment, second moment]. The second moment is stored as its
 * square root, since squares of gradients are below the range of half precision.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Smallest positive half. */
const SMALLEST = 2 ** -24;

/** @param {Float32Array} state [3, parameters] */
export function toHalves(state) {
  const halves = new Uint16Array(state.length);
  halve(state, halves, 0, state.length);
  return halves;
}

/**
 * Converts a part of a state, since a whole large one would block the page for too long.
 * @param {Float32Array} state [3, parameters]
 * @param {Uint16Array} halves
 * @param {number} from
 * @param {number} to
 */
export function halve(state, halves, from, to) {
  const rooted = (state.length / 3) * 2;
  for (let i = from; i < to; i++) {
    const value = state[i];
    if (i < rooted) halves[i] = halfOf(value);
    else halves[i] = value > 0 ? Math.max(1, halfOf(Math.sqrt(value))) : 0;
  }
}

/** @param {Uint16Array} halves [3, parameters] */
export function fromHalves(halves) {
  const rooted = (halves.length / 3) * 2;
  const state = new Float32Array(halves.length);
  for (let i = 0; i < state.length; i++) {
    const value = floatOf(halves[i]);
    state[i] = i < rooted ? value : value * value;
  }
  return state;
}

/**
 * Rounds to the nearest half, ties to even; values out of range become the largest half, 65504.
 * @param {number} value finite
 */
export function halfOf(value) {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = Math.min(Math.abs(float[0]), 65504);
  if (magnitude < 2 ** -14) return sign | roundEven(magnitude / SMALLEST);
  float[0] = magnitude;
  const whole = bits[0] - (112 << 23);
  const rounded = (whole + 0xfff + ((whole >>> 13) & 1)) >>> 13;
  return sign | Math.min(rounded, 0x7bff);
}

/** @param {number} half */
export function floatOf(half) {
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  const magnitude = exponent === 0 ? fraction * SMALLEST : (1024 + fraction) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** @param {number} value at least 0 */
function roundEven(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** A training state in single precision; older snapshots have it in half precision. @param {Float32Array | Uint16Array} state */
export function exact(state) {
  return state instanceof Float32Array ? state : fromHalves(state);
}
