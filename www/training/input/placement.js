/**
 * The place on a picture of the square that a network sees: moved, zoomed and turned by hand. Pure functions.
 *
 * @typedef {{width: number, height: number}} Size
 * @typedef {{right: number, down: number}} Offset from the middle of the square, in units of its side
 *
 * @typedef {object} Placement
 * @property {number} x middle of the square, in pixels of the picture
 * @property {number} y
 * @property {number} zoom 1 if the side of the square is the shorter side of the picture
 * @property {number} turn degrees that the picture is turned clockwise, -180 to 180
 */

/** Largest zoom. */
export const MOST_ZOOM = 8;

/** Smallest zoom, as a multiple of the one that shows the whole picture. */
const LEAST = 0.5;

/** @type {Offset} */
const MIDDLE = { right: 0, down: 0 };

/**
 * The square in the middle of a picture, as large as fits.
 * @param {Size} picture
 * @returns {Placement}
 */
export function covering({ width, height }) {
  return { x: width / 2, y: height / 2, zoom: 1, turn: 0 };
}

/** @param {Size} picture */
export function leastZoom({ width, height }) {
  return (LEAST * Math.min(width, height)) / Math.max(width, height);
}

/**
 * Side of the square, in pixels of the picture.
 * @param {Size} picture
 * @param {Placement} placement
 */
export function sideOf({ width, height }, { zoom }) {
  return Math.min(width, height) / zoom;
}

/**
 * The nearest valid placement: its middle is on the picture.
 * @param {Size} picture
 * @param {Placement} placement
 * @returns {Placement}
 */
export function valid(picture, { x, y, zoom, turn }) {
  return {
    x: between(0, x, picture.width),
    y: between(0, y, picture.height),
    zoom: between(leastZoom(picture), zoom, MOST_ZOOM),
    turn: turn - 360 * Math.round(turn / 360),
  };
}

/**
 * The point of the picture at a place of the square.
 * @param {Size} picture
 * @param {Placement} placement
 * @param {Offset} offset
 */
export function pointAt(picture, placement, { right, down }) {
  const side = sideOf(picture, placement);
  const { cos, sin } = direction(placement);
  return { x: placement.x + side * (cos * right + sin * down), y: placement.y + side * (cos * down - sin * right) };
}

/**
 * Moves the picture in the square.
 * @param {Size} picture
 * @param {Placement} placement
 * @param {Offset} by
 */
export function moved(picture, placement, { right, down }) {
  return valid(picture, { ...placement, ...pointAt(picture, placement, { right: -right, down: -down }) });
}

/**
 * Zooms and turns the picture about a place of the square.
 * @param {Size} picture
 * @param {Placement} placement
 * @param {{factor?: number, degrees?: number, about?: Offset}} change
 */
export function changed(picture, placement, { factor = 1, degrees = 0, about = MIDDLE }) {
  const fixed = pointAt(picture, placement, about);
  const next = valid(picture, { ...placement, zoom: placement.zoom * factor, turn: placement.turn + degrees });
  const now = pointAt(picture, next, about);
  return valid(picture, { ...next, x: next.x + fixed.x - now.x, y: next.y + fixed.y - now.y });
}

/** @param {Placement} placement */
function direction({ turn }) {
  const angle = (turn * Math.PI) / 180;
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
}

/**
 * @param {number} low
 * @param {number} value
 * @param {number} high
 */
function between(low, value, high) {
  return Math.min(high, Math.max(low, value));
}
