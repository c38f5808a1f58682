// Measures how far held-out pictures are from the nearest of fewer or more training pictures, which decides how many the lenses get:
//
//     latent-lab latents www/models/map.safetensors --data mnist --part training --count 60000 --first --out all.safetensors
//     node article/nearest-training.mjs map all.safetensors 500 1000 60000
//
// Prints the mean distance, over a model's stored codes, to the nearest of the first ones of a seeded shuffle. `cargo xtask build` comes
// first, for the module that reads the files.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { closestTo } from '../www/views/parts/closest.js';

const [model, all, ...counts] = process.argv.slice(2);
if (counts.length === 0) throw new Error('usage: node article/nearest-training.mjs MODEL TRAINING-CODES COUNT...');

/** Shuffles over which the mean is taken. */
const SHUFFLES = 5;

const root = new URL('../', import.meta.url);
const bytes = (/** @type {string | URL} */ path) => new Uint8Array(readFileSync(path));

const lab = await import(new URL('pkg/cpu/latent_lab.js', root).href);
await lab.default({ module_or_path: bytes(new URL('pkg/cpu/latent_lab_bg.wasm', root)) });

const held = lab.parseLatents(bytes(new URL(`www/models/${model}.latents.safetensors`, root)));
const training = lab.parseLatents(bytes(resolve(all)));
const { latent } = training;
const codes = Array.from({ length: held.mean.length / latent }, (_, i) =>
  held.mean.subarray(i * latent, (i + 1) * latent),
);

for (const count of counts.map(Number)) {
  let sum = 0;
  for (let seed = 1; seed <= SHUFFLES; seed++) {
    const mean = shuffled(training, seed).subarray(0, count * latent);
    for (const code of codes) sum += closestTo(code, { latent, mean }, 1)[0].distance;
  }
  console.log(`${model}, ${count} of ${training.mean.length / latent}: ${(sum / SHUFFLES / codes.length).toFixed(3)}`);
}

/**
 * @param {{mean: Float32Array, latent: number}} codes
 * @param {number} seed
 */
function shuffled({ mean, latent }, seed) {
  const order = Array.from({ length: mean.length / latent }, (_, i) => i);
  // The minimal standard generator, and Fisher and Yates.
  let state = seed;
  for (let left = order.length; left > 1; left--) {
    state = (state * 48271) % 2147483647;
    const other = state % left;
    [order[left - 1], order[other]] = [order[other], order[left - 1]];
  }
  return Float32Array.from(order.flatMap((i) => [...mean.subarray(i * latent, (i + 1) * latent)]));
}
