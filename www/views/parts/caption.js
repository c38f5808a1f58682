import { h } from './dom.js';

/**
 * What stands under a figure; the host can say something else in the slot `caption`.
 * @param {string} text
 */
export function caption(text) {
  return h('figcaption', { part: 'caption' }, h('slot', { name: 'caption' }, text));
}
