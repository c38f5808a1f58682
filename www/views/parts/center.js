/**
 * Prepares a drawing as MNIST does: its bounding box is fitted into 20 of 28 pixels, its center of mass is in the middle
 * (LeCun et al., http://yann.lecun.com/exdb/mnist/). MNIST scaled scanned ink; a drawing here is a pen's path, so
 * the path is scaled and the pen keeps its width. Pure functions, without the browser.
 *
 * @typedef {{x: number, y: number}} Point in units of the pad's side
 * @typedef {Point[]} Stroke
 */

/** Share of the picture's side that the drawing's box fills: 20 of 28. */
const BOX = 20 / 28;

/** Half the pen's width, as a share of the picture's side; MNIST's strokes are about 2.5 of 28 pixels wide. */
const PEN = 1.1 / 28;

/** Drawings smaller than this share of the pad are enlarged as if they had this size, so that a dot stays a dot. */
const SMALLEST = 0.1;

/**
 * @param {Stroke[]} strokes
 * @param {number} side of the square picture, in pixels
 * @returns {Float32Array | null} [side, side], 0 to 1; null if nothing is drawn
 */
export function centered(strokes, side) {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const box = bounds(points);
  const scale = (BOX - 2 * PEN) / Math.max(box.width, box.height, SMALLEST);
  const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  /** @param {Point} shift */
  const place = (shift) =>
    strokes.map((stroke) =>
      stroke.map(({ x, y }) => ({
        x: (0.5 + (x - middle.x) * scale + shift.x) * side,
        y: (0.5 + (y - middle.y) * scale + shift.y) * side,
      })),
    );
  const inBox = ink(place({ x: 0, y: 0 }), side);
  const mass = centerOfMass(inBox, side);
  return ink(place({ x: 0.5 - mass.x / side, y: 0.5 - mass.y / side }), side);
}

/**
 * Draws strokes by the distance of each pixel's center from the path: full inside the pen, fading over one pixel.
 * @param {Stroke[]} strokes in pixels
 * @param {number} side
 */
function ink(strokes, side) {
  const pixels = new Float32Array(side * side);
  const radius = PEN * side;
  for (const stroke of strokes) {
    stroke.forEach((to, i) => {
      const from = stroke[Math.max(0, i - 1)];
      const reach = radius + 1;
      const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
      const bottom = Math.min(side - 1, Math.ceil(Math.max(from.y, to.y) + reach));
      const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
      const right = Math.min(side - 1, Math.ceil(Math.max(from.x, to.x) + reach));
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const cover = radius + 0.5 - distance({ x: x + 0.5, y: y + 0.5 }, from, to);
          const at = y * side + x;
          pixels[at] = Math.max(pixels[at], Math.min(1, cover));
        }
      }
    });
  }
  return pixels;
}

/**
 * The distance of a point from a segment.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distance(point, from, to) {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const square = along.x * along.x + along.y * along.y;
  const dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, dot / square));
  return Math.hypot(point.x - from.x - t * along.x, point.y - from.y - t * along.y);
}

/** @param {Point[]} points */
function bounds(points) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/**
 * @param {Float32Array} pixels [side, side]
 * @param {number} side
 * @returns {Point} in pixels
 */
function centerOfMass(pixels, side) {
  let [sum, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    sum += value;
    x += value * ((i % side) + 0.5);
    y += value * (Math.floor(i / side) + 0.5);
  });
  return { x: x / sum, y: y / sum };
}
