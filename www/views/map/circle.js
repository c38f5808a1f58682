/** Frames of an exported circle. */
export const CIRCLE = 180;

const SMALLEST_RADIUS = 0.5;

/**
 * A circle around the origin that starts at a spot, or on the ray through it if the spot is too close to the origin.
 * @param {import('../parts/plane.js').Spot} spot
 * @returns {(share: number) => [number, number]} the code after a share of the circle, from 0 to 1
 */
export function circleThrough({ x, y }) {
  const start = Math.atan2(y, x);
  const radius = Math.max(SMALLEST_RADIUS, Math.hypot(x, y));
  return (share) => [radius * Math.cos(start + share * 2 * Math.PI), radius * Math.sin(start + share * 2 * Math.PI)];
}
