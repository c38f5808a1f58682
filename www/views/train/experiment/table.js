import { h } from '../../parts/dom.js';

/**
 * A table of changing numbers. Its first column names the rows.
 */
export class NumberTable {
  #body = h('tbody', {});

  /**
   * @param {string} caption
   * @param {string[]} columns
   */
  constructor(caption, columns) {
    const [first, ...others] = columns;
    const head = h(
      'tr',
      {},
      h('th', { scope: 'col' }, first),
      ...others.map((name) => h('th', { scope: 'col', class: 'number' }, name)),
    );
    const table = h('table', {}, h('caption', {}, caption), h('thead', {}, head), this.#body);
    this.node = h('div', { class: 'table', part: 'table', role: 'region', tabindex: 0, 'aria-label': caption }, table);
  }

  /** @param {string[][]} rows each with its name first */
  show(rows) {
    this.#body.replaceChildren(
      ...rows.map(([name, ...values]) =>
        h('tr', {}, h('th', { scope: 'row' }, name), ...values.map((value) => h('td', { class: 'number' }, value))),
      ),
    );
  }
}
