/**
 * Ten colors, one for each digit, that suit all kinds of color vision: Paul Tol's "muted" scheme
 * (https://sronpersonalpages.nl/~pault/) with a gray that works on both light and dark. The figure names the digits in text
 * too, so that nobody depends on the colors.
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
