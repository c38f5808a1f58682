import { say } from '../../state/texts.js';

/**
 * The caption, which mentions only parts that are shown.
 * @param {import('../../state/state.js').FigureState} state
 */
export function captionOf({ grid, classes }) {
  return [
    say('Here a code has only two numbers, so all codes fit on a plane.'),
    grid === 'shown' ? say('Each tile shows what the network draws at its place.') : '',
    classes === 'none' ? '' : say('The dots are digits that it never saw in training, where it puts them.'),
    say('Move over the plane, or use the arrow keys, and see where one digit ends and the next begins.'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The caption of a figure that shows a network of the visitor. */
export const ownCaption = () =>
  say(
    'Here a code has only two numbers, so all codes fit on a plane: each tile shows what your network draws at its place. The dots are your pictures, where it puts them, or random codes if you gave it none. Move over the plane, or use the arrow keys.',
  );
