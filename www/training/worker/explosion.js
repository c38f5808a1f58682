/** Consecutive steps with an exploded loss before a run is stopped. */
const STEPS = 3;

/** A loss has exploded when it is this many times that of a network that knows nothing. */
const WORSE = 3;

/** Detects that the losses of a run have exploded. */
export class Explosion {
  #count = 0;

  /** Forgets the steps so far, when a run continues from elsewhere. */
  forget() {
    this.#count = 0;
  }

  /**
   * @param {number} step
   * @param {number[]} losses of each network in this step, reconstruction and KL together
   * @param {import('../protocol.js').ModelConfig} config
   * @throws {Error} after some exploded steps in a row
   */
  check(step, losses, config) {
    const limit = WORSE * uninformedLoss(config);
    // The first steps of any network may be this bad.
    this.#count = losses.some((loss) => loss > limit) && step > STEPS ? this.#count + 1 : 0;
    if (this.#count < STEPS) return;
    this.#count = 0;
    throw new Error(`the loss has exploded: step ${step} is three times worse than a network that knows nothing`);
  }
}

/**
 * Reconstruction loss of a network that returns one half for every pixel, in nats or squared error.
 * @param {import('../protocol.js').ModelConfig} config
 */
function uninformedLoss({ image: { channels, height, width }, likelihood }) {
  return channels * height * width * (likelihood === 'bernoulli' ? Math.LN2 : 0.25);
}
