/** What must be right before it may be fast. */
export type Check = {
    preset: string;
    variant: string;
    /**
     * 64 decoded latents
     */
    pixels?: number[];
    /**
     * their hash
     */
    decoded: string;
    /**
     * of the first steps on one batch
     */
    losses: number[];
};
/**
 * @typedef {object} Check
 * @property {string} preset
 * @property {string} variant
 * @property {number[]} [pixels] 64 decoded latents
 * @property {string} decoded their hash
 * @property {number[]} losses of the first steps on one batch
 */
/** @param {Check[]} checks */
export declare function assertChecks(checks: Check[]): void;
