/** Headings of figures: levels 3 and 4, below the sections of an article, unless the page has fewer headings above them. */

import { h } from './dom.js';

let above = 2;

/**
 * Sets the level of the heading above the figures of this page: 1 if the page has nothing else.
 * @param {1 | 2} level
 */
export function setLevelAbove(level) {
  above = level;
}

/**
 * A heading in a figure.
 * @param {3 | 4} level in an article
 * @param {Record<string, string>} [attributes]
 * @param {...string} text
 */
export function heading(level, attributes = {}, ...text) {
  const levelHere = level - 2 + above;
  return h(`h${level}`, levelHere === level ? attributes : { ...attributes, 'aria-level': levelHere }, ...text);
}
