/** What each figure of the page is called where its controls are named: no two figures have the same name. */

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

/** @param {object} figure that is not on the page any more */
export function giveBackName(figure) {
  taken.delete(figure);
}

/** @param {FigureState} state */
function describe({ figure, model, lesson }) {
  if (figure === 'train') return lesson === 'one-picture' ? say('Training on one picture') : say('Training');
  const what = {
    morph: say('Interpolation'),
    samples: say('Random pictures'),
    map: say('Plane of codes'),
    microscope: say('Microscope'),
  }[figure];
  const of = isMade(model) ? say('your network') : subjects()[model];
  return of ? say('{figure} of {model}', { figure: what, model: of }) : what;
}

/** What the shipped models draw. @returns {Record<string, string>} */
const subjects = () => ({
  digits: say('digits'),
  'digits-plain': say('digits'),
  map: say('digits'),
  cats: say('cats'),
  fashion: say('clothes'),
  emoji: say('emoji'),
});
