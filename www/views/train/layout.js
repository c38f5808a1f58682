import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';

/**
 * @typedef {object} Parts
 * @property {import('./pictures.js').Pictures} pictures
 * @property {import('./lesson.js').Lesson} lesson
 * @property {import('./setup.js').Setup} setup
 * @property {HTMLElement} proposal
 * @property {HTMLElement} fold the box for the folded settings, still empty
 */

/**
 * Arranges a figure that trains: pictures and start first, then the results.
 * @param {Parts} parts
 * @returns {HTMLElement[]}
 */
export function arrange({ pictures, lesson, setup, proposal, fold }) {
  const { sheet, sources, variants } = pictures;
  fold.append(h('div', { class: 'fold-content' }, setup.node, lesson.runSettings.node));
  const shown = h('section', { class: 'goes-in', 'aria-label': say('Pictures') }, sheet.node);
  const more = h('div', { class: 'goes-in more' }, sources.node, variants.node);
  const begin = begins({ pictures, lesson, proposal, fold });
  begin.setAttribute('aria-label', say('Training'));
  return [h('div', { class: 'before' }, shown, begin, more), lesson.results];
}

/**
 * Arranges a prepared figure: its image sources are among the settings, and its section is not a landmark, since the other training
 * figure has one of the same name.
 * @param {Parts} parts
 * @param {import('../../engine/types.js').ImageShape} shape of its picture
 * @returns {HTMLElement[]}
 */
export function arrangePrepared({ pictures, lesson, setup, proposal, fold }, shape) {
  const { sheet, sources, variants } = pictures;
  variants.reserve(shape);
  fold.append(h('div', { class: 'fold-content' }, sheet.node, sources.node, setup.node, lesson.runSettings.node));
  return [variants.node, begins({ pictures, lesson, proposal, fold }), lesson.results];
}

/** @param {Omit<Parts, 'setup'>} parts */
function begins({ pictures, lesson, proposal, fold }) {
  return h('section', { class: 'begin' }, lesson.start, pictures.sources.statusNode, proposal, lesson.keepStatus, fold);
}
