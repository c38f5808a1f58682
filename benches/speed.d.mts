/** Times every row: in Chromium and natively, variants in turn, round by round, so that a busy moment hits them all. */
export type Row = {
    preset: string;
    variant: string;
    work: 'decode' | 'encode' | 'train';
    /**
     * pictures of one call
     */
    count: number;
    /**
     * milliseconds of one call
     */
    best: number;
    median: number;
    /**
     * operations of a call by its best time, in 1e9 a second
     */
    gflops: number;
    /**
     * of the variant's limit (`fed`), by the best time
     */
    share: number;
    /**
     * the same by the median
     */
    medianShare: number;
    /**
     * every sample
     */
    milliseconds: number[];
};
export type Limit = {
    best: number;
    median: number;
};
/**
 * @param {object} options
 * @param {import('puppeteer-core').Browser} options.browser
 * @param {string} options.address of the site
 * @param {string} options.program the native bench
 * @param {number} options.rounds
 * @param {number} options.seconds for each row in each round
 * @returns {Promise<ReturnType<typeof summarize>>}
 */
export declare function timeRounds({ browser, address, program, rounds, seconds }: {
    browser: import('puppeteer-core').Browser;
    address: string;
    program: string;
    rounds: number;
    seconds: number;
}): Promise<ReturnType<typeof summarize>>;
/**
 * The samples of all rounds together, as shares of the best limit of all rounds.
 * @param {Record<string, import('./operations.mjs').Config>} configs
 * @param {any[]} found
 */
declare function summarize(configs: Record<string, import('./operations.mjs').Config>, found: any[]): {
    operations: {
        [k: string]: {
            decode: number;
            encode: number;
            train: number;
        };
    };
    limits: Record<string, Limit>;
    idleLimits: Record<string, Limit>;
    rows: {
        preset: any;
        variant: any;
        work: any;
        count: any;
        best: number;
        median: number;
        gflops: number;
        share: number;
        medianShare: number;
        milliseconds: any[];
    }[];
};
export {};
