import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';

/** The caption of a figure that shows a network of the visitor. */
export const ownCaption = () =>
  say(
    'Two pictures and the path between them, drawn by your own network. It turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
  );

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {import('../../state/state.js').FigureState} state
 * @param {boolean} areUnlabeled true if the pictures have no labels
 * @param {boolean} canDraw true if the network can encode drawings
 */
export function captionOf({ controls }, areUnlabeled, canDraw) {
  const mayPick = isOffered(controls, 'from', 'to', 'from-picture', 'to-picture', 'from-another', 'to-another');
  const mayDraw = canDraw && isOffered(controls, 'from-draw', 'to-draw');
  if (areUnlabeled) {
    const about = say(
      'Two pictures that the network has not seen in training, and the path between them. It turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
    );
    return `${about} ${mayPick ? say('Pick others, and look for what changes first.') : say('Look for what changes first.')}`;
  }
  const about = say(
    'Two handwritten digits and the path between them. The network turns each into a code, a short list of numbers; each picture in the strip is drawn from a code in between.',
  );
  if (mayPick && mayDraw) {
    return `${about} ${say('Pick other digits or draw your own, and look for the moment when one turns into the other.')}`;
  }
  if (mayPick) return `${about} ${say('Pick other digits, and look for the moment when one turns into the other.')}`;
  if (mayDraw) return `${about} ${say('Draw your own, and look for the moment when one turns into the other.')}`;
  return `${about} ${say('Look for the moment when one turns into the other.')}`;
}
