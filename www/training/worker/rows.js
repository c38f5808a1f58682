/** Rows of a session that have not yet been reported to the page. */
export class Rows {
  /** @type {Record<'losses' | 'heldOut' | 'verdicts', number[]>} */
  #values = { losses: [], heldOut: [], verdicts: [] };

  /**
   * @param {'losses' | 'heldOut' | 'verdicts'} kind losses of a step, losses on held-out images, or a critic's verdicts
   * @param {number[]} row the step, then its values
   */
  add(kind, row) {
    this.#values[kind].push(...row);
  }

  clear() {
    this.#values = { losses: [], heldOut: [], verdicts: [] };
  }

  /**
   * All rows, which are then forgotten; null if there are none.
   * @returns {Omit<import('../protocol.js').Events['losses'], 'beta'> | null}
   */
  take() {
    const { losses, heldOut, verdicts } = this.#values;
    if (losses.length + heldOut.length === 0) return null;
    this.clear();
    return {
      rows: Float64Array.from(losses),
      ...(heldOut.length > 0 && { heldOut: Float64Array.from(heldOut) }),
      ...(verdicts.length > 0 && { verdicts: Float64Array.from(verdicts) }),
    };
  }
}
