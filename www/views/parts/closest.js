/**
 * The stored codes that are closest to a code, closest first.
 * @param {ArrayLike<number>} code
 * @param {Pick<import('./stored.js').StoredLatents, 'latent' | 'mean'>} stored of the same number of dimensions
 * @param {number} count
 * @returns {{place: number, distance: number}[]} indices among the stored codes, and distances in latent units
 */
export function closestTo(code, { latent, mean }, count) {
  /** @type {{place: number, distance: number}[]} */
  const found = [];
  for (let place = 0; place < mean.length / latent; place++) {
    let square = 0;
    for (let i = 0; i < latent; i++) square += (mean[place * latent + i] - code[i]) ** 2;
    const distance = Math.sqrt(square);
    if (found.length === count && distance >= found[count - 1].distance) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].distance > distance) at -= 1;
    found.splice(at, 0, { place, distance });
    found.length = Math.min(found.length, count);
  }
  return found;
}
