/**
 * One filter of a convolution and of its transpose, on squares, exactly as in the engine: `src/cpu/taps.rs` makes the same links (taps)
 * in the same order, and `src/config.rs` derives the same sizes.
 *
 * A convolution goes from the fine side to the coarse one, its transpose from the coarse side to the fine one. Both are
 * the same links; only the direction differs (Dumoulin and Visin 2016). The canvas is the fine side surrounded by its
 * padding: a convolution pads it with zeros, and its transpose stamps on it and cuts it off.
 *
 * @typedef {object} Geometry
 * @property {number} coarse side of the coarse square
 * @property {number} kernel side of the kernel
 * @property {number} stride
 * @property {number} padding at each side
 * @property {number} outputPadding less than the stride
 *
 * @typedef {object} Link
 * @property {number} coarse position, row by row
 * @property {number} fine position, row by row
 * @property {number} tap position in the kernel, row by row
 */

/**
 * Side of the fine square, the output of a transposed convolution.
 * @param {Geometry} geometry
 */
export function fineSide({ coarse, kernel, stride, padding, outputPadding }) {
  return (coarse - 1) * stride - 2 * padding + kernel + outputPadding;
}

/**
 * Side of the coarse square, the output of a convolution.
 * @param {Geometry} geometry its `coarse` and `outputPadding` are not used
 * @param {number} fine
 */
export function coarseSide({ kernel, stride, padding }, fine) {
  return Math.floor((fine + 2 * padding - kernel) / stride) + 1;
}

/**
 * The padding and output padding of the networks here: they keep a picture's size at stride 1, and restore the fine side exactly.
 * @param {number} kernel
 * @param {number} stride
 * @param {number} fine the encoder's side
 */
export function mirrored(kernel, stride, fine) {
  const padding = (kernel - 1) / 2;
  const coarse = Math.ceil(fine / stride);
  return { coarse, kernel, stride, padding, outputPadding: fine + 2 * padding - kernel - (coarse - 1) * stride };
}

/**
 * Side of the canvas.
 * @param {Geometry} geometry
 */
export function canvasSide(geometry) {
  return fineSide(geometry) + 2 * geometry.padding;
}

/**
 * The canvas positions that a stamp covers, in the order of the kernel.
 * @param {Geometry} geometry
 * @param {number} coarse position
 */
export function stamp(geometry, coarse) {
  const { kernel, stride } = geometry;
  const canvas = canvasSide(geometry);
  const [row, column] = [Math.floor(coarse / geometry.coarse) * stride, (coarse % geometry.coarse) * stride];
  return Array.from(
    { length: kernel * kernel },
    (_, tap) => (row + Math.floor(tap / kernel)) * canvas + column + (tap % kernel),
  );
}

/**
 * The fine position of a canvas position; -1 in the padding.
 * @param {Geometry} geometry
 * @param {number} position
 */
export function fineAt(geometry, position) {
  const { padding } = geometry;
  const [canvas, fine] = [canvasSide(geometry), fineSide(geometry)];
  const [row, column] = [Math.floor(position / canvas) - padding, (position % canvas) - padding];
  const isInside = row >= 0 && row < fine && column >= 0 && column < fine;
  return isInside ? row * fine + column : -1;
}

/**
 * All links inside the picture, in the engine's order.
 * @param {Geometry} geometry
 * @returns {Link[]}
 */
export function links(geometry) {
  const all = [];
  for (let coarse = 0; coarse < geometry.coarse ** 2; coarse++) {
    for (const [tap, position] of stamp(geometry, coarse).entries()) {
      const fine = fineAt(geometry, position);
      if (fine >= 0) all.push({ coarse, fine, tap });
    }
  }
  return all;
}

/**
 * The canvas after the first `count` coarse values have stamped the kernel on it.
 * @param {Geometry} geometry
 * @param {ArrayLike<number>} input [coarse, coarse]
 * @param {ArrayLike<number>} kernel [kernel, kernel]
 * @param {number} [count]
 */
export function stamped(geometry, input, kernel, count = geometry.coarse ** 2) {
  const canvas = new Float64Array(canvasSide(geometry) ** 2);
  for (let coarse = 0; coarse < count; coarse++) {
    stamp(geometry, coarse).forEach((position, tap) => (canvas[position] += input[coarse] * kernel[tap]));
  }
  return canvas;
}

/**
 * How many of the first `count` stamps cover each canvas position: uneven where the stride does not divide the kernel,
 * which causes checkerboards (Odena et al. 2016).
 * @param {Geometry} geometry
 * @param {number} [count]
 */
export function overlaps(geometry, count) {
  const ones = (/** @type {number} */ side) => new Float64Array(side * side).fill(1);
  return stamped(geometry, ones(geometry.coarse), ones(geometry.kernel), count);
}

/**
 * The fine part of a canvas.
 * @param {Geometry} geometry
 * @param {Float64Array} canvas
 */
export function cropped(geometry, canvas) {
  return canvas.filter((_, position) => fineAt(geometry, position) >= 0);
}

/**
 * The transposed convolution.
 * @param {Geometry} geometry
 * @param {ArrayLike<number>} input [coarse, coarse]
 * @param {ArrayLike<number>} kernel [kernel, kernel]
 * @returns {Float64Array} [fine, fine]
 */
export function transposedConvolution(geometry, input, kernel) {
  return cropped(geometry, stamped(geometry, input, kernel));
}

/**
 * The convolution with the same links.
 * @param {Geometry} geometry
 * @param {ArrayLike<number>} input [fine, fine]
 * @param {ArrayLike<number>} kernel [kernel, kernel]
 * @returns {Float64Array} [coarse, coarse]
 */
export function convolution(geometry, input, kernel) {
  const out = new Float64Array(geometry.coarse ** 2);
  for (const { coarse, fine, tap } of links(geometry)) out[coarse] += input[fine] * kernel[tap];
  return out;
}
