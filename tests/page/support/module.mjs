// Runs inside a browser: the wasm module alone, without the page. Each function is sent over as text, so it cannot use anything in this
// file; bytes cross as base64, the same in every browser's protocol.

/**
 * Decodes codes with a model of the site.
 * @param {{build: string, model: string, codes: number[]}} task
 * @returns {Promise<string>} the pixels' 32-bit floats, base64
 */
export async function decodeInBrowser({ build, model, codes }) {
  const { default: init, Model } = await import(`/pkg/${build}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${build}/latent_lab_bg.wasm` });
  const file = await (await fetch(`/models/${model}.safetensors`)).arrayBuffer();
  const loaded = await Model.load(new Uint8Array(file));
  const { buffer } = await loaded.decode(new Float32Array(codes));
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * The short training run of tests/golden.rs.
 * @param {{build: string, golden: object}} task
 * @returns {Promise<{losses: number[][], weights: string, draws: string, decoded: string}>} base64 except for the losses
 */
export async function trainInBrowser({ build, golden }) {
  const { default: init, Trainer, normalDraws } = await import(`/pkg/${build}/latent_lab.js`);
  await init({ module_or_path: `/pkg/${build}/latent_lab_bg.wasm` });
  const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const { config, seed, batch, beta, learningRate } = golden;
  const { channels, height, width } = config.image;
  const images = new Uint8Array(golden.pictures * channels * height * width);
  images.forEach((_, i) => (images[i] = Math.imul(i, 2654435761) >>> 24));
  const trainer = await Trainer.create(config, { seed, batch });
  trainer.setImages(images);
  const losses = [];
  for (const _ of golden.losses) {
    const { reconstruction, kl, total } = await trainer.step({ batch, beta, learningRate });
    losses.push([reconstruction, kl, total]);
  }
  const model = await trainer.model();
  const draws = normalDraws(seed, 0, 4 * config.latent);
  const decoded = await model.decode(draws);
  const file = await model.save('f32');
  const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return {
    losses,
    weights: base64(file.subarray(8 + header)),
    draws: base64(new Uint8Array(draws.buffer)),
    decoded: base64(new Uint8Array(decoded.buffer)),
  };
}

/**
 * The same run in a session, as in the page's worker: once without a break and once interrupted after the first step.
 * @param {{build: string, golden: object}} task
 * @returns {Promise<{straight: number[][], resumed: number[][], weights: string, same: boolean}>} reconstruction and KL of each step;
 *   weights in base64; whether both runs end in the same state
 */
export async function sessionInBrowser({ build, golden }) {
  const module = await import(`/pkg/${build}/latent_lab.js`);
  await module.default({ module_or_path: `/pkg/${build}/latent_lab_bg.wasm` });
  const { Session } = await import('/training/worker/session.js');
  const { config, seed, batch, beta, learningRate } = golden;
  const { channels, height, width } = config.image;
  const pixels = new Uint8Array(golden.pictures * channels * height * width);
  pixels.forEach((_, i) => (pixels[i] = Math.imul(i, 2654435761) >>> 24));
  const augment = { flip: false, rotate: 0, shift: 0, zoom: 0 };
  const args = {
    config: { configs: [config], seed, batch, augment, pixels, copies: 1 },
    settings: { beta, learningRate, pace: 1 },
  };
  const run = async (steps, snapshot) => {
    const rows = [];
    const session = new Session(module, ({ type, detail }) => {
      if (type === 'losses') rows.push(...detail.rows);
    });
    await session.create({ ...args, snapshot });
    for (let i = 0; i < steps; i++) await session.step();
    const last = await session.snapshot();
    await session.end();
    const losses = Array.from({ length: rows.length / 3 }, (_, i) => rows.slice(3 * i + 1, 3 * i + 3));
    return { losses, last };
  };
  const count = golden.losses.length;
  const straight = await run(count);
  const first = await run(1);
  const resumed = await run(count - 1, first.last);
  const bytes = new Uint8Array(straight.last.states[0].buffer, 0, straight.last.states[0].byteLength / 3);
  const same = straight.last.states[0].every((value, i) => value === resumed.last.states[0][i]);
  return {
    straight: straight.losses,
    resumed: [...first.losses, ...resumed.losses],
    weights: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
    same,
  };
}
