/** The result as tables for people. */
/** @param {any} result what `bench.mjs` writes as JSON */
export declare function print({ machine, load, limits, idleLimits, operations, rows, training, webgpu, firstPicture, sizes, bars }: any): void;
/** @param {import('./training.mjs').Training} training */
export declare function printTraining({ loop, heldOut, memory, polite }: import('./training.mjs').Training): void;
