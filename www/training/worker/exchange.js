/**
 * Adds up the gradients of workers that share a step, in rounds: in each, every worker gets one part of the gradient from all others,
 * adds it up, and sends the sum to all. The slices of two rounds are in transit at a time, so that no worker waits for a message while it
 * could compute, and few buffers are enough.
 *
 * @typedef {import('./group.js').Group} Group
 * @typedef {import('./group.js').Slice} Slice
 */

export class Exchange {
  #group;
  #use;
  #turn;

  /**
   * @param {Group} group
   * @param {import('./group.js').UseTrainer} use
   * @param {number} turn number of the step
   */
  constructor(group, use, turn) {
    this.#group = group;
    this.#use = use;
    this.#turn = turn;
  }

  /**
   * Adds up the gradient of the batch. The trainer has computed its share.
   * @returns {Promise<Float64Array>} the losses of all shares
   */
  async run() {
    const { rank, workers } = this.#group;
    const own = await this.#use((trainer) => trainer.shareLosses(rank, workers));
    const rounds = await this.#use((trainer) => trainer.exchangeRounds(workers));
    /** @type {Float64Array[]} */
    let losses = [];
    await this.#sendSlices(0, own);
    for (let round = 0; round < rounds; round++) {
      if (round + 1 < rounds) await this.#sendSlices(round + 1, own);
      losses = await this.#addSlices(round);
      if (round > 0) await this.#takeSums(round - 1);
    }
    await this.#takeSums(rounds - 1);
    losses.splice(rank, 0, own);
    return Float64Array.from(losses.flatMap((each) => [...each]));
  }

  /**
   * Sends each worker its part of the gradient.
   * @param {number} round
   * @param {Float64Array} losses of the own share
   */
  async #sendSlices(round, losses) {
    const { rank, workers, others, spare } = this.#group;
    for (const peer of others) {
      const values = await this.#use((trainer) => trainer.shareSlice(rank, workers, peer, round, spare.pop()));
      this.#group.send(peer, { kind: 'slice', turn: this.#turn, round, losses, values }, [values.buffer]);
    }
  }

  /**
   * Adds up the own part of the gradient, and sends the sum to the others.
   * @param {number} round
   * @returns {Promise<Float64Array[]>} the losses of the others
   */
  async #addSlices(round) {
    const { rank, workers, others, spare } = this.#group;
    /** @type {Slice[]} */
    const slices = [];
    for (const peer of others) slices.push(await this.#group.next('slice', this.#turn, round, peer));
    const parts = slices.map(({ values }) => values);
    const sum = await this.#use((trainer) => trainer.addSlices(rank, workers, round, parts, spare.pop()));
    for (const { buffer } of parts) spare.push(/** @type {ArrayBuffer} */ (buffer));
    const [last, ...rest] = others;
    const sums = [...rest.map((peer) => ({ peer, values: copyOf(sum, spare.pop()) })), { peer: last, values: sum }];
    for (const { peer, values } of sums) {
      this.#group.send(peer, { kind: 'sum', turn: this.#turn, round, values }, [values.buffer]);
    }
    return slices.map((slice) => slice.losses);
  }

  /**
   * Takes the sums of the others' parts.
   * @param {number} round
   */
  async #takeSums(round) {
    const { workers, others, spare } = this.#group;
    for (const peer of others) {
      const { values } = await this.#group.next('sum', this.#turn, round, peer);
      await this.#use((trainer) => trainer.takeSum(workers, peer, round, values));
      spare.push(/** @type {ArrayBuffer} */ (values.buffer));
    }
  }
}

/**
 * @param {Float32Array} values
 * @param {ArrayBuffer} [buffer] used if it is large enough
 */
function copyOf(values, buffer) {
  const { length, byteLength } = values;
  const isLargeEnough = buffer && buffer.byteLength >= byteLength;
  const copy = isLargeEnough ? new Float32Array(buffer, 0, length) : new Float32Array(length);
  copy.set(values);
  return copy;
}
