/** Longest wait for a frame, in milliseconds: a page that nobody sees draws none. */
const LONGEST = 100;

/**
 * Resolves after the next frame, when the browser has nothing else to do, so that what follows holds nothing up.
 * @returns {Promise<void>}
 */
export function afterFrame() {
  return new Promise((resolve) => {
    // WebKit has no idle callbacks.
    const { requestIdleCallback: idle = setTimeout } = globalThis;
    requestAnimationFrame(() => idle(() => resolve()));
    setTimeout(resolve, LONGEST);
  });
}
