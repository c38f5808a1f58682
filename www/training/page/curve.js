/**
 * The losses of a run, step by step: rows of the step, then reconstruction and KL of each network. When there are too many rows, each is
 * made to hold the mean of twice as many steps, in the whole run, so that memory is bounded and the resolution is the same everywhere.
 */

const MOST = 6_000;

/** Window of the smoothing: this share of the rows before a value, and at most this many rows. */
const SMOOTHED = 0.1;
const WIDEST = 40;

export class Curve {
  /** @type {number[][]} a column for each value of a row */
  #columns;
  /** Number of steps in a row, and number of steps in the last row so far. */
  #span;
  #fill;

  /**
   * @param {number} networks
   * @param {number} [span] steps in each row of a stored curve
   */
  constructor(networks, span = 1) {
    this.#columns = Array.from({ length: 1 + 2 * networks }, () => []);
    this.#span = span;
    this.#fill = span;
  }

  /** Steps, then reconstruction and KL of each network. */
  get columns() {
    return this.#columns;
  }

  get length() {
    return this.#columns[0].length;
  }

  /** Number of steps that a row stands for. */
  get span() {
    return this.#span;
  }

  /** @param {Float64Array} rows */
  add(rows) {
    const width = this.#columns.length;
    for (let at = 0; at < rows.length; at += width) this.#addRow(rows.subarray(at, at + width));
  }

  /**
   * Takes over rows from `rows`, each of `span` steps.
   * @param {Float64Array} rows
   */
  restore(rows) {
    const width = this.#columns.length;
    rows.forEach((value, i) => this.#columns[i % width].push(value));
  }

  /**
   * Drops everything after a step.
   * @param {number} step
   */
  cut(step) {
    const found = this.#columns[0].findIndex((each) => each > step);
    if (found < 0) return;
    for (const column of this.#columns) column.length = found;
    this.#fill = this.#span;
  }

  /** The curve in stored form. */
  get rows() {
    const width = this.#columns.length;
    return Float64Array.from(
      { length: this.length * width },
      (_, i) => this.#columns[i % width][Math.floor(i / width)],
    );
  }

  /** @param {Float64Array} row */
  #addRow(row) {
    const isNew = this.#fill === this.#span;
    this.#fill = isNew ? 1 : this.#fill + 1;
    row.forEach((value, i) => {
      const column = this.#columns[i];
      if (isNew) column.push(value);
      // A row has its last step, and the mean losses of all its steps.
      else {
        column[column.length - 1] =
          i === 0 ? value : column[column.length - 1] + (value - column[column.length - 1]) / this.#fill;
      }
    });
    if (this.length <= MOST) return;
    const isOdd = this.length % 2 === 1;
    this.#columns = this.#columns.map((column, i) => halved(column, i === 0));
    this.#fill = isOdd ? this.#fill : this.#span + this.#fill;
    this.#span *= 2;
  }
}

/**
 * @param {number[]} values
 * @param {boolean} isStep takes the last step of each pair, so that no row is in the future
 */
function halved(values, isStep) {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => {
    const [a, b] = [values[2 * i], values[2 * i + 1] ?? values[2 * i]];
    return isStep ? b : (a + b) / 2;
  });
}

/**
 * A running mean of losses, which makes a noisy curve readable. Its window grows with the steps, since the first losses fall fast and
 * must not be smoothed away. Values on screen do not change later.
 * @param {number[]} column
 */
export function smoothed(column) {
  let mean = column[0];
  return column.map((value, i) => (mean += (value - mean) / Math.min(WIDEST, 1 + SMOOTHED * i)));
}
