/**
 * Means over many pairs of held-out pictures, from www/results/interpolation.json: the largest step as a multiple of the mean one, and
 * the share of frames that are clear to a classifier of pictures. Measured with the networks shipped under these names, before their
 * weights were rounded. The cross-fades there are of the original pictures. A test compares the numbers with the file.
 *
 * @typedef {{largest: number, clear?: number}} Row
 * @type {Record<string, {pairs: number, rows: Record<import('./paths.js').Path, Row>}>}
 */
export const published = {
  digits: {
    pairs: 1000,
    rows: {
      pixels: { largest: 1, clear: 0.781222 },
      lerp: { largest: 1.394139, clear: 0.877889 },
      slerp: { largest: 1.377997, clear: 0.887667 },
      geodesic: { largest: 1.251369, clear: 0.966222 },
    },
  },
  'digits-plain': {
    pairs: 1000,
    rows: {
      pixels: { largest: 1, clear: 0.781222 },
      lerp: { largest: 1.232961, clear: 0.861 },
      slerp: { largest: 1.163976, clear: 0.854111 },
      geodesic: { largest: 1.247677, clear: 0.966444 },
    },
  },
  'cats-blurred': {
    pairs: 233,
    rows: {
      pixels: { largest: 1 },
      lerp: { largest: 1.080012 },
      slerp: { largest: 1.244551 },
      geodesic: { largest: 1.241958 },
    },
  },
};
