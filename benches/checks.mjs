/** Checks of the results, made before anything is timed. */

import assert from 'node:assert/strict';

/** Both builds compute the same network: their pixels differ only by rounding (up to 6e-7 was seen). */
const LARGEST_DIFFERENCE = 1e-4;

/**
 * @typedef {object} Check
 * @property {string} preset
 * @property {string} variant
 * @property {number[]} [pixels] 64 decoded latents
 * @property {string} decoded their hash
 * @property {number[]} losses of the first steps on one batch
 */

/** @param {Check[]} checks */
export function assertChecks(checks) {
  for (const { preset, variant, losses } of checks) {
    const name = `${preset}, ${variant}`;
    assert.ok(losses.every(Number.isFinite), `${name}: losses ${losses}`);
    assert.ok(
      /** @type {number} */ (losses.at(-1)) < losses[0],
      `${name}: training does not lower the loss: ${losses}`,
    );
  }
  for (const preset of new Set(checks.map((check) => check.preset))) {
    const of = (/** @type {string} */ variant) => {
      const found = checks.find((check) => check.preset === preset && check.variant === variant);
      assert.ok(found, `${preset}: nothing is known of ${variant}`);
      return found;
    };
    const [plain, relaxed, native] = ['wasm plain', 'wasm relaxed', 'native plain Rust'].map(of);
    const difference = largestDifference(plain.pixels ?? [], relaxed.pixels ?? []);
    assert.ok(difference <= LARGEST_DIFFERENCE, `${preset}: plain and relaxed pixels are ${difference} apart`);
    // The plain engine gives the same bits everywhere.
    assert.equal(plain.decoded, native.decoded, `${preset}: wasm and native decode other bits`);
    assert.deepEqual(plain.losses, native.losses, `${preset}: wasm and native train to other losses`);
  }
}

/** @param {number[]} one @param {number[]} other */
function largestDifference(one, other) {
  assert.equal(one.length, other.length);
  assert.ok(
    one.some((value) => Math.abs(value - one[0]) > 0.01),
    'all pixels are alike: nothing was decoded',
  );
  return one.reduce((largest, value, at) => Math.max(largest, Math.abs(value - other[at])), 0);
}
