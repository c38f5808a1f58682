/**
 * Contours of a field, by marching squares with linear interpolation. Positions are shares of the plane's side, from the top left.
 *
 * @typedef {import('./levels.js').Field} Field
 * @typedef {[x: number, y: number]} Point
 * @typedef {[from: Point, to: Point]} Segment
 */

/** A label keeps this distance from the edges of the plane, as a share of its side. */
const MARGIN = 0.06;

/**
 * @param {Field} field
 * @param {number} level
 * @returns {Segment[]}
 */
export function contour({ side, values }, level) {
  /** @type {Segment[]} */
  const segments = [];
  const at = (/** @type {number} */ column, /** @type {number} */ row) => values[row * side + column];
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      /** @type {[x: number, y: number, value: number][]} clockwise */
      const corners = [
        [column, row, at(column, row)],
        [column + 1, row, at(column + 1, row)],
        [column + 1, row + 1, at(column + 1, row + 1)],
        [column, row + 1, at(column, row + 1)],
      ];
      segments.push(...crossing(corners, level));
    }
  }
  const share = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([x / (side - 1), y / (side - 1)]);
  return segments.map(([from, to]) => [share(from), share(to)]);
}

/**
 * The segments of a contour in one cell: none, one, or two at a saddle, which the mean of the corners decides.
 * @param {[x: number, y: number, value: number][]} corners clockwise
 * @param {number} level
 * @returns {Segment[]}
 */
function crossing(corners, level) {
  const points = corners.flatMap((from, i) => {
    const to = corners[(i + 1) % 4];
    return from[2] >= level === to[2] >= level ? [] : [between(from, to, level)];
  });
  if (points.length < 4) return points.length === 2 ? [[points[0], points[1]]] : [];
  const mean = corners.reduce((sum, [, , value]) => sum + value / 4, 0);
  const isFirstCut = corners[0][2] >= level !== mean >= level;
  return isFirstCut
    ? [
        [points[3], points[0]],
        [points[1], points[2]],
      ]
    : [
        [points[0], points[1]],
        [points[2], points[3]],
      ];
}

/**
 * @param {[x: number, y: number, value: number]} from
 * @param {[x: number, y: number, value: number]} to
 * @param {number} level
 * @returns {Point}
 */
function between([x, y, value], [x2, y2, value2], level) {
  const share = (level - value) / (value2 - value);
  return [x + share * (x2 - x), y + share * (y2 - y)];
}

/**
 * A place for the label of each contour, as far as possible from all other labels; null for a contour that is only at the edges.
 * @param {Segment[][]} contours
 * @returns {(Point | null)[]}
 */
export function labelPlaces(contours) {
  /** @type {Point[]} */
  const taken = [];
  return contours.map((segments) => {
    /** @type {{place: Point | null, distance: number}} */
    let best = { place: null, distance: -1 };
    for (const [[x, y], [x2, y2]] of segments) {
      const place = /** @type {Point} */ ([(x + x2) / 2, (y + y2) / 2]);
      if (place.some((share) => share < MARGIN || share > 1 - MARGIN)) continue;
      const distance = Math.min(2, ...taken.map((other) => Math.hypot(place[0] - other[0], place[1] - other[1])));
      if (distance > best.distance) best = { place, distance };
    }
    if (best.place) taken.push(best.place);
    return best.place;
  });
}

/**
 * The value between nodes, interpolated in both directions.
 * @param {Field} field
 * @param {number} x from 0 to 1
 * @param {number} y from 0 to 1, downward
 */
export function valueAt({ side, values }, x, y) {
  const [column, row] = [x, y].map((share) => Math.min(side - 2, Math.floor(share * (side - 1))));
  const [right, down] = [x * (side - 1) - column, y * (side - 1) - row];
  const start = row * side + column;
  const above = values[start] * (1 - right) + values[start + 1] * right;
  const below = values[start + side] * (1 - right) + values[start + side + 1] * right;
  return above * (1 - down) + below * down;
}
