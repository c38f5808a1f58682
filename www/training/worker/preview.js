/** What a network makes of fixed pictures and fixed random numbers: all that a figure shows of it but its losses. */

/**
 * @typedef {import('../../pkg/cpu/latent_lab.js').Model} Model
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

/** Pictures that are encoded at once: others are let in after each time. */
const AT_ONCE = 64;

/** Pictures that the KL is averaged over, and those that a map shows. */
const AVERAGED = 64;
const MAPPED = 400;

/**
 * @param {import('./session.js').Face} face
 * @param {Model} model
 * @param {import('./session.js').Plan} plan
 * @param {import('./pacer.js').Pacer} pacer lets others in between
 * @returns {Promise<Look>}
 */
export async function glimpse(face, model, { configs: [config], pixels, seed }, pacer) {
  const { latent, image } = config;
  const size = image.channels * image.height * image.width;
  const count = pixels.length / size;
  const fixed = Math.min(FIXED, count);
  const indices = spread(latent === 2 ? MAPPED : AVERAGED, count);
  const { mean, logVar } = await encode(model, pixels, { indices, size, latent }, pacer);
  const { mean: shown } = await model.encode(pick(pixels, size, spread(FIXED, count)));
  const draws = face.normalDraws(seed, 0xffff_ffff, SAMPLES * latent);
  const ends =
    fixed > 1
      ? [shown.slice(0, latent), shown.slice(-latent)]
      : [draws.slice(0, latent), draws.slice(latent, 2 * latent)];
  const way = face.interpolate('slerp', ends[0], ends[1], WAY);
  const pictures = new Uint8ClampedArray((fixed + SAMPLES + WAY) * image.height * image.width * 4);
  let filled = 0;
  for (const latents of [shown, draws, way]) {
    await pacer.breatheIfDue();
    const { data: drawn } = await model.decodeImages(latents);
    pictures.set(drawn, filled);
    filled += drawn.length;
  }
  return {
    fixed,
    pictures,
    divergence: logVar ? divergence(mean, logVar, latent) : null,
    codes: latent === 2 ? mean : null,
  };
}

/**
 * Codes of some pictures, a few at a time.
 * @param {Model} model
 * @param {Uint8Array} pixels
 * @param {{indices: number[], size: number, latent: number}} what which pictures, of how many values, with codes of how many
 * @param {import('./pacer.js').Pacer} pacer lets others in between
 * @returns {Promise<{mean: Float32Array, logVar: Float32Array | undefined}>} each [n, latent]
 */
export async function encode(model, pixels, { indices, size, latent }, pacer) {
  const all = { mean: new Float32Array(indices.length * latent), logVar: new Float32Array(indices.length * latent) };
  let isVariational = false;
  for (let first = 0; first < indices.length; first += AT_ONCE) {
    const { mean, logVar } = await model.encode(pick(pixels, size, indices.slice(first, first + AT_ONCE)));
    all.mean.set(mean, first * latent);
    if (logVar) all.logVar.set(logVar, first * latent);
    isVariational = logVar !== undefined;
    await pacer.breatheIfDue();
  }
  return { mean: all.mean, logVar: isVariational ? all.logVar : undefined };
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
