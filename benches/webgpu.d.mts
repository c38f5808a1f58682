/** The module for WebGPU, in a Chromium of its own: on a GPU where Chromium finds one, else on its software adapter. */
/**
 * @param {{address: string, seconds: number}} options `seconds` for each row
 * @returns {Promise<{adapter: string, software: boolean, rows: object[]}>}
 */
export declare function timeWebGpu({ address, seconds }: {
    address: string;
    seconds: number;
}): Promise<{
    adapter: string;
    software: boolean;
    rows: object[];
}>;
