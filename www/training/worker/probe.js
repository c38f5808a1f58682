/** Measures networks before a run: parameters, speed and first losses. The session calls it. */

/** Batches of two sizes, which separate the time of a step from the time that each image adds. */
const FEW = 4;
const MORE = 20;

/** Number of tries, of which the fastest counts: other work on the machine only makes a step longer. */
const TRIES = 3;

/**
 * @param {import('../protocol.js').Bindings} bindings
 * @param {import('../protocol.js').ModelConfig[]} configs
 * @param {import('./pacer.js').Pacer} pacer lets other requests in
 * @param {(done: number, of: number) => void} [onProgress]
 * @returns {Promise<import('../protocol.js').Measured>}
 */
export async function probe(bindings, configs, pacer, onProgress = () => {}) {
  const parameters = configs.map((config) => bindings.parameterCount(config));
  const times = { perStep: 0, perPicture: 0 };
  const losses = [];
  // Each network takes a first step, then steps of both batch sizes.
  const of = 3 * configs.length;
  for (const [i, config] of configs.entries()) {
    const trainer = await bindings.Trainer.create(config, { seed: 0, batch: MORE, twin: true });
    const { channels, height, width } = config.image;
    trainer.setImages(Uint8Array.from({ length: MORE * channels * height * width }, (_, i) => (i * 37) & 255));
    losses.push((await trainer.step({ batch: MORE, beta: 1, learningRate: 0 })).total);
    onProgress(3 * i + 1, of);
    const few = await quickest(trainer, FEW, pacer);
    onProgress(3 * i + 2, of);
    const perPicture = Math.max(0, (await quickest(trainer, MORE, pacer)) - few) / (MORE - FEW);
    times.perPicture += perPicture;
    times.perStep += Math.max(0, few - FEW * perPicture);
    onProgress(3 * i + 3, of);
    trainer.free();
  }
  return { parameters, losses, ...times };
}

/**
 * @param {import('../../pkg/training/latent_lab.js').Trainer} trainer
 * @param {number} batch
 * @param {import('./pacer.js').Pacer} pacer
 */
async function quickest(trainer, batch, pacer) {
  let best = Infinity;
  await trainer.step({ batch: MORE, beta: 1, learningRate: 0 });
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    await trainer.step({ batch, beta: 1, learningRate: 0 });
    best = Math.min(best, (performance.now() - start) / 1000);
    await pacer.breathe();
  }
  return best;
}
