import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {string} controls
 * @param {import('./ranking.js').Ranking['measure']} measure of the network's numbers
 */
export function captionOf(controls, measure) {
  const mayMove = isOffered(controls, 'numbers');
  return [
    say('Each row changes one number of the code and leaves the others alone.'),
    measure === 'kl'
      ? say('The rows are in the order of KL: the number that says most about the pictures comes first.')
      : '',
    measure === 'variance'
      ? say('The rows are in the order of variance: the number that differs most between the pictures comes first.')
      : '',
    mayMove ? say('Drag a number and see what it does; where nothing changes, the network does not use it.') : '',
  ]
    .filter(Boolean)
    .join(' ');
}
