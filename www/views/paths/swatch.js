import { svg } from '../parts/dom.js';

/** A short piece of a path's curve, shown before its name. @param {import('./paths.js').Path} path */
export function swatch(path) {
  const line = svg('path', { class: `series ${path}`, d: 'M1 4H21' });
  return svg('svg', { class: 'swatch-line', viewBox: '0 0 22 8', width: 22, height: 8, 'aria-hidden': 'true' }, line);
}
