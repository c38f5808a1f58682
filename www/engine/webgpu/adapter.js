/**
 * The adapter probe: asks the browser for a GPU before anything else for WebGPU is fetched. Called only by gpu.js.
 *
 * @typedef {object} AdapterProbe
 * @property {string} adapter name of the GPU; empty if the browser does not tell
 * @property {string | null} reason why the GPU cannot be used, in words for the reader; null if it can
 * @property {boolean} isSoftware true for an adapter that computes on the processor, which is never faster than the module for the CPU
 *
 * @typedef {{info?: Partial<GPUAdapterInfo>, isFallbackAdapter?: boolean}} OlderAdapter
 */

/** Features that the module needs, each with the reason to give if it is missing. */
const NEEDED = { 'timestamp-query': 'its driver cannot measure time (timestamp-query)' };

/** Longest wait for an adapter or a device, in milliseconds: some browsers offer one and then never answer. */
const TIMEOUT = 5_000;

/** @returns {Promise<AdapterProbe>} */
export async function probeAdapter() {
  const gpu = /** @type {GPU | undefined} */ (navigator.gpu);
  if (!gpu) return unusable(isSecureContext ? 'this browser has no WebGPU' : 'browsers offer it only over https');
  const adapter = await withTimeout(requestAdapter(gpu));
  if (adapter === undefined) return unusable('it did not answer');
  if (!adapter) return unusable('this browser has WebGPU, but found no graphics processor for it');
  for (const [feature, reason] of Object.entries(NEEDED)) {
    if (!adapter.features.has(feature)) return unusable(reason);
  }
  // Older browsers have one of the two.
  const { info = {}, isFallbackAdapter = false } = /** @type {OlderAdapter} */ (adapter);
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ');
  return { adapter: name, reason: null, isSoftware: info.isFallbackAdapter ?? isFallbackAdapter };
}

/**
 * Opens a device and closes it again: the worker opens the device that computes.
 * @returns {Promise<boolean>} true if the browser opened or refused it in time, false if it never answered
 */
export async function deviceAnswers() {
  const adapter = await requestAdapter(navigator.gpu);
  const opening = Promise.resolve(adapter?.requestDevice()).then(
    (device) => device?.destroy() ?? null,
    () => null,
  );
  return (await withTimeout(opening)) !== undefined;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>} undefined after a timeout
 */
function withTimeout(promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<undefined>} */
  const timeout = new Promise((resolve) => (timer = setTimeout(() => resolve(undefined), TIMEOUT)));
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

/** @param {GPU} gpu */
async function requestAdapter(gpu) {
  try {
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return null;
  }
}

/**
 * @param {string} reason
 * @returns {AdapterProbe}
 */
function unusable(reason) {
  return { adapter: '', reason, isSoftware: false };
}
