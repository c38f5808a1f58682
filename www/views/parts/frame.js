/** Longest wait for a frame, in milliseconds: a page that nobody sees draws none. */
const LONGEST = 100;

/** Resolves after the next frame, so that what follows does not hold it up. @returns {Promise<void>} */
export function afterFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, LONGEST);
  });
}
