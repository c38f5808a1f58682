/** What a network makes of fixed pictures and fixed random numbers: all that a figure shows of it but its losses. */

/**
 * @typedef {object} Network of the wasm module
 * @property {(pixels: Float32Array) => Promise<{mean: Float32Array, logVar: Float32Array | undefined}>} encode
 * @property {(latents: Float32Array) => Promise<Uint8ClampedArray>} decodeRgba
 * @property {(precision: string, card: object) => Promise<Uint8Array>} save
 * @property {() => void} free
 *
 * @typedef {object} Look
 * @property {number} fixed how many pictures are shown with their reconstructions
 * @property {Uint8ClampedArray} pictures RGBA, stacked: reconstructions, samples, the way from the first picture to the last
 * @property {Float32Array | null} divergence KL of each latent dimension in nats, the mean over pictures; null without one
 * @property {Float32Array | null} codes [n, 2], where the pictures lie, for a latent of two numbers
 */

/** Pictures with their reconstructions, random latents, and stops of the way between two pictures. */
export const FIXED = 8;
export const SAMPLES = 16;
export const WAY = 8;

/** Pictures that the KL is averaged over, and those that a map shows. */
const AVERAGED = 64;
const MAPPED = 400;

/**
 * @param {import('./session.js').Face} face
 * @param {Network} model
 * @param {import('./session.js').Plan} plan
 * @returns {Promise<Look>}
 */
export async function glimpse(face, model, { configs: [config], pixels, seed }) {
  const { latent, image } = config;
  const size = image.channels * image.height * image.width;
  const count = pixels.length / size;
  const fixed = Math.min(FIXED, count);
  const { mean, logVar } = await model.encode(pick(pixels, size, spread(latent === 2 ? MAPPED : AVERAGED, count)));
  const { mean: shown } = await model.encode(pick(pixels, size, spread(FIXED, count)));
  const draws = face.normalDraws(seed, 0xffff_ffff, SAMPLES * latent);
  const ends = fixed > 1 ? [shown.slice(0, latent), shown.slice(-latent)] : [draws.slice(0, latent), draws.slice(latent, 2 * latent)];
  const way = face.interpolate('slerp', ends[0], ends[1], WAY);
  const latents = new Float32Array(shown.length + draws.length + way.length);
  latents.set(shown);
  latents.set(draws, shown.length);
  latents.set(way, shown.length + draws.length);
  return {
    fixed,
    pictures: await model.decodeRgba(latents),
    divergence: logVar ? divergence(mean, logVar, latent) : null,
    codes: latent === 2 ? mean : null,
  };
}

/**
 * Up to `most` of `count` pictures, evenly from all of them: the same every time.
 * @param {number} most
 * @param {number} count
 */
export function spread(most, count) {
  const shown = Math.min(most, count);
  return Array.from({ length: shown }, (_, i) => Math.floor((i * count) / shown));
}

/**
 * @param {Uint8Array} pixels
 * @param {number} size of one picture
 * @param {number[]} indices
 */
function pick(pixels, size, indices) {
  const values = new Float32Array(indices.length * size);
  indices.forEach((index, i) => {
    for (let at = 0; at < size; at++) values[i * size + at] = pixels[index * size + at] / 255;
  });
  return values;
}

/**
 * Of each dimension's posterior from the standard normal: half of mean^2 + variance - 1 - log-variance.
 * @param {Float32Array} mean [n, latent]
 * @param {Float32Array} logVar [n, latent]
 * @param {number} latent
 */
function divergence(mean, logVar, latent) {
  const sums = new Float32Array(latent);
  const count = mean.length / latent;
  mean.forEach((value, i) => {
    sums[i % latent] += (0.5 * (value * value + Math.exp(logVar[i]) - 1 - logVar[i])) / count;
  });
  return sums;
}
