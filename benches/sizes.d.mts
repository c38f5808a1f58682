/** Bytes of everything that is served: as it is, and as servers send it, in gzip (level 9) and brotli (level 11). */
export type Bytes = {
    raw: number;
    gzip: number;
    brotli: number;
};
/** @param {string} file @returns {Bytes} */
export declare function bytesOf(file: string): Bytes;
/**
 * Bytes by address below the site's root, `pkg/` last.
 * @param {string} root of the workspace
 * @returns {Record<string, Bytes>}
 */
export declare function assets(root: string): Record<string, Bytes>;
/**
 * What a visitor pays for, in sums of assets.
 * @param {Record<string, Bytes>} files by address
 * @param {string[]} first addresses that the page asks for until its first picture
 */
export declare function sums(files: Record<string, Bytes>, first: string[]): {
    'wasm plain, with glue': Bytes;
    'wasm relaxed, with glue': Bytes;
    'WebGPU, with glue': Bytes;
    'to the first picture': Bytes;
};
