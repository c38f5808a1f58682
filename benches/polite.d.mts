/**
 * How soon a visitor is answered while a run goes on: real pointer and keys in a page with two figures, one of which trains.
 * Measured are the time from an input to the next frame (Event Timing), to the picture that it asked for, and the time that
 * a request for a decode lies in the worker's queue.
 */
export type Spread = {
    count: number;
    median: number;
    most: number;
    worst: number;
};
export type Politeness = {
    run: string;
    step: number;
    frames: Spread;
    pictures: Spread;
    queue: Spread;
};
/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address of the site
 * @returns {Promise<Politeness[]>} of one network, and of two side by side
 */
export declare function timePoliteness(browser: import('puppeteer-core').Browser, address: string): Promise<Politeness[]>;
