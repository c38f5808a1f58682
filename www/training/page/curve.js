/**
 * The losses of a run, step by step: rows of the step and, for each network, reconstruction and KL. When there are more
 * than anybody could see, a row comes to stand for the mean of twice as many steps, everywhere in the run, so that memory
 * stays what it is and no part of the past gets coarser than another.
 */

const MOST = 6_000;

/** A smoothed value is the mean of about this share of the rows before it, and of so many rows at most. */
const SMOOTHED = 0.1;
const WIDEST = 40;

export class Curve {
  /** @type {number[][]} a column for each value of a row */
  #columns;
  /** How many steps a row stands for, and how many of them are in the last one. */
  #span;
  #fill;

  /**
   * @param {number} networks
   * @param {number} [span] of rows that will be added whole
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

  /** Steps that a row stands for. */
  get span() {
    return this.#span;
  }

  /** @param {Float64Array} rows */
  add(rows) {
    const width = this.#columns.length;
    for (let at = 0; at < rows.length; at += width) this.#addRow(rows.subarray(at, at + width));
  }

  /**
   * Rows as `rows` gave them, each standing for `span` steps.
   * @param {Float64Array} rows
   */
  restore(rows) {
    const width = this.#columns.length;
    rows.forEach((value, i) => this.#columns[i % width].push(value));
  }

  /**
   * Whatever came after a step has not happened.
   * @param {number} step
   */
  cut(step) {
    const found = this.#columns[0].findIndex((each) => each > step);
    if (found < 0) return;
    for (const column of this.#columns) column.length = found;
    this.#fill = this.#span;
  }

  /** To be stored. */
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
      // A row is at its last step, and the mean of all.
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
 * @param {boolean} isStep of a pair its last one counts, so that no row lies in the future
 */
function halved(values, isStep) {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => {
    const [a, b] = [values[2 * i], values[2 * i + 1] ?? values[2 * i]];
    return isStep ? b : (a + b) / 2;
  });
}

/**
 * A running mean of losses, so that a curve can be read where single batches jump. Its window grows with the steps: the first losses fall
 * fast and are not smoothed away, and a value that is on the screen does not change any more.
 * @param {number[]} column
 */
export function smoothed(column) {
  let mean = column[0];
  return column.map((value, i) => (mean += (value - mean) / Math.min(WIDEST, 1 + SMOOTHED * i)));
}
