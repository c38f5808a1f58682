/** Unique names for the figures of a page, which end the accessible names of their controls. */

import { isMade } from '../assets.js';
import { say } from '../state/texts.js';

/** @typedef {import('../state/state.js').FigureState} FigureState */

/** @type {Map<object, string>} by figure */
const taken = new Map();

/**
 * @param {object} figure
 * @param {FigureState} state
 */
export function takeName(figure, state) {
  taken.delete(figure);
  const name = state.label || describe(state);
  const names = [...taken.values()];
  const numbered = (/** @type {number} */ number) =>
    number === 1 ? name : say('{name}, number {number}', { name, number });
  let number = 1;
  while (names.includes(numbered(number))) number += 1;
  taken.set(figure, numbered(number));
  return numbered(number);
}

/** @param {object} figure that has left the page */
export function giveBackName(figure) {
  taken.delete(figure);
}

/** @param {FigureState} state */
function describe({ figure, model, lesson }) {
  if (figure === 'train') {
    return {
      free: say('Training'),
      'one-picture': say('Training on one picture'),
      sizes: say('Code lengths'),
      'few-and-many': say('Few pictures and many'),
    }[lesson];
  }
  const kind = {
    morph: say('Interpolation'),
    paths: say('Compared paths'),
    samples: say('Random pictures'),
    map: say('Plane of codes'),
    puzzle: say('Puzzle of the day'),
    traversal: say('Latent traversal'),
    posterior: say('Posterior'),
    microscope: say('Microscope'),
    direction: say('Attribute vectors'),
  }[figure];
  const of = isMade(model) ? say('your network') : subjects()[model];
  return of ? say('{figure} of {model}', { figure: kind, model: of }) : kind;
}

/** Subjects of the shipped models. @returns {Record<string, string>} */
const subjects = () => ({
  digits: say('digits'),
  'digits-plain': say('digits'),
  map: say('digits'),
  cats: say('cats'),
  'cats-blurred': say('cats'),
  fashion: say('clothes'),
  emoji: say('emoji'),
});
