/**
 * Cuts large requests into parts for several workers, and joins the results. The pool calls it. Each image is computed by itself, so the
 * result does not depend on the parts.
 *
 * @typedef {import('./engine-worker.js').Work} Work
 * @typedef {{mean: Float32Array, logVar: Float32Array | undefined}} Posterior
 */

/** Fewest images of a part. */
const FEWEST = 16;

/** Fewest bytes of RGBA that are worth a second worker: below, one worker takes a few milliseconds. */
const SMALL = 1 << 18;

/** @param {Work} work */
export function worthSplitting(work) {
  const request = requestOf(work);
  if (!request || !work.size) return false;
  const { image } = work.size;
  const count = countOf(work);
  return count >= 2 * FEWEST && count * image.height * image.width * 4 >= SMALL;
}

/**
 * @param {Work} work that is worth splitting
 * @param {number} most parts
 * @returns {Work[]} of nearly equal size
 */
export function split(work, most) {
  const request = /** @type {{name: string, values: Float32Array | Uint8ClampedArray}} */ (requestOf(work));
  const count = countOf(work);
  const parts = Math.max(1, Math.min(most, Math.floor(count / FEWEST)));
  const each = request.values.length / count;
  return Array.from({ length: parts }, (_, i) => {
    const [first, last] = [i, i + 1].map((part) => Math.floor((part * count) / parts) * each);
    return { ...work, args: { ...work.args, [request.name]: request.values.slice(first, last) } };
  });
}

/**
 * @param {string} action
 * @param {unknown[]} results of the parts, in order
 * @returns {unknown} the result of the whole work
 */
export function join(action, results) {
  if (results.length === 1) return results[0];
  if (action !== 'encode') return concatenated(/** @type {(Float32Array | Uint8ClampedArray)[]} */ (results));
  const posteriors = /** @type {Posterior[]} */ (results);
  const logVars = posteriors.map(({ logVar }) => logVar);
  return {
    mean: concatenated(posteriors.map(({ mean }) => mean)),
    logVar: logVars.includes(undefined) ? undefined : concatenated(/** @type {Float32Array[]} */ (logVars)),
  };
}

/**
 * The values that are cut; undefined for other work.
 * @param {Work} work
 * @returns {{name: string, values: Float32Array | Uint8ClampedArray} | undefined}
 */
function requestOf({ action, args }) {
  const { latents, rgba } = /** @type {{latents?: Float32Array, rgba?: Uint8ClampedArray}} */ (args);
  if ((action === 'decode' || action === 'values') && latents) return { name: 'latents', values: latents };
  if (action === 'encode' && rgba) return { name: 'rgba', values: rgba };
}

/** Images of the work. @param {Work} work whose model's size is known */
function countOf(work) {
  const { latent, image } = /** @type {NonNullable<Work['size']>} */ (work.size);
  const { values, name } = /** @type {NonNullable<ReturnType<typeof requestOf>>} */ (requestOf(work));
  const each = name === 'latents' ? latent : image.height * image.width * 4;
  return Math.floor(values.length / each);
}

/**
 * @template {Float32Array | Uint8ClampedArray} T
 * @param {T[]} arrays of one kind
 * @returns {T}
 */
function concatenated(arrays) {
  const Kind = /** @type {new (length: number) => T} */ (arrays[0].constructor);
  const all = new Kind(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    all.set(array, end);
    end += array.length;
  }
  return all;
}
