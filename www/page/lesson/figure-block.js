import { isName, shippedModels } from '../../assets.js';
import { attributes, attributeNames } from '../../state/attributes.js';
import { checkedText, Fields, numberOf } from './fields.js';
import { isLocal } from './rules.js';

/**
 * @typedef {import('../../state/attributes.js').AttributeName} AttributeName
 * @typedef {import('./fields.js').Field} Field
 * @typedef {import('./problems.js').Report} Report
 * @typedef {{type: 'figure', line: number, attributes: [name: AttributeName, value: string][], caption: string}} FigureBlock only valid
 *   attributes; addresses as in the lesson
 */

/**
 * Attributes that a lesson cannot set: addresses of pictures, when a figure loads, which device computes, and the text above a figure. The
 * field `caption` of a lesson is the text below it.
 */
const NOT_HERE = ['poster', 'hash', 'loading', 'engine', 'threads', 'caption'];

/** Attributes that a lesson can set. */
export const figureFields = attributeNames.filter((name) => !NOT_HERE.includes(name));

/** Attributes that are lists of stored pictures. */
const INDICES = ['plus', 'minus', 'analogy'];

const LONGEST = 2000;
const LONGEST_CODE = 20_000;
const MOST_NUMBERS = 1024;

/**
 * @param {Field[]} lines
 * @param {number} start line of the block
 * @param {Report} report
 * @returns {FigureBlock}
 */
export function readFigure(lines, start, report) {
  const fields = new Fields(lines, start, report);
  fields.limit([...figureFields, 'caption']);
  fields.text('figure', LONGEST, true);
  /** @type {FigureBlock['attributes']} */
  const valid = [];
  for (const name of figureFields) {
    const [field] = fields.all(name);
    const value = field && field.value !== '' ? attributeOf(name, field, report) : undefined;
    if (field?.value === '' && name !== 'figure') report(field.line, 'empty', { name });
    if (value !== undefined) valid.push([name, value]);
  }
  return { type: 'figure', line: start, attributes: valid, caption: fields.text('caption', LONGEST) };
}

/**
 * The text of an attribute; undefined to leave it out.
 * @param {AttributeName} name
 * @param {Field} field
 * @param {Report} report
 * @returns {string | undefined}
 */
function attributeOf(name, field, report) {
  const { value, line } = field;
  const kind = /** @type {import('../../state/attributes.js').Kind<unknown>} */ (attributes[name]);
  if (kind.choices) return kind.choices.includes(value) ? value : wordProblem(kind.choices, field, report);
  if (kind.range) return new Fields([field], line, report).number(...rangeOf(name, kind.range))?.toString();
  if (kind.fallback === false) {
    return ['yes', 'no'].includes(value)
      ? value === 'yes'
        ? ''
        : undefined
      : wordProblem(['yes', 'no'], field, report);
  }
  if (name === 'model' || name === 'compare') return isNetwork(field, report) ? value : undefined;
  const text = checkedText(field, name === 'z' ? LONGEST_CODE : LONGEST, report);
  if (text === '') return undefined;
  if (isForm(name, text) && kind.read(text) !== undefined) return text;
  report(line, 'value', { name, value });
  return undefined;
}

/**
 * @param {AttributeName} name
 * @param {{low: number, high: number, isWhole: boolean}} range
 * @returns {[string, number, number, boolean]}
 */
function rangeOf(name, { low, high, isWhole }) {
  return [name, low, high, isWhole];
}

/**
 * @param {readonly string[]} words
 * @param {Field} field
 * @param {Report} report
 * @returns {undefined}
 */
function wordProblem(words, { name, line }, report) {
  report(line, 'word', { name, words: words.join(', ') });
}

/**
 * @param {Field} field with the name of a network, or its address
 * @param {Report} report
 */
function isNetwork({ value, line }, report) {
  if (isName(value)) {
    const isShipped = shippedModels.includes(value);
    if (!isShipped) report(line, 'model', { name: value });
    return isShipped;
  }
  if (!isLocal(value)) report(line, 'modelAddress', { address: value });
  return isLocal(value);
}

/** Attributes read more forms than lessons have. @param {AttributeName} name @param {string} value */
function isForm(name, value) {
  if (name === 'controls') return /^[a-z0-9, -]*$/.test(value);
  if (INDICES.includes(name)) return /^[a-z0-9, ]*$/.test(value);
  if (name !== 'z') return true;
  const parts = value.split(';').map((part) => part.split(/[ \t\n,]+/).filter(Boolean));
  const isCode = (/** @type {string[]} */ part) =>
    part.length <= MOST_NUMBERS && part.every((number) => numberOf(number) !== undefined);
  return parts.length <= 2 && parts.every(isCode);
}
