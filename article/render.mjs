// Fills the article's page with numbers: each `<data data-from>` in the text, and each block between `<!-- results NAME -->` and
// `<!-- end -->`. The output is committed in www/index.html, so that the page needs no script to show it.

import { chartOf } from './chart.mjs';
import { shown } from './figures.mjs';
import { numberAt, part, sheetSize, written } from './sources.mjs';

const NUMBER = /<data([^>]*?)>[^<]*<\/data>/g;
const BLOCK = /^( *)<!-- results ([a-z-]+) -->\n[^]*?<!-- end -->/gm;

/**
 * @param {string} page
 * @returns {string} the page with the numbers of the results and cards that are committed
 */
export function filled(page) {
  return page
    .replace(BLOCK, (_, indent, name) =>
      [`<!-- results ${name} -->`, ...block(name), '<!-- end -->'].map((line) => indent + line).join('\n'),
    )
    .replace(NUMBER, (_, attributes) => number(attributes));
}

/** One number of the text. @param {string} attributes `data-from`, `data-digits`, `data-times` */
function number(attributes) {
  const text = (/** @type {string} */ name) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
  const [from, digits, times] = [text('data-from'), text('data-digits') ?? '0', text('data-times') ?? '1'];
  if (!from) throw new Error(`<data${attributes}> does not say where its number is from`);
  const value = Number((numberAt(from) * Number(times)).toPrecision(9));
  const extra = times === '1' ? '' : ` data-times="${times}"`;
  return `<data value="${value}" data-from="${from}" data-digits="${digits}"${extra}>${written(value, Number(digits))}</data>`;
}

/** Pictures, chart, table and command of one result. @param {string} name */
function block(name) {
  const result = part(name);
  const how = shown[name];
  if (!result || !how) throw new Error(`there are no results ${name}`);
  const source = `<p class="made-by">Made by <code>${result.command}</code>; <a href="results/${result.experiment}.json">all numbers</a></p>`;
  const numbers = how.folded
    ? folded(how.caption(result), [...table(how, result), source])
    : [...table(how, result), source];
  return [
    ...(how.sheet ? sheet(name, how.sheet, result) : []),
    '<div class="measured">',
    ...indented([...(how.chart ? chart(how.chart, result) : []), ...numbers]),
    '</div>',
  ];
}

/**
 * A table that opens on demand, and in print.
 * @param {string} summary
 * @param {string[]} lines
 */
function folded(summary, lines) {
  return ['<details>', `  <summary>${summary}</summary>`, ...indented(lines), '</details>'];
}

/**
 * A list item per row of the sheet. All show the same file, each cropped to its row.
 * @param {string} name
 * @param {import('./figures.mjs').Sheet} how
 * @param {import('./sources.mjs').Result} result
 */
function sheet(name, { columns, rows, groups }, result) {
  const labels = rows(result);
  const { width, height } = sheetSize(name);
  const side = width / columns;
  if (height !== side * labels.length) {
    throw new Error(`${name}.png has ${height / side} rows of pictures and ${labels.length} descriptions`);
  }
  const one = (/** @type {number} */ row, /** @type {boolean} */ isNext) => {
    const at = labels.length > 1 ? Number(((100 * row) / (labels.length - 1)).toFixed(4)) : 0;
    return (
      `<li${isNext ? ' class="next"' : ''}><span>${labels[row]}</span>` +
      `<img src="results/${name}.png" width="${width}" height="${height}" loading="lazy" decoding="async" ` +
      `style="--at: ${at}%; --ratio: ${columns}" alt="${columns} pictures: ${labels[row]}" /></li>`
    );
  };
  const order = groups?.(result) ?? [[...labels.keys()]];
  const lines = order.flatMap((group, nth) =>
    group.filter((row) => labels[row] !== null).map((row, i) => one(row, nth > 0 && i === 0)),
  );
  return [`<ol class="sheet-of-pictures${side < 32 ? ' small' : ''}">`, ...lines.map((line) => `  ${line}`), '</ol>'];
}

/**
 * @param {import('./figures.mjs').Shown} how
 * @param {import('./sources.mjs').Result} result
 */
function table({ caption, rows, table: columns, folded }, result) {
  const all = rows(result);
  const used = columns.filter(({ of }) => all.some((row) => of(row) !== undefined));
  const isNumeric = used.map(({ of }) => all.every((row) => typeof of(row) !== 'string'));
  const of = (/** @type {number} */ i) => (isNumeric[i] ? ' class="number"' : '');
  const cell = (/** @type {import('./sources.mjs').Result} */ row) =>
    used.map((column, i) => `<td${of(i)}>${text(column, row)}</td>`).join('');
  const title = caption(result);
  return [
    `<div class="table" role="region" tabindex="0" aria-label="${title}">`,
    '  <table>',
    // A folded table has its title in the summary.
    ...(folded ? [] : [`    <caption>${title}</caption>`]),
    `    <thead><tr>${used.map(({ head }, i) => `<th scope="col"${of(i)}>${head}</th>`).join('')}</tr></thead>`,
    '    <tbody>',
    ...all.map((row) => `      <tr>${cell(row)}</tr>`),
    '    </tbody>',
    '  </table>',
    '</div>',
  ];
}

/**
 * @param {import('./figures.mjs').Column} column
 * @param {import('./sources.mjs').Result} row
 */
function text({ of, digits = 0 }, row) {
  const value = of(row);
  if (value === undefined) return '–';
  return typeof value === 'number' ? written(value, digits) : value;
}

/**
 * @param {import('./figures.mjs').Chart} drawn
 * @param {import('./sources.mjs').Result} result
 */
function chart(drawn, result) {
  const names = drawn.lines(result).map(({ name }, i) => `<span class="line-${i}">${name}</span>`);
  return [
    '<div class="chart-of-results">',
    `  <p>${drawn.title}: ${names.join(', ')}</p>`,
    ...indented(chartOf(drawn, result)),
    '</div>',
  ];
}

/** @param {string[]} lines */
const indented = (lines) => lines.map((line) => `  ${line}`);
