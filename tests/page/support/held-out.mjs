// Runs inside a browser: the parts of -ELBO by the module, and by plain arithmetic on the same network's encodings and decodings.

/**
 * @param {{kind: string, likelihood: string}} task
 * @returns {Promise<{got: {reconstruction: number, kl: number}, expected: {reconstruction: number, kl: number}, refused: string}>}
 */
export async function elboInBrowser({ kind, likelihood }) {
  const { default: init, normalDraws, Trainer } = await import('/pkg/training/latent_lab.js');
  await init({ module_or_path: '/pkg/training/latent_lab_bg.wasm' });
  const image = { channels: 3, height: 8, width: 8 };
  const layers = [4, 6].map((filters) => ({ filters, kernel: 3, stride: 2 }));
  const [latent, count, size] = [3, 5, 192];
  const trainer = await Trainer.create({ image, layers, latent, kind, likelihood }, { seed: 4, batch: count });
  const bytes = Uint8Array.from({ length: count * size }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  trainer.setImages(bytes);
  // A few steps, so that the posteriors are not the prior.
  for (let i = 0; i < 5; i++) await trainer.step({ batch: count, beta: 1, learningRate: 0.02 });
  const model = await trainer.model();
  const pixels = Float32Array.from(bytes, (byte) => byte / 255);
  const noise = normalDraws(9, 0, count * latent);
  const got = await model.elboParts(pixels, noise);
  const { mean, logVar } = await model.encode(pixels);
  const latents = mean.map((value, i) => value + (logVar ? Math.exp(logVar[i] / 2) * noise[i] : 0));
  const expected = { reconstruction: 0, kl: 0 };
  for (let n = 0; n < count; n++) {
    const maps = await model.decoderMaps(latents.slice(n * latent, (n + 1) * latent));
    // The last layer has the logits.
    const logits = maps.slice(-size);
    for (let i = 0; i < size; i++) {
      const p = 1 / (1 + Math.exp(-logits[i]));
      const x = pixels[n * size + i];
      expected.reconstruction +=
        likelihood === 'bernoulli' ? -(x * Math.log(p) + (1 - x) * Math.log(1 - p)) : (p - x) ** 2;
    }
  }
  logVar?.forEach((value, i) => (expected.kl += (mean[i] ** 2 + Math.exp(value) - 1 - value) / 2));
  const refused = await model.elboParts(pixels, noise.slice(1)).then(
    () => '',
    (error) => error.message,
  );
  return { got, expected, refused };
}

/** In the page: converts the entries of a stored run to the form of versions before held-out pictures. @param {string} name */
export async function makeOld(name) {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open('latent-lab', 1);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction('run', 'readwrite');
  const store = transaction.objectStore('run');
  for (const [part, change] of [
    ['run', (run) => (delete run.settings.held, delete run.data.heldOut, delete run.data.dataset)],
    ['progress', (progress) => delete progress.heldOut],
  ]) {
    const key = `${name} ${part}`;
    store.get(key).onsuccess = ({ target }) => {
      change(target.result);
      store.put(target.result, key);
    };
  }
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}
