/**
 * Fields, one per line: a name, a colon and a value. An indented line continues the value; a blank line between them starts a new
 * paragraph.
 */

/** @typedef {{name: string, value: string, line: number}} Field */
/** @typedef {import('./problems.js').Report} Report */

const FIELD = /^([a-z][a-z-]*):(.*)$/s;
const NUMBER = /^-?\d{1,12}(\.\d{1,12})?$/;

/**
 * @param {string[]} lines
 * @param {number} first number of the first line
 * @param {Report} report
 * @returns {Field[]}
 */
export function readFields(lines, first, report) {
  /** @type {Field[]} */
  const fields = [];
  let isAfterBlank = false;
  lines.forEach((line, i) => {
    const match = FIELD.exec(line);
    const last = fields[fields.length - 1];
    const rest = trimmed(line);
    if (match) fields.push({ name: match[1], value: trimmed(match[2]), line: first + i });
    else if (last && rest !== '' && /^[ \t]/.test(line)) {
      const between = last.value === '' ? '' : isAfterBlank ? '\n' : ' ';
      last.value += between + rest;
    } else if (rest !== '') report(first + i, 'line');
    isAfterBlank = rest === '';
  });
  return fields;
}

/** Trims only spaces and tabs. @param {string} text */
export function trimmed(text) {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}

/** The checked fields of one block. */
export class Fields {
  #fields;
  #start;
  /** @type {Report} */
  report;

  /**
   * @param {Field[]} fields
   * @param {number} start line of the block
   * @param {Report} report
   */
  constructor(fields, start, report) {
    this.#fields = fields;
    this.#start = start;
    this.report = report;
  }

  /**
   * Reports unknown and duplicate fields.
   * @param {readonly string[]} names
   * @param {readonly string[]} repeated names that may occur several times
   */
  limit(names, repeated = []) {
    const seen = new Set();
    for (const { name, line } of this.#fields) {
      if (!names.includes(name)) this.report(line, 'unknown', { name });
      else if (seen.has(name) && !repeated.includes(name)) this.report(line, 'twice', { name });
      seen.add(name);
    }
  }

  /** The names that occur. */
  get names() {
    return this.#fields.map(({ name }) => name);
  }

  /** @param {string} name */
  all(name) {
    return this.#fields.filter((field) => field.name === name);
  }

  /** The first line with a field, or that of the block. @param {string} name */
  lineOf(name) {
    return this.all(name)[0]?.line ?? this.#start;
  }

  /**
   * The text of a field; empty if it is missing or not valid, which is reported.
   * @param {string} name
   * @param {number} most characters
   * @param {boolean} [isRequired]
   */
  text(name, most, isRequired = false) {
    const [field] = this.all(name);
    if (!field) {
      if (isRequired) this.report(this.#start, 'missing', { name });
      return '';
    }
    return checkedText(field, most, this.report);
  }

  /**
   * @param {string} name
   * @param {number} low
   * @param {number} high
   * @param {boolean} [isWhole]
   * @returns {number | undefined} undefined if it is missing or not valid, which is reported
   */
  number(name, low, high, isWhole = false) {
    const [field] = this.all(name);
    const value = field && numberOf(field.value);
    if (!field) return undefined;
    if (value !== undefined && value >= low && value <= high && !(isWhole && !Number.isInteger(value))) return value;
    this.report(field.line, isWhole ? 'whole' : 'number', { name, low, high });
    return undefined;
  }

  /**
   * @param {string} name
   * @param {readonly string[]} words
   */
  word(name, words) {
    const value = this.text(name, 40, true);
    if (value === '' || words.includes(value)) return value;
    this.report(this.lineOf(name), 'word', { name, words: words.join(', ') });
    return '';
  }
}

/**
 * @param {Field} field
 * @param {number} most characters
 * @param {Report} report
 */
export function checkedText({ name, value, line }, most, report) {
  if (value === '') report(line, 'empty', { name });
  if ([...value].length <= most) return value;
  report(line, 'long', { name, most });
  return '';
}

/** A number in plain digits. @param {string} text */
export function numberOf(text) {
  return NUMBER.test(text) ? Number(text) : undefined;
}
