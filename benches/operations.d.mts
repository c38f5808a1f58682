/**
 * Operations that a network needs for one picture, counted exactly from its config: a multiply-add is two, and a tap
 * that lies in the padding is none. Activations, losses and Adam are not counted, so that a share of the machine's
 * limit says how much of the time went into the products.
 */
export type Config = {
    image: {
        channels: number;
        height: number;
        width: number;
    };
    layers: {
        filters: number;
        kernel: number;
        stride: number;
    }[];
    latent: number;
    kind: 'variational' | 'autoencoder';
};
/**
 * @typedef {object} Config
 * @property {{channels: number, height: number, width: number}} image
 * @property {{filters: number, kernel: number, stride: number}[]} layers
 * @property {number} latent
 * @property {'variational' | 'autoencoder'} kind
 */
/**
 * Pairs of (output position, tap) along one axis whose tap lies inside the picture.
 * @param {number} side of the input
 * @param {{kernel: number, stride: number}} layer
 */
export declare function linksOfAxis(side: number, { kernel, stride }: {
    kernel: number;
    stride: number;
}): number;
/**
 * Operations of one picture.
 * @param {Config} config
 * @returns {{decode: number, encode: number, train: number}}
 */
export declare function operations({ image, layers, latent, kind }: Config): {
    decode: number;
    encode: number;
    train: number;
};
