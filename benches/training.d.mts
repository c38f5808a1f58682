/** Training as the page does it: what the loop adds to the bare step, how soon it learns, its memory, and how soon others are answered. */
export type Training = {
    /**
     * milliseconds a step
     */
    loop: {
        bare: number;
        whole: number;
        ratio: number;
        rounds: {
            bare: number;
            whole: number;
        }[];
    };
    heldOut: {
        data: string;
        count: number;
        best: number;
        curve: {
            seconds: number;
            step: number;
            nats: number;
        }[];
    };
    /**
     * bytes
     */
    memory: {
        early: number;
        late: number;
        growth: number;
    };
    polite: import('./polite.mjs').Politeness[];
};
/**
 * @param {{address: string, rounds: number}} options where the site is served
 * @returns {Promise<Training>}
 */
export declare function timeTraining({ address, rounds }: {
    address: string;
    rounds: number;
}): Promise<Training>;
