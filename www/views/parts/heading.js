/** Headings of figures: levels 3 and 4, below the sections of an article, unless the page says that less stands above them. */

import { h } from './dom.js';

let above = 2;

/**
 * Tells the level of the heading that stands above the figures of this page: 1 where they are all that it has.
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
