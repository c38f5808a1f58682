/** What is known of networks before the start. */

/** Pictures of a probe's steps, few and more: a step takes a time of its own, and each picture adds to it. */
const FEW = 4;
const MORE = 20;

/** The best of so many counts: anything else that runs on the machine only makes a step longer. */
const TRIES = 3;

/**
 * Parameters, what a step takes on this machine, in seconds, and the losses of a first step, which are the same on every
 * device.
 * @param {import('./session.js').Face} face
 * @param {import('./session.js').ModelConfig[]} configs
 * @param {import('./pacer.js').Pacer} pacer lets others in between
 * @param {(done: number, of: number) => void} [onProgress]
 */
export async function probe(face, configs, pacer, onProgress = () => {}) {
  const parameters = configs.map((config) => face.parameterCount(config));
  const times = { perStep: 0, perPicture: 0 };
  const losses = [];
  // Of each network a first step, few pictures and more.
  const of = 3 * configs.length;
  for (const [i, config] of configs.entries()) {
    const trainer = await face.Trainer.create(config, { seed: 0, batch: MORE, twin: true });
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
 * @param {import('../../pkg/cpu/latent_lab.js').Trainer} trainer
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
