/** Prints a lesson with all of its figures, also those that the reader has not come to yet. */

/** Longest time to wait for the figures, in milliseconds. */
const LONGEST = 60_000;

/** @param {ParentNode} place */
export async function printAll(place) {
  const figures = [...place.querySelectorAll('latent-lab')].map(
    (figure) => /** @type {import('../../latent-lab.js').LatentLabElement} */ (figure),
  );
  const ready = figures.map((figure) => {
    figure.setAttribute('loading', 'eager');
    return figure.whenReady();
  });
  const tooLong = new Promise((resolve) => setTimeout(resolve, LONGEST));
  await Promise.race([Promise.allSettled(ready), tooLong]);
  print();
}
