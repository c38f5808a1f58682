import { Failure } from '../failure.js';

/** @typedef {import('../assets.js').Build} Build */

/** Start of both probes: header, one type `() -> v128`, one function of that type. */
const prologue = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];

/** i32.const 0, i8x16.splat */
const splat = [65, 0, 253, 15];

/** (func (result v128) i32.const 0  i8x16.splat) */
const simdProbe = new Uint8Array([...prologue, 10, 8, 1, 6, 0, ...splat, 11]);

/** (func (result v128) three splats  f32x4.relaxed_madd) */
const relaxedProbe = new Uint8Array([...prologue, 10, 19, 1, 17, 0, ...splat, ...splat, ...splat, 253, 133, 2, 11]);

/**
 * Picks the fastest build of the wasm module that this browser can run.
 * @returns {Build}
 * @throws {Failure} if it cannot run any
 */
export function pickBuild() {
  if (typeof WebAssembly !== 'object' || typeof WebAssembly.validate !== 'function') {
    throw new Failure('no-wasm', 'WebAssembly is not available');
  }
  if (!WebAssembly.validate(simdProbe)) {
    throw new Failure('no-simd', 'WebAssembly has no 128-bit SIMD');
  }
  return WebAssembly.validate(relaxedProbe) ? 'cpu-relaxed' : 'cpu';
}
