import { say } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { differenceInWords, distanceInWords, inNats, placeOf } from './hints.js';
import { levelOf } from './nats.js';
import { TRIES } from './record.js';

/** @typedef {import('./hints.js').Try} Try */

/** A try in words: its place, its distance, and what differs. @param {Try[]} tries @param {number} index */
export function tryInWords(tries, index) {
  const now = tries[index];
  const values = { number: index + 1, tries: TRIES, place: placeOf(now) };
  return [
    say('Try {number} of {tries}, at {place}:', values),
    distanceInWords(now, tries[index - 1]),
    differenceInWords(now),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The tries as boxes in a row, fuller for closer tries. All boxes are there from the beginning, so that nothing moves. */
export class TryList {
  node = h('ol', { class: 'tries', part: 'tries', 'aria-label': say('Tries') });

  /** @param {Try[]} tries */
  show(tries) {
    this.node.replaceChildren(...Array.from({ length: TRIES }, (_, i) => box(tries, i)));
  }
}

/**
 * @param {Try[]} tries
 * @param {number} index
 */
function box(tries, index) {
  const found = tries[index];
  if (!found) return h('li', { 'aria-hidden': 'true' });
  return h(
    'li',
    { 'data-level': levelOf(found.nats) },
    h('span', { 'aria-hidden': 'true' }, inNats(found.nats)),
    h('span', { class: 'unseen' }, tryInWords(tries, index)),
  );
}
