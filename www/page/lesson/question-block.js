import { checkedText, Fields, trimmed } from './fields.js';
import { measures, readMeasures, readSpot } from './measures.js';

/**
 * @typedef {import('./measures.js').Measure} Measure
 * @typedef {import('./measures.js').Spot} Spot
 * @typedef {import('./fields.js').Field} Field
 * @typedef {import('./problems.js').Report} Report
 *
 * @typedef {object} Asked
 * @property {'question'} type
 * @property {number} line
 * @property {string} ask
 * @property {string} because text that is shown with the answer
 * @property {Spot[]} shown pictures that are shown with the question
 *
 * @typedef {{text: string, measured: Measure[], digit: number}} Choice its measures, or the digit of its class
 * @typedef {Asked & {kind: 'choice', choices: Choice[], order: 'greatest' | 'smallest' | null, answer: Measure[]}} ChoiceQuestion
 *   `order` of what the choices measure, or null if the answer is a class
 * @typedef {Asked & {kind: 'number', answer: Measure[], low: number, high: number, step: number, unit: string, within: number}}
 *   NumberQuestion
 * @typedef {Asked & {kind: 'point', answer: Measure[], extent: number, within: number}} PointQuestion
 * @typedef {ChoiceQuestion | NumberQuestion | PointQuestion} Question
 */

/** Fields of each kind, beside those of all kinds. */
const OWN = /** @type {const} */ ({
  choice: ['choice'],
  number: ['low', 'high', 'step', 'unit', 'within'],
  point: ['extent', 'within'],
});
const COMMON = ['kind', 'ask', 'answer', 'because', 'show'];
const ALL = [...COMMON, ...new Set(Object.values(OWN).flat())];
const KINDS = /** @type {(keyof typeof OWN)[]} */ (Object.keys(OWN));

const LONGEST = 2000;
const LARGEST = 1_000_000;
const FEWEST_CHOICES = 2;
const MOST_CHOICES = 8;
const MOST_SHOWN = 8;

/**
 * @param {Field[]} lines
 * @param {number} start line of the block
 * @param {Report} report
 * @returns {Question | null} null if it cannot be asked
 */
export function readQuestion(lines, start, report) {
  const before = lines.length;
  let problems = 0;
  /** @type {Report} */
  const counting = (...problem) => {
    problems += 1;
    report(...problem);
  };
  const fields = new Fields(lines, start, counting);
  fields.limit(ALL, ['choice', 'show']);
  const kind = /** @type {keyof typeof OWN | ''} */ (fields.word('kind', KINDS));
  const asked = readAsked(fields, start);
  const answer = fields.text('answer', LONGEST, true);
  if (kind === '' || before === 0) return null;
  for (const { name, line } of lines) {
    const isOther = ALL.includes(name) && ![...COMMON, ...OWN[kind]].includes(name);
    if (isOther) counting(line, 'other', { name, kind });
  }
  const question = readers[kind](fields, answer, start);
  return problems === 0 ? /** @type {Question} */ ({ ...asked, kind, ...question }) : null;
}

/**
 * @param {Fields} fields
 * @param {number} line
 * @returns {Asked}
 */
function readAsked(fields, line) {
  const ask = fields.text('ask', LONGEST, true);
  const because = fields.text('because', LONGEST);
  const all = fields.all('show');
  if (all.length > MOST_SHOWN) fields.report(all[MOST_SHOWN].line, 'many', { most: MOST_SHOWN, name: 'show' });
  const shown = all.flatMap((field) => {
    if (checkedText(field, LONGEST, fields.report) === '') return [];
    return readSpot(field.value, '', (...problem) => fields.report(field.line, ...problem)) ?? [];
  });
  return { type: 'question', line, ask, because, shown };
}

const readers = {
  /** @param {Fields} fields @param {string} answer @param {number} start */
  choice(fields, answer, start) {
    const order = answer === 'greatest' || answer === 'smallest' ? answer : null;
    const all = fields.all('choice');
    const isCounted = all.length >= FEWEST_CHOICES && all.length <= MOST_CHOICES;
    if (!isCounted) fields.report(start, 'choices', { low: FEWEST_CHOICES, high: MOST_CHOICES });
    const choices = all.map((field) => readChoice(field, order !== null, fields.report));
    return { choices, order, answer: order || answer === '' ? [] : readAnswer(fields, answer, 'choice', 'class') };
  },

  /** @param {Fields} fields @param {string} answer @param {number} start */
  number(fields, answer, start) {
    for (const name of ['low', 'high']) if (!fields.names.includes(name)) fields.report(start, 'missing', { name });
    const low = fields.number('low', -LARGEST, LARGEST) ?? 0;
    const high = fields.number('high', -LARGEST, LARGEST) ?? LARGEST;
    if (low >= high) fields.report(fields.lineOf('low'), 'order');
    const step = fields.number('step', 0.000001, LARGEST) ?? (high - low) / 100;
    const within = fields.number('within', 0, LARGEST) ?? (high - low) / 10;
    const unit = fields.text('unit', 40);
    return { low, high, step, within, unit, answer: answer ? readAnswer(fields, answer, 'number', 'number') : [] };
  },

  /** @param {Fields} fields @param {string} answer */
  point(fields, answer) {
    const extent = fields.number('extent', 0.5, 10) ?? 3;
    const within = fields.number('within', 0, 10) ?? 0.5;
    return { extent, within, answer: answer ? readAnswer(fields, answer, 'point', 'point') : [] };
  },
};

/**
 * @param {Fields} fields
 * @param {string} answer
 * @param {keyof typeof OWN} kind
 * @param {'number' | 'class' | 'point'} wanted kind of its measure's result
 */
function readAnswer(fields, answer, kind, wanted) {
  return measured(answer, wanted, kind, (...problem) => fields.report(fields.lineOf('answer'), ...problem));
}

/**
 * @param {string} text
 * @param {'number' | 'class' | 'point'} wanted
 * @param {keyof typeof OWN} kind of the question
 * @param {import('./measures.js').Refuse} refuse
 * @returns {Measure[]} empty if it is not valid
 */
function measured(text, wanted, kind, refuse) {
  const read = readMeasures(text, refuse) ?? [];
  const wrong = read.find(({ name }) => measures[name].gives !== wanted);
  if (wrong) refuse('answer', { kind, name: wrong.name });
  else if (read.length > 1 && wanted !== 'number') refuse('answer', { kind, name: '/' });
  else return read;
  return [];
}

/**
 * A choice: its text and, after an equals sign, its measure or the digit of its class.
 * @param {Field} field
 * @param {boolean} isMeasured
 * @param {Report} report
 * @returns {Choice}
 */
function readChoice(field, isMeasured, report) {
  const { line } = field;
  const text = checkedText(field, LONGEST, report);
  const at = text.lastIndexOf(' = ');
  const [shown, value] = (at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 3)]).map(trimmed);
  if (text === '') return { text, measured: [], digit: 0 };
  if (isMeasured) {
    if (value === '') report(line, 'measured');
    const refuse = (/** @type {Parameters<import('./measures.js').Refuse>} */ ...problem) => report(line, ...problem);
    return { text: shown, digit: 0, measured: (value && measured(value, 'number', 'choice', refuse)) || [] };
  }
  const digit = value || shown;
  if (!/^\d$/.test(digit)) report(line, 'digit');
  return { text: shown, digit: Number(digit), measured: [] };
}
