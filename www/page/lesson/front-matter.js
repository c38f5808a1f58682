import { Fields, readFields } from './fields.js';

/**
 * @typedef {object} Meta
 * @property {string} title
 * @property {string} lang
 * @property {number | undefined} minutes
 * @property {string} summary
 * @property {string} audience
 * @property {string} author
 * @property {string} license
 */

const NAMES = ['title', 'lang', 'minutes', 'summary', 'audience', 'author', 'license'];
const LANGUAGE = /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8}){0,3}$/;

/**
 * Reads the fields at the start of a lesson.
 * @param {string[]} lines of the lesson
 * @param {import('./problems.js').Report} report
 * @returns {{meta: Meta, end: number}} `end` is the number of lines that were read
 */
export function readFrontMatter(lines, report) {
  const end = isMark(lines[0]) ? lines.findIndex((line, i) => i > 0 && isMark(line)) : 0;
  if (!isMark(lines[0])) report(1, 'start');
  else if (end < 0) report(1, 'end');
  const fields = new Fields(end > 0 ? readFields(lines.slice(1, end), 2, report) : [], 1, report);
  if (end <= 0) return { meta: metaOf(fields, false), end: end < 0 ? lines.length : 0 };
  fields.limit(NAMES);
  return { meta: metaOf(fields, true), end: end + 1 };
}

/**
 * @param {Fields} fields
 * @param {boolean} isRequired
 * @returns {Meta}
 */
function metaOf(fields, isRequired) {
  const title = fields.text('title', 120, isRequired);
  let lang = fields.text('lang', 40) || 'en';
  if (!LANGUAGE.test(lang)) {
    fields.report(fields.lineOf('lang'), 'language', { value: lang });
    lang = 'en';
  }
  return {
    title,
    lang,
    minutes: fields.number('minutes', 1, 600, true),
    summary: fields.text('summary', 400),
    audience: fields.text('audience', 200),
    author: fields.text('author', 200),
    license: fields.text('license', 200),
  };
}

/** @param {string | undefined} line */
function isMark(line) {
  return line !== undefined && /^---[ \t]*$/.test(line);
}
