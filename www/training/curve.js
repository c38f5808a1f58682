/**
 * The losses of a run, step by step: rows of the step and, for each network, reconstruction and KL. When there are more
 * than anybody could see, neighbors are averaged, all over the run, so that memory stays what it is.
 */

const MOST = 6_000;

export class Curve {
  /** @type {number[][]} a column for each value of a row */
  #columns;

  /** @param {number} networks */
  constructor(networks) {
    this.#columns = Array.from({ length: 1 + 2 * networks }, () => []);
  }

  /** Steps, then reconstruction and KL of each network. */
  get columns() {
    return this.#columns;
  }

  get length() {
    return this.#columns[0].length;
  }

  /** @param {Float64Array} rows */
  add(rows) {
    const width = this.#columns.length;
    rows.forEach((value, i) => this.#columns[i % width].push(value));
    while (this.length > MOST) this.#columns = this.#columns.map((column, i) => halved(column, i === 0));
  }

  /**
   * Whatever came after a step has not happened.
   * @param {number} step
   */
  cut(step) {
    const found = this.#columns[0].findIndex((each) => each > step);
    if (found >= 0) for (const column of this.#columns) column.length = found;
  }

  /** To be stored. */
  get rows() {
    return Float64Array.from({ length: this.length * this.#columns.length }, (_, i) => {
      const width = this.#columns.length;
      return this.#columns[i % width][Math.floor(i / width)];
    });
  }
}

/**
 * @param {number[]} values
 * @param {boolean} isStep of a pair its last one counts, so that no row lies in the future
 */
function halved(values, isStep) {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => {
    const [a, b] = [values[2 * i], values[2 * i + 1] ?? values[2 * i]];
    return isStep ? b : (a + b) / 2;
  });
}
