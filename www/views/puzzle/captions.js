import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';
import { FOUND } from './nats.js';
import { TRIES } from './record.js';

/** @param {string} controls */
export function captionOf(controls) {
  return [
    say('Somewhere on this plane is the code of the target: one a day, the same for everyone.'),
    isOffered(controls, 'try')
      ? say('Move until your picture looks like it. You have {tries} tries; {nats} nats away counts as found.', {
          tries: TRIES,
          nats: FOUND,
        })
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}
