/** What makes up a module: bytes of code by crate, read from the names that the linker leaves in it. */
export type Share = {
    name: string;
    bytes: number;
};
/** @typedef {{name: string, bytes: number}} Share */
/**
 * Code by crate, largest first, then the constant data. A function that was made for a type of another crate counts for the
 * crate that wrote it.
 * @param {string} file a module as linked, before wasm-opt strips its names
 * @returns {Share[]}
 */
export declare function composition(file: string): Share[];
