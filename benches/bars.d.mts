/** The bars that the project has set itself, for one wasm thread and the network of preset `digits`. Judged by best times. */
export type Bar = {
    name: string;
    value: number;
    bar: number;
    unit: string;
    met: boolean;
};
/**
 * @param {object} result
 * @param {import('./speed.mjs').Row[]} result.rows
 * @param {Record<string, import('./speed.mjs').Limit>} result.limits
 * @param {{sums: Record<string, import('./sizes.mjs').Bytes>}} result.sizes
 * @param {import('./training.mjs').Training} result.training
 * @returns {Bar[]}
 */
export declare function bars({ rows, limits, sizes, training }: {
    rows: import('./speed.mjs').Row[];
    limits: Record<string, import('./speed.mjs').Limit>;
    sizes: {
        sums: Record<string, import('./sizes.mjs').Bytes>;
    };
    training: import('./training.mjs').Training;
}): Bar[];
