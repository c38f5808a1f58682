/** Training as the page's worker does it, and the bare step beside it. Started from a blob by `chromium.mjs`. */

/** @typedef {import('../www/training/protocol.js').ExactSnapshot} Snapshot */

const SEED = 1;
const RATE = 0.001;
/** Shares of the time from which the learning rate is this fraction of the initial one. */
const SLOWER = [
  [0.5, 0.4],
  [0.75, 0.12],
  [0.9, 0.03],
];
const NO_AUGMENT = { flip: false, rotate: 0, shift: 0, zoom: 0 };

/** @type {any} the glue of a build, and the memory that it uses */
let glue;
/** @type {WebAssembly.Memory} */
let memory;
/** @type {any} the class of training/worker/session.js */
let Session;
/** @type {typeof import('../www/pixels.js').toValues} */
let toValues;

/** @type {Record<string, (args: any) => unknown>} */
const actions = {
  /** @param {{folder: string, session: string, pixels: string}} args addresses */
  async start({ folder, session, pixels }) {
    glue = await import(`${folder}latent_lab.js`);
    ({ memory } = await glue.default({ module_or_path: `${folder}latent_lab_bg.wasm` }));
    ({ Session } = await import(session));
    ({ toValues } = await import(pixels));
  },

  /**
   * Milliseconds of a bare step and of one in the whole loop: batches, augmentation, previews, snapshots and reports.
   * @param {{config: any, pixels: number[], batch: number, milliseconds: number}} args
   */
  async loop({ config, pixels, batch, milliseconds }) {
    const images = Uint8Array.from(pixels);
    const trainer = await glue.Trainer.create(config, { seed: SEED, batch });
    trainer.setImages(images);
    await trainer.step({ batch, beta: 1, learningRate: RATE });
    let [steps, start] = [0, performance.now()];
    for (; performance.now() < start + milliseconds; steps++) {
      await trainer.step({ batch, beta: 1, learningRate: RATE });
    }
    const bare = (performance.now() - start) / steps;
    trainer.free();

    const augment = { flip: false, rotate: 10, shift: 0.1, zoom: 0.1 };
    const run = await begin({ configs: [config], pixels: images, batch, augment });
    await until(run, () => run.step >= 3);
    start = performance.now();
    const from = run.step;
    await until(run, () => performance.now() > start + 2 * milliseconds);
    await run.session.halt();
    const whole = (performance.now() - start) / (run.step - from);
    await run.session.end();
    return { bare, whole };
  },

  /**
   * -ELBO on pictures that the run has not seen, by seconds since its start. The learning rate falls in steps, as a visitor would lower
   * it.
   * @param {{config: any, pixels: number[], heldOut: number[], batch: number, learningRate: number, augment: any, seconds: number}} args
   */
  async learn({ config, pixels, heldOut, batch, learningRate, augment, seconds }) {
    const run = await begin({ configs: [config], pixels: Uint8Array.from(pixels), batch, augment, learningRate });
    const start = performance.now();
    /** @type {{seconds: number, step: number, state: Float32Array}[]} */
    const snapshots = [];
    run.onSnapshot = ({ step, states }) => {
      const last = snapshots[snapshots.length - 1]?.seconds ?? 0;
      const now = (performance.now() - start) / 1000;
      if (now > last + 1.8 && now <= seconds) snapshots.push({ seconds: now, step, state: states[0] });
    };
    for (const [share, factor] of SLOWER) {
      await until(run, () => performance.now() > start + share * seconds * 1000);
      run.session.set({ settings: { learningRate: factor * learningRate } });
    }
    await until(run, () => performance.now() > start + seconds * 1000);
    await run.session.end();
    const viewer = await glue.Trainer.create(config, { seed: SEED, batch });
    const curve = [];
    for (const snapshot of snapshots) {
      await viewer.restore(snapshot.state, snapshot.step);
      const model = await viewer.model();
      curve.push({ seconds: snapshot.seconds, step: snapshot.step, nats: await negativeElbo(model, config, heldOut) });
      model.free();
    }
    return curve;
  },

  /**
   * Bytes of the module's memory after so many steps. @param {{config: any, pixels: number[], batch: number, early: number, late: number}}
   * args
   */
  async memory({ config, pixels, batch, early, late }) {
    const run = await begin({ configs: [config], pixels: Uint8Array.from(pixels), batch, augment: NO_AUGMENT });
    await until(run, () => run.step >= early);
    const before = memory.buffer.byteLength;
    await until(run, () => run.step >= late);
    await run.session.end();
    return { early: before, late: memory.buffer.byteLength };
  },
};

/** A session that runs. @param {{configs: any[], pixels: Uint8Array, batch: number, augment: any, learningRate?: number}} args */
async function begin({ configs, pixels, batch, augment, learningRate = RATE }) {
  const run = {
    step: 0,
    stopped: /** @type {string | undefined} */ (undefined),
    /** @type {(snapshot: Snapshot) => void} */
    onSnapshot: () => {},
    session: /** @type {any} */ (null),
  };
  const width = 1 + 2 * configs.length;
  run.session = new Session(glue, (/** @type {import('../www/training/protocol.js').TrainingEvent} */ event) => {
    if (event.type === 'losses') run.step = event.detail.rows[event.detail.rows.length - width];
    if (event.type === 'snapshot') run.onSnapshot(event.detail);
    if (event.type === 'stopped') run.stopped ??= event.detail.reason;
  });
  const config = { configs, seed: SEED, batch, augment, pixels, copies: 1 };
  await run.session.create({ config, settings: { beta: 1, learningRate, pace: 1 } });
  run.session.run();
  return run;
}

/**
 * @param {{stopped: string | undefined}} run
 * @param {() => boolean} holds
 */
async function until(run, holds) {
  while (!holds()) {
    if (run.stopped) throw new Error(run.stopped);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * One seeded sample of the posterior a picture; pixels are kept from certainty by 1e-7, which the sigmoid in f32 is not.
 * @param {any} model
 * @param {any} config
 * @param {number[]} bytes
 */
async function negativeElbo(model, config, bytes) {
  const pixels = toValues(Uint8Array.from(bytes));
  const { mean, logVar } = await model.encode(pixels);
  const draws = glue.normalDraws(7, 0, mean.length);
  const codes = Float32Array.from(mean, (value, i) => value + Math.exp(logVar[i] / 2) * draws[i]);
  const decoded = await model.decode(codes);
  let nats = 0;
  pixels.forEach((x, i) => {
    const p = Math.min(1 - 1e-7, Math.max(1e-7, decoded[i]));
    nats -= x * Math.log(p) + (1 - x) * Math.log(1 - p);
  });
  mean.forEach(
    (/** @type {number} */ m, /** @type {number} */ i) => (nats += 0.5 * (m * m + Math.exp(logVar[i]) - 1 - logVar[i])),
  );
  return nats / (mean.length / config.latent);
}

self.addEventListener('message', async ({ data: { id, action, args } }) => {
  try {
    self.postMessage({ id, value: await actions[action](args) });
  } catch (error) {
    self.postMessage({ id, failure: String(error) });
  }
});
