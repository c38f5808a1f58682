import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {string} controls
 * @param {boolean} isGray true if the network can encode drawings
 */
export function captionOf(controls, isGray) {
  const mayPick = isOffered(controls, 'from', 'to', 'from-another', 'to-another');
  const mayDraw = isGray && isOffered(controls, 'from-draw', 'to-draw');
  return [
    say(
      'Four paths between the same two pictures. The cross-fade mixes pixels; the other three move the code and decode it.',
    ),
    isOffered(controls, 't') ? say('Drag the slider, and look for doubles, for pale strokes and for jumps.') : '',
    mayDraw ? say('Then draw two ends of your own.') : mayPick ? say('Then pick other ends.') : '',
  ]
    .filter(Boolean)
    .join(' ');
}
