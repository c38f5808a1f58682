import { say, sayCount, written } from '../../state/texts.js';
import { isOffered } from '../parts/offered.js';

/**
 * Texts of the figure `direction`.
 *
 * @typedef {'plus' | 'minus' | 'from' | 'a' | 'b' | 'c'} Target where a picture can be put
 */

/** Names of the ready examples. @type {Record<string, () => string>} */
const titles = {
  slant: () => say('Slant'),
  stroke: () => say('Stroke width'),
  loop: () => say('Loop of the 2'),
  light: () => say('Light and dark'),
  facing: () => say('Facing left and right'),
  own: () => say('Your own choice'),
};

/** Names of their two groups. @type {Record<string, () => {plus: string, minus: string}>} */
const groups = {
  slant: () => ({ plus: say('Leaning right'), minus: say('Leaning left') }),
  stroke: () => ({ plus: say('Bold'), minus: say('Fine') }),
  loop: () => ({ plus: say('With a loop'), minus: say('Without a loop') }),
  light: () => ({ plus: say('Light'), minus: say('Dark') }),
  facing: () => ({ plus: say('Facing left'), minus: say('Facing right') }),
  own: () => ({ plus: say('With it'), minus: say('Without it') }),
};

/** The measured properties in a sentence, and one of them with its value. */
const properties = {
  slant: {
    name: () => say('the slant'),
    of: (/** @type {number} */ value) => say('Slant of this picture: {value}°', { value: written(value.toFixed(0)) }),
  },
  stroke: {
    name: () => say('the stroke width'),
    of: (/** @type {number} */ value) =>
      say('Stroke width of this picture: {value} pixels', { value: written(value.toFixed(1)) }),
  },
  light: {
    name: () => say('the brightness of the middle'),
    of: (/** @type {number} */ value) =>
      say('Brightness of the middle of this picture: {value} of 255', { value: written(value.toFixed(0)) }),
  },
};

/** @param {string} example */
export function titleOf(example) {
  return titles[example]();
}

/**
 * @param {string} example
 * @returns {Record<Target, string>} names of all places for a picture
 */
export function targetsOf(example) {
  const { plus, minus } = groups[example]();
  return {
    ...{ minus: `\u2212 ${minus}`, plus: `+ ${plus}`, from: say('Start picture') },
    ...{ a: say('Analogy: a'), b: say('Analogy: b'), c: say('Analogy: c') },
  };
}

/**
 * A measured value of the picture that is shown.
 * @param {import('./measures.js').MeasureName} measure
 * @param {number} value NaN for an empty picture
 */
export function measured(measure, value) {
  return Number.isFinite(value) ? properties[measure].of(value) : '';
}

/** @param {number} count */
export function picturesIn(count) {
  return sayCount(count, '{count} picture', '{count} pictures');
}

/** A share in percent, as "73%". @param {number} share */
function percent(share) {
  return say('{percent}%', { percent: written(Math.round(100 * share)) });
}

/**
 * The result of a probe on held-out pictures.
 * @param {import('./measures.js').MeasureName} measure
 * @param {{along: number, all: number, count: number, latent: number}} found
 * @returns {{number: string, text: string}}
 */
export function heldOut(measure, { along, all, count, latent }) {
  const property = properties[measure].name();
  const values = { property, count, latent, all: percent(Math.max(0, all)) };
  return {
    number: percent(Math.max(0, along)),
    text: say(
      'of the variance of {property} in {count} held-out pictures is explained by the position along the direction; a linear probe of all {latent} numbers explains {all}.',
      values,
    ),
  };
}

/**
 * The result of the probe with each example left out once.
 * @param {{share: number, right: number, count: number} | null} found
 */
export function leftOut(found) {
  if (!found) return { number: '', text: say('With three pictures in each group, their number appears here.') };
  const { share, right, count } = found;
  return {
    number: percent(Math.max(0, share)),
    text: say(
      'of the difference between the groups is explained by the position along the direction, with each example left out once; {right} of {count} fall on their own side.',
      { right, count },
    ),
  };
}

/**
 * The caption, which speaks of the slider only where there is one.
 * @param {string} controls
 */
export function captionOf(controls) {
  const about = say('The direction is the difference between the mean codes of the two groups.');
  const use = isOffered(controls, 'amount')
    ? say('The slider adds it to the start picture, or subtracts it; 1 is the whole difference.')
    : say('In the row, parts of it are subtracted from the start picture or added.');
  return `${about} ${use}`;
}
