// Adding and removing figures, and the page's memory after a garbage collection.

/** Allowed remainders: objects kept by an engine, and figures that are being removed. */
export const SLACK = { heap: 3_000_000, nodes: 1_500, listeners: 200 };

/**
 * Bytes of the page's heap, its nodes and its listeners.
 * @param {import('puppeteer-core').CDPSession} session
 */
export async function memory(session) {
  for (let i = 0; i < 4; i++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/**
 * Describes the counts that are above their limits.
 * @param {typeof SLACK} before
 * @param {typeof SLACK} after
 */
export function grown(before, after) {
  return /** @type {(keyof typeof SLACK)[]} */ (Object.keys(SLACK))
    .filter((what) => after[what] - before[what] > SLACK[what])
    .map((what) => `${what}: ${before[what]} became ${after[what]}`);
}

/**
 * In the page: figures of several kinds, one after the other; every third is removed before it shows anything.
 * @param {number} count
 * @param {readonly string[]} kinds values of the attribute `figure`
 */
export async function comeAndGo(count, kinds) {
  for (let i = 0; i < count; i++) {
    const figure = document.createElement('latent-lab');
    figure.setAttribute('figure', kinds[i % kinds.length]);
    figure.loading = 'eager';
    document.body.append(figure);
    if (i % 3 > 0) await figure.whenReady();
    figure.remove();
  }
}
