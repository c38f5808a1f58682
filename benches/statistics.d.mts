/** @param {number[]} milliseconds what disturbs a measurement only makes it longer, so the best is nearest the truth */
export declare const best: (milliseconds: number[]) => number;
/** @param {number[]} values */
export declare function median(values: number[]): number;
/**
 * @param {number[]} values
 * @param {number} share 0 to 1; of few values the larger one
 */
export declare function percentile(values: number[], share: number): number;
