import { say } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';

/**
 * The caption, which suggests only actions that the host's controls allow.
 * @param {string} controls
 * @param {import('../../engine/engine.js').ModelConfig | null} config of the network, once it is known
 */
export function captionOf(controls, config) {
  if (config?.kind === 'autoencoder') {
    return say(
      'This network is a plain autoencoder: its encoder gives a point and not a cloud, so all draws are the same.',
    );
  }
  const mayDraw = config?.image.channels === 1 && isOffered(controls, 'from-draw');
  return [
    say('For each number the encoder gives a mean and a deviation, and codes are drawn from that cloud.'),
    say('What differs between their pictures is painted: that is where the network is unsure.'),
    mayDraw ? say('Draw something that is hard to read, and look again.') : '',
  ]
    .filter(Boolean)
    .join(' ');
}
