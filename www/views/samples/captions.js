import { isMade } from '../../assets.js';
import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';
import { COUNT } from './panel.js';

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {import('../../state/state.js').FigureState} state
 */
export function captionOf({ model, compare, show, prior, controls }) {
  const isOwn = isMade(model);
  const areTwo = compare !== '' && show === 'both';
  // The claims below hold only for these two networks.
  const areOurs = areTwo && model === 'digits' && compare === 'digits-plain';
  const maySpread = isOffered(controls, 'temperature');
  return [
    about(isOwn, areTwo),
    areOurs ? outcome(prior) : '',
    prior === 'mixture'
      ? maySpread && say('Drag Spread toward 0 and only the centers of the mixture are left.')
      : advice(areTwo, maySpread, areOurs && prior === 'normal' && isOffered(controls, 'fit')),
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * @param {boolean} isOwn
 * @param {boolean} areTwo
 */
function about(isOwn, areTwo) {
  const count = COUNT;
  if (isOwn && areTwo) {
    return say(
      '{count} lists of random numbers, each decoded by both of your networks: the same place in both grids holds the same numbers.',
      { count },
    );
  }
  if (isOwn) return say('{count} lists of random numbers, decoded by your network.', { count });
  if (areTwo) {
    return say(
      '{count} lists of random numbers, each decoded by two networks: the same place in both grids holds the same numbers.',
      { count },
    );
  }
  return say('{count} lists of random numbers, decoded: no picture of the training set is among them.', { count });
}

/**
 * The claims about the digit networks' pictures.
 * @param {import('../../state/state.js').FigureState['prior']} prior
 */
function outcome(prior) {
  if (prior === 'mixture') {
    return say(
      'Drawn from where the codes of training digits lie, nearly all of them become digits with either network.',
    );
  }
  if (prior === 'gaussian') return '';
  return say('The variational autoencoder draws digits from most of them, the plain one from hardly any.');
}

/**
 * Suggests the controls that the host offers.
 * @param {boolean} areTwo
 * @param {boolean} maySpread
 * @param {boolean} mayAim
 */
function advice(areTwo, maySpread, mayAim) {
  if (maySpread && mayAim) {
    return say(
      'Drag Spread toward 0 and all pictures become one; aim at each network’s own codes and the plain one does better, but its strokes stay broken.',
    );
  }
  if (mayAim) {
    return say('Aim at each network’s own codes and the plain one does better, but its strokes stay broken.');
  }
  if (!maySpread) return '';
  return areTwo
    ? say('Drag Spread toward 0 and all pictures become one, the mean of what the network knows.')
    : say(
        'Drag Spread toward 0 and all pictures become one, the mean of what the network knows; drag it up and they become daring, then strange.',
      );
}
