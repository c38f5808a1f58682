/** What was measured on, and how busy it was: times from a busy machine say little, so they come with this. */
/** @param {string} browser its name and version */
export declare function machine(browser: string): {
    cpu: string;
    threads: number;
    kernel: string;
    node: string;
    browser: string;
};
/** Processes that wanted to run, on average over 1, 5 and 15 minutes. */
export declare const load: () => number[];
/** Share of the processors' time, from 0 to 1, that others use while we wait for a second. */
export declare function busyShare(): Promise<number>;
