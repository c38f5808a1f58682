/**
 * The stored codes that come with a model: which of them is meant, and what it is called. A shipped model comes with test
 * digits; one that was trained here with the visitor's pictures, of which often nobody has said what they show.
 *
 * @typedef {import('../../engine.js').StoredLatents} StoredLatents
 * @typedef {import('../../state.js').Endpoint} Endpoint
 */

/** How many there are. @param {StoredLatents} stored */
export function countOf({ mean, latent }) {
  return mean.length / latent;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @returns {number} its place among all
 */
export function placeOf(stored, { digit, nth }) {
  const { labels } = stored;
  const count = countOf(stored);
  // Where nobody knows digits, ten of them are ten places, evenly among the pictures.
  if (!labels) return (Math.floor((digit * count) / 10) + nth) % count;
  const ofDigit = [...labels.keys()].filter((i) => labels[i] === digit);
  return ofDigit.length > 0 ? ofDigit[nth % ofDigit.length] : 0;
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 * @returns {Float32Array} [latent]
 */
export function codeOf(stored, endpoint) {
  const place = placeOf(stored, endpoint);
  return stored.mean.slice(place * stored.latent, (place + 1) * stored.latent);
}

/**
 * @param {StoredLatents} stored
 * @param {Endpoint} endpoint
 */
export function nameOf(stored, endpoint) {
  if (!stored.labels) return `${stored.own === 'draws' ? 'random code' : 'picture'} ${placeOf(stored, endpoint) + 1}`;
  return stored.own ? `a picture of class ${endpoint.digit}` : `a handwritten ${endpoint.digit}`;
}
