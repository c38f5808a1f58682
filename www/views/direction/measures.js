/**
 * Measurable properties of decoded pictures: their slant, the width of their strokes, their brightness. All take RGBA bytes as shown,
 * with light strokes on a dark ground.
 *
 * @typedef {{width: number, height: number}} Size
 * @typedef {keyof typeof measures} MeasureName
 */

/** By name. @type {Record<'slant' | 'stroke' | 'light', (rgba: Uint8ClampedArray, size: Size) => number>} */
export const measures = { slant: slantOf, stroke: strokeOf, light: lightOf };

/**
 * The angle from the vertical at which the strokes lean, by second-order image moments; positive to the right.
 * @param {Uint8ClampedArray} rgba
 * @param {Size} size
 * @returns {number} in degrees; NaN for an empty picture
 */
export function slantOf(rgba, { width, height }) {
  let [ink, across, down] = [0, 0, 0];
  each(width, height, (x, y, at) => {
    ink += rgba[at];
    across += rgba[at] * x;
    down += rgba[at] * y;
  });
  const [middle, level] = [across / ink, down / ink];
  let [mixed, square] = [0, 0];
  each(width, height, (x, y, at) => {
    mixed += rgba[at] * (x - middle) * (y - level);
    square += rgba[at] * (y - level) ** 2;
  });
  // Rows are counted downward.
  return (Math.atan(-mixed / square) * 180) / Math.PI;
}

/**
 * The mean width of the strokes: twice the ink divided by the length of its outline, which is the sum of the gradient's lengths.
 * @param {Uint8ClampedArray} rgba
 * @param {Size} size
 * @returns {number} in pixels; NaN for an empty picture
 */
export function strokeOf(rgba, { width, height }) {
  const ink = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : rgba[4 * (y * width + x)];
  let [area, outline] = [0, 0];
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const here = ink(x, y);
      area += here;
      outline += Math.hypot(ink(x + 1, y) - here, ink(x, y + 1) - here);
    }
  }
  return (2 * area) / outline;
}

/**
 * The mean luma of the middle of a picture, where the face is: half of each side.
 * @param {Uint8ClampedArray} rgba
 * @param {Size} size
 * @returns {number} 0 to 255
 */
export function lightOf(rgba, { width, height }) {
  const [left, top] = [width >> 2, height >> 2];
  let sum = 0;
  each(width >> 1, height >> 1, (x, y) => {
    const at = 4 * ((top + y) * width + left + x);
    sum += 0.2126 * rgba[at] + 0.7152 * rgba[at + 1] + 0.0722 * rgba[at + 2];
  });
  return sum / ((width >> 1) * (height >> 1));
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number, at: number) => void} visit gets the index of each pixel's first byte
 */
function each(width, height, visit) {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, 4 * (y * width + x));
}
