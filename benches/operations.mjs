/**
 * Operations that a network needs for one picture, counted exactly from its config: a multiply-add is two, and a tap
 * that lies in the padding is none. Activations, losses and Adam are not counted, so that a share of the machine's
 * limit says how much of the time went into the products.
 */

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
export function linksOfAxis(side, { kernel, stride }) {
  const padding = (kernel - 1) / 2;
  let links = 0;
  for (let output = 0; output < Math.ceil(side / stride); output++) {
    for (let tap = 0; tap < kernel; tap++) {
      const input = output * stride + tap - padding;
      if (input >= 0 && input < side) links++;
    }
  }
  return links;
}

/**
 * Operations of one picture.
 * @param {Config} config
 * @returns {{decode: number, encode: number, train: number}}
 */
export function operations({ image, layers, latent, kind }) {
  let { channels, height, width } = image;
  const convolutions = layers.map((layer) => {
    // A window inside the picture is one inside along both axes.
    const links = linksOfAxis(height, layer) * linksOfAxis(width, layer);
    const count = 2 * links * channels * layer.filters;
    height = Math.ceil(height / layer.stride);
    width = Math.ceil(width / layer.stride);
    channels = layer.filters;
    return count;
  });
  const linear = 2 * channels * height * width * latent;
  const heads = kind === 'variational' ? 2 * linear : linear;
  // The decoder's transposed convolutions have the encoder's links, seen from the other side.
  const all = convolutions.reduce((sum, count) => sum + count, 0);
  const decode = linear + all;
  const encode = all + heads;
  // Backward, each layer has as many operations again for its weights, and again for its input, which nobody asks of the
  // first: there the input is the picture.
  const train = 3 * (decode + encode) - convolutions[0];
  return { decode, encode, train };
}
