// Runs inside a browser: the wasm module by itself, without the page. Each function is sent over as text, so it
// reaches nothing of this file; bytes cross as base64, the same in every browser's protocol.

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
 * @returns {Promise<{losses: number[][], weights: string, draws: string, decoded: string}>} base64 but for the losses
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
    const { reconstruction, kl, total } = await trainer.step(batch, beta, learningRate);
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
