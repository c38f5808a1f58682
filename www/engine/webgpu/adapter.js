/**
 * Whether this browser has a GPU for us: asked before anything else of WebGPU is fetched.
 *
 * @typedef {object} Sight
 * @property {string | null} hindrance why it cannot be used, in words for the reader; null when it can
 * @property {string} adapter what the browser calls it; empty when it does not say
 * @property {boolean} software whether it is the processor in disguise, which is never the faster one
 */

/** What the module asks of an adapter, and how to say that it is missing. */
const NEEDED = { 'timestamp-query': 'its driver cannot tell the time (timestamp-query)' };

/** An adapter or a device that has not come by then never will, in milliseconds: some browsers offer one and then say nothing. */
const PATIENCE = 5_000;

/** @returns {Promise<Sight>} */
export async function look() {
  const { gpu } = /** @type {any} */ (navigator);
  if (!gpu) return blind(isSecureContext ? 'this browser has none' : 'browsers offer it only over https');
  const adapter = await soon(adapterOf(gpu));
  if (adapter === undefined) return blind('it did not answer');
  if (!adapter) return blind('this browser has it, but found no graphics processor for it');
  for (const [feature, lack] of Object.entries(NEEDED)) if (!adapter.features.has(feature)) return blind(lack);
  const info = adapter.info ?? {};
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ');
  return { hindrance: null, adapter: name, software: info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false };
}

/**
 * Whether a device opens or is refused, and not simply never heard of. It is closed again at once: the one that computes
 * is the worker's own.
 * @returns {Promise<boolean>}
 */
export async function knock() {
  const adapter = await adapterOf(/** @type {any} */ (navigator).gpu);
  const opening = Promise.resolve(adapter?.requestDevice()).then(
    (device) => device?.destroy() ?? null,
    () => null,
  );
  return (await soon(opening)) !== undefined;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>} undefined where nothing has come of it in time
 */
function soon(promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<undefined>} */
  const late = new Promise((resolve) => (timer = setTimeout(() => resolve(undefined), PATIENCE)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** @param {any} gpu */
async function adapterOf(gpu) {
  try {
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return null;
  }
}

/**
 * @param {string} hindrance
 * @returns {Sight}
 */
function blind(hindrance) {
  return { hindrance, adapter: '', software: false };
}
