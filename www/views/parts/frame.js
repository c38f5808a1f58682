/** Longest wait for a frame, in milliseconds: a hidden page draws none. */
const LONGEST = 100;

/**
 * Resolves after the next frame, when the browser is idle, so that the caller's next work delays nothing.
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
