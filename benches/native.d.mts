/** The native bench, `cargo bench --bench native`, as a program that is built once and run once a round. */
/** Builds it if that is due; the answer is the program's file. */
export declare function buildNative(): string;
/**
 * Runs it; each line it prints is an object with a `kind`.
 * @param {string} program
 * @param {number} seconds for each row
 * @returns {any[]}
 */
export declare function runNative(program: string, seconds: number): any[];
