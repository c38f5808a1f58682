/** Puts settings, and measurements with them, into words. */

import { say, sayCount, sayNumber } from '../../state/texts.js';
import { duration } from './words.js';

/**
 * @typedef {import('../../training/page/settings.js').Settings} Settings
 * @typedef {Pick<import('../../training/protocol.js').Measured, 'parameters' | 'perStep' | 'perPicture'>} Measured
 */

/** Seconds above which a step is called long. */
const LONG = 0.2;

/**
 * Summarizes settings in one line, with the measurements if there are any.
 * @param {Settings} settings
 * @param {Measured} [measured]
 */
export function summarize(settings, measured) {
  const { kind, latent, layers } = settings;
  const kinds = { both: say('VAE and plain'), variational: say('VAE'), autoencoder: say('Plain') };
  const words = [
    kinds[kind],
    sayCount(latent, 'one number', '{count} numbers'),
    sayCount(layers.length, 'one layer', '{count} layers'),
    ...(measured
      ? [
          sayCount(rounded(Math.max(...measured.parameters)), 'one parameter', '{count} parameters'),
          say('{time} per step', { time: duration(secondsOf(measured, settings.batch)) }),
        ]
      : []),
  ];
  return words.join(', ');
}

/**
 * @param {Measured} measured
 * @param {number} pictures number in an epoch
 * @param {Settings} settings
 */
export function describe(measured, pictures, { batch }) {
  const { parameters, perStep, perPicture } = measured;
  const counts = parameters.map(sayNumber).join(say(' and '));
  const step = secondsOf(measured, Math.min(batch, pictures || batch));
  const epoch = duration(Math.ceil(pictures / batch) * perStep + pictures * perPicture);
  const words = [
    say('{counts} parameters.', { counts }),
    pictures > 0
      ? sayCount(
          pictures,
          'On this machine a step takes about {step}, and an epoch of one picture about {epoch}.',
          'On this machine a step takes about {step}, and an epoch of {count} pictures about {epoch}.',
          { step: duration(step), epoch },
        )
      : say('On this machine a step takes about {step}.', { step: duration(step) }),
  ];
  if (step > LONG) {
    words.push(say('That is long: other figures may have to wait for it. A smaller batch makes it shorter.'));
  }
  return words.join(' ');
}

/**
 * Seconds of a step.
 * @param {Measured} measured
 * @param {number} pictures
 */
function secondsOf({ perStep, perPicture }, pictures) {
  return perStep + pictures * perPicture;
}

/** Rounds to two digits. @param {number} count */
function rounded(count) {
  return Number(count.toPrecision(2));
}
