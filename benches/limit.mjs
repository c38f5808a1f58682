/**
 * The limit of one WebAssembly thread: the most multiply-adds per second that it can do. Tiny modules,
 * written here and assembled by binaryen, measure two:
 *
 * - `fed`: the inner loop of any matrix product, a tile of sums in registers whose operands come from the first-level
 *   cache. A product cannot be faster than this, so shares are of it.
 * - `idle`: the same instructions with operands that are already in registers. No product is like that; it shows the cost of the loads.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {'plain' | 'relaxed'} Kind which instructions: multiply, then add; or both in one */
/** @typedef {'fed' | 'idle'} Form */

/** @type {Form[]} */
export const FORMS = ['fed', 'idle'];

/** Unrolled steps of the loop, as in the kernels. */
const STEPS = 4;

/** Registers of four lanes that one row of sums takes. */
const COLUMNS = 2;

/**
 * Rows of sums. V8 has 15 registers to give. Six rows, two weights and an input take all of them where multiply-add is one
 * instruction; where it is two, the product needs one more, and a sixth row would be spilled to the stack.
 */
const ROWS = { relaxed: 6, plain: 5 };

/** Independent sums without operands to load: twelve hide the latency of any one. */
const CHAINS = 12;

/** Where the inputs are, behind the weights. */
const INPUTS = 1024;

/** @type {Record<Kind, (one: string, other: string, sum: string) => string>} */
const multiplyAdd = {
  plain: (one, other, sum) => `(f32x4.add ${sum} (f32x4.mul ${one} ${other}))`,
  relaxed: (one, other, sum) => `(f32x4.relaxed_madd ${one} ${other} ${sum})`,
};

/** Operations of one turn of the loop: a multiply-add is two, in each of four lanes. @param {Kind} kind @param {Form} form */
export function operationsPerTurn(kind, form) {
  return 2 * 4 * STEPS * (form === 'fed' ? ROWS[kind] * COLUMNS : CHAINS);
}

/**
 * A module that exports `run(turns: i32) -> f32`. The sum of all its chains is returned, so that no compiler can leave
 * one out; they end near 1 each (`idle`), or exactly where they began, at 1 (`fed`).
 * @param {Kind} kind
 * @param {Form} form
 */
export function source(kind, form) {
  const count = form === 'fed' ? ROWS[kind] * COLUMNS : CHAINS;
  const sums = Array.from({ length: count }, (_, n) => `$sum${n}`);
  const { before, step } = form === 'fed' ? fed(kind, sums) : idle(kind, sums);
  const steps = Array.from({ length: STEPS }, (_, n) => step(n)).flat();
  const ends = sums.map((sum) => `(f32x4.extract_lane 0 (local.get ${sum}))`);
  return `(module (memory 1) (func (export "run") (param $turns i32) (result f32)
    ${['$w0', '$w1', '$x', ...sums].map((name) => `(local ${name} v128)`).join(' ')}
    ${sums.map((sum) => `(local.set ${sum} (f32x4.splat (f32.const 1)))`).join('\n    ')}
    ${before.join('\n    ')}
    (loop $again
      ${steps.join('\n      ')}
      (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
      (br_if $again (local.get $turns)))
    (f32.div ${ends.reduce((sum, end) => `(f32.add ${sum} ${end})`)} (f32.const ${count}))))`;
}

/** sum = sum + input * weight, as a tile of a matrix product does it. @param {Kind} kind @param {string[]} sums */
function fed(kind, sums) {
  const splat = (/** @type {number} */ value) => `(f32x4.splat (f32.const ${value}))`;
  const store = (/** @type {number} */ at, /** @type {number} */ value) =>
    `(v128.store offset=${at} (i32.const 0) ${splat(value)})`;
  const before = [];
  for (let step = 0; step < STEPS; step++) {
    // Two steps cancel each other, without a rounding: the sums never grow.
    for (let column = 0; column < COLUMNS; column++) before.push(store(address(step, column), step % 2 ? -0.5 : 0.5));
  }
  for (let row = 0; row < ROWS[kind]; row++) before.push(store(INPUTS + row * STEPS * 4, 0.75));

  const step = (/** @type {number} */ step) => {
    const lines = ['$w0', '$w1'].map((w, n) => `(local.set ${w} (v128.load offset=${address(step, n)} (i32.const 0)))`);
    for (let row = 0; row < ROWS[kind]; row++) {
      lines.push(`(local.set $x (v128.load32_splat offset=${INPUTS + (row * STEPS + step) * 4} (i32.const 0)))`);
      for (let column = 0; column < COLUMNS; column++) {
        const sum = sums[row * COLUMNS + column];
        const value = multiplyAdd[kind]('(local.get $x)', `(local.get $w${column})`, `(local.get ${sum})`);
        lines.push(`(local.set ${sum} ${value})`);
      }
    }
    return lines;
  };
  return { before, step };
}

/** sum = sum * scale + addend, which goes to addend / (1 - scale) = 1. @param {Kind} kind @param {string[]} sums */
function idle(kind, sums) {
  const before = ['(local.set $w0 (f32x4.splat (f32.const 0.999)))', '(local.set $x (f32x4.splat (f32.const 0.001)))'];
  const next = (/** @type {string} */ sum) =>
    multiplyAdd[kind](`(local.get ${sum})`, '(local.get $w0)', '(local.get $x)');
  return { before, step: () => sums.map((sum) => `(local.set ${sum} ${next(sum)})`) };
}

/** Bytes from the start of memory. @param {number} step @param {number} column */
const address = (step, column) => (step * COLUMNS + column) * 16;

/**
 * The binary of such a module.
 * @param {Kind} kind
 * @param {Form} form
 */
export function assemble(kind, form) {
  const assembler = join(createRequire(import.meta.url).resolve('binaryen/package.json'), '../bin/wasm-as');
  const folder = mkdtempSync(join(tmpdir(), 'latent-lab-limit-'));
  try {
    const [text, binary] = ['wat', 'wasm'].map((extension) => join(folder, `limit.${extension}`));
    writeFileSync(text, source(kind, form));
    execFileSync(process.execPath, [assembler, '--enable-simd', '--enable-relaxed-simd', text, '-o', binary]);
    return readFileSync(binary);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
