/**
 * Ten colors, one for each digit, that readers with any kind of color vision tell apart as well as ten can be: Paul
 * Tol's "muted" scheme (https://sronpersonalpages.nl/~pault/) with its grey made to stand on both light and dark. The
 * figure says the digit in writing too, so that no one depends on them.
 */
export const palette = [
  '#cc6677',
  '#5566cc',
  '#c9b037',
  '#117733',
  '#4fb3e0',
  '#882255',
  '#44aa99',
  '#8a8a2a',
  '#aa4499',
  '#777777',
];
