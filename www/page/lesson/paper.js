/** Prints a lesson with all figures and pictures of questions, also those that the reader has not come to yet. */

/** Longest time to wait for the pictures, in milliseconds. */
const LONGEST = 60_000;

/**
 * @param {ParentNode} place
 * @param {{prepare: () => Promise<void>}[]} questions
 */
export async function printAll(place, questions) {
  const figures = [...place.querySelectorAll('latent-lab')].map(
    (figure) => /** @type {import('../../latent-lab.js').LatentLabElement} */ (figure),
  );
  const ready = figures.map((figure) => {
    figure.setAttribute('loading', 'eager');
    return figure.whenReady();
  });
  const tooLong = new Promise((resolve) => setTimeout(resolve, LONGEST));
  const drawn = questions.map((question) => question.prepare());
  await Promise.race([Promise.allSettled([...ready, ...drawn]), tooLong]);
  print();
}
