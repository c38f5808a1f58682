/**
 * The stored codes that are closest to a code, closest first.
 * @param {ArrayLike<number>} code
 * @param {Pick<import('./stored.js').StoredLatents, 'latent' | 'mean'>} stored of the same number of dimensions
 * @param {number} count
 * @returns {{place: number, distance: number}[]} indices among the stored codes, and distances in latent units
 */
export function closestTo(code, { latent, mean }, count) {
  /** @type {{place: number, square: number}[]} */
  const found = [];
  /** No code whose squared distance reaches this is among the closest. */
  let limit = Infinity;
  for (let place = 0; place < mean.length / latent; place++) {
    let square = 0;
    for (let i = 0; i < latent && square < limit; i++) square += (mean[place * latent + i] - code[i]) ** 2;
    if (square >= limit) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].square > square) at -= 1;
    found.splice(at, 0, { place, square });
    found.length = Math.min(found.length, count);
    if (found.length === count) limit = found[count - 1].square;
  }
  return found.map(({ place, square }) => ({ place, distance: Math.sqrt(square) }));
}
