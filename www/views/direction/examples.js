/**
 * Ready examples of attribute vectors, chosen by hand from the decoded pictures: for each set of stored pictures, the two groups, as
 * indices, and an analogy a - b + c. docs/attribute-vectors.md lists them.
 *
 * @typedef {object} Example
 * @property {string} name as in the attribute `example`
 * @property {readonly number[]} plus
 * @property {readonly number[]} minus
 * @property {import('./measures.js').MeasureName} [measure] the property, if it can be measured in a picture
 *
 * @typedef {{examples: readonly Example[], analogy: readonly number[]}} ReadySet
 */

/** One of each digit in a group, so that the direction does not also lead from digit to digit. @type {ReadySet} */
const digits = {
  examples: [
    {
      name: 'slant',
      plus: [192, 228, 431, 230, 410, 155, 217, 34, 260, 20],
      minus: [370, 191, 293, 195, 398, 365, 156, 141, 484, 7],
      measure: 'slant',
    },
    {
      name: 'stroke',
      plus: [311, 94, 222, 200, 48, 399, 445, 405, 466, 383],
      minus: [324, 40, 149, 475, 24, 59, 468, 175, 483, 62],
      measure: 'stroke',
    },
    // Twos only.
    { name: 'loop', plus: [47, 72, 106, 147, 174, 208, 278, 393], minus: [1, 172, 225, 291, 298, 306, 331, 361] },
  ],
  analogy: [248, 24, 112],
};

/** @type {ReadySet} */
const cats = {
  examples: [
    {
      name: 'light',
      plus: [4, 10, 15, 37, 58, 60, 68, 70, 74, 79],
      minus: [7, 12, 20, 25, 32, 46, 52, 53, 84, 93],
      measure: 'light',
    },
    { name: 'facing', plus: [10, 14, 22, 29, 36, 55, 57, 79, 81, 89], minus: [0, 15, 17, 18, 30, 53, 64, 70, 73, 80] },
  ],
  analogy: [83, 28, 88],
};

/** Models with the same stored pictures share a set. @type {Map<string, ReadySet>} */
const sets = new Map([
  ['digits', digits],
  ['digits-plain', digits],
  ['map', digits],
  ['cats', cats],
  ['cats-blurred', cats],
]);

/** The name of the example without ready groups. */
export const OWN = 'own';

/** @type {ReadySet} */
const NONE = { examples: [], analogy: [0, 1, 2] };

/**
 * The ready examples and analogy of a model; no examples for one with other pictures.
 * @param {string} model
 */
export function readyFor(model) {
  return sets.get(model) ?? NONE;
}

/**
 * The example that a state names, or the model's first.
 * @param {{model: string, example: string}} state
 * @returns {Example}
 */
export function exampleOf({ model, example }) {
  const { examples } = readyFor(model);
  const own = { name: OWN, plus: [], minus: [] };
  return example === OWN ? own : (examples.find(({ name }) => name === example) ?? examples[0] ?? own);
}
