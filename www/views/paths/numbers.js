import { say, sayNumber, written } from '../../state/texts.js';
import { h } from '../parts/dom.js';
import { published } from './published.js';
import { namesOfPaths, PATHS } from './paths.js';

/**
 * @typedef {import('./paths.js').Path} Path
 * @typedef {import('./measures.js').Summary} Summary
 */

const percent = (/** @type {number} */ share) => say('{percent}%', { percent: Math.round(100 * share) });
const decimals = (/** @type {number} */ value) => written(value.toFixed(2));

/** The numbers of all paths as a table, beside means over many pairs, if any. */
export class Numbers {
  #table = h('table', { part: 'numbers' });
  #note = h('p', { class: 'hint' });
  // As wide as the figure on most screens. On the narrowest ones, and in languages with long words, it scrolls, by keys too.
  #place = h(
    'div',
    { class: 'numbers-place', role: 'region', tabindex: 0, 'aria-label': say('Numbers of the four paths') },
    this.#table,
  );
  node = h('div', { class: 'path-numbers' }, this.#place, this.#note);

  /**
   * @param {string} model
   * @param {Partial<Record<Path, Summary>>} summaries
   * @param {{hasClassifier: boolean, hasPrior: boolean}} measures
   */
  show(model, summaries, { hasClassifier, hasPrior }) {
    const known = published[model];
    const columns = columnsOf(hasClassifier, hasPrior);
    const more = known ? publishedColumns(hasClassifier) : [];
    const names = namesOfPaths();
    const rows = PATHS.map((path) => {
      const summary = summaries[path];
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, names[path]),
        ...columns.map(({ value }) => h('td', {}, summary ? value(summary) : '…')),
        ...more.map(({ value }) => h('td', { class: 'published' }, value(known.rows[path]))),
      );
    });
    const pairs = known && say('In {pairs} pairs', { pairs: sayNumber(known.pairs) });
    this.#table.replaceChildren(
      h(
        'thead',
        {},
        ...(known ? [groups(columns.length, more.length, pairs)] : []),
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, say('Path')),
          ...[...columns, ...more].map(({ name }) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h('tbody', {}, ...rows),
    );
    this.#note.textContent = noteOf(hasClassifier, hasPrior, Boolean(known));
  }
}

/**
 * @param {number} here number of columns measured here
 * @param {number} more number of columns measured before
 * @param {string} pairs
 */
function groups(here, more, pairs) {
  return h(
    'tr',
    {},
    h('td', {}),
    h('th', { scope: 'colgroup', colspan: here }, say('Between these two')),
    h('th', { scope: 'colgroup', colspan: more, class: 'published' }, pairs),
  );
}

/**
 * @param {boolean} hasClassifier
 * @param {boolean} hasPrior
 * @returns {{name: string, value: (summary: Summary) => string}[]}
 */
function columnsOf(hasClassifier, hasPrior) {
  const columns = [
    { name: say('Mean step'), value: (/** @type {Summary} */ { mean }) => decimals(mean) },
    { name: say('Largest step'), value: (/** @type {Summary} */ { largest }) => `${decimals(largest)}×` },
  ];
  const clear = { name: say('Clear frames'), value: (/** @type {Summary} */ each) => percent(each.clear ?? 0) };
  const typical = { name: say('Typical frames'), value: (/** @type {Summary} */ each) => percent(each.typical ?? 0) };
  if (hasClassifier) return [...columns, clear];
  return hasPrior ? [...columns, typical] : columns;
}

/**
 * @param {boolean} hasClassifier
 * @returns {{name: string, value: (row: import('./published.js').Row) => string}[]}
 */
function publishedColumns(hasClassifier) {
  /** @type {{name: string, value: (row: import('./published.js').Row) => string}[]} */
  const columns = [{ name: say('Largest step'), value: ({ largest }) => `${decimals(largest)}×` }];
  if (hasClassifier) columns.push({ name: say('Clear frames'), value: ({ clear }) => (clear ? percent(clear) : '–') });
  return columns;
}

/**
 * @param {boolean} hasClassifier
 * @param {boolean} hasPrior
 * @param {boolean} isPublished
 */
function noteOf(hasClassifier, hasPrior, isPublished) {
  const parts = [say('Of the eleven pictures of each row; the largest step is a multiple of the mean one.')];
  if (hasClassifier) {
    parts.push(
      say(
        'Every picture is encoded, those of the cross-fade too; it is clear if a classifier of codes is at least 90% sure of its digit.',
      ),
    );
  } else if (hasPrior) {
    parts.push(
      say(
        'Every picture is encoded, those of the cross-fade too; it is typical if the density at its code is within the range of 90% of the stored pictures.',
      ),
    );
  }
  if (isPublished) {
    parts.push(
      hasClassifier
        ? say('The last columns are means from the experiment interpolation, whose classifier sees pixels.')
        : say('The last column has means from the experiment interpolation.'),
    );
  }
  return parts.join(' ');
}
