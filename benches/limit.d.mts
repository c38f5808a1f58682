/**
 * The limit of one WebAssembly thread: how many multiply-adds a second it can do in the best of cases. Tiny modules,
 * written here and assembled by binaryen, measure two:
 *
 * - `fed`: the inner loop of any matrix product, a tile of sums in registers whose operands come from the first-level
 *   cache. A product cannot be faster than this, so shares are of it.
 * - `idle`: the same instructions with operands that are in registers already. No product is like that; it shows what
 *   the loads cost.
 */
export type Kind = 'plain' | 'relaxed';
export type Form = 'fed' | 'idle';
/** @typedef {'plain' | 'relaxed'} Kind which instructions: multiply, then add; or both in one */
/** @typedef {'fed' | 'idle'} Form */
/** @type {Form[]} */
export declare const FORMS: Form[];
/** Operations of one turn of the loop: a multiply-add is two, in each of four lanes. @param {Kind} kind @param {Form} form */
export declare function operationsPerTurn(kind: Kind, form: Form): number;
/**
 * A module that exports `run(turns: i32) -> f32`. The sum of all its chains is returned, so that no compiler can leave
 * one out; they end near 1 each (`idle`), or exactly where they began, at 1 (`fed`).
 * @param {Kind} kind
 * @param {Form} form
 */
export declare function source(kind: Kind, form: Form): string;
/**
 * The binary of such a module.
 * @param {Kind} kind
 * @param {Form} form
 */
export declare function assemble(kind: Kind, form: Form): NonSharedBuffer;
