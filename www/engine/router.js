import { Failure } from '../failure.js';

/**
 * @typedef {import('./engine-worker.js').Work} Work
 *
 * @typedef {object} Route a worker other than the CPU's, with the decision which work it gets
 * @property {(work: Work) => boolean | Promise<boolean>} takes
 * @property {(work: Work) => Promise<unknown>} run called after `takes` was true
 * @property {(work: Work, value: unknown) => void} [cpuHasRun] gets the results of work that the CPU has done
 * @property {(model: string) => void} [forget] drops its copy of a model
 */

/** Decides which worker gets a request or a training command: the first route that takes it, or else the CPU's. */
export class Router {
  /** @type {Set<Route>} */
  #routes = new Set();

  /**
   * @param {Route} route
   * @returns {() => void} removes the route
   */
  add(route) {
    this.#routes.add(route);
    return () => void this.#routes.delete(route);
  }

  /**
   * Drops the copies of a model that other workers have.
   * @param {string} model its address
   */
  forget(model) {
    for (const route of this.#routes) route.forget?.(model);
  }

  /**
   * @template T
   * @param {Work} work
   * @param {() => Promise<T>} runOnCpu
   * @returns {Promise<T>}
   */
  async send(work, runOnCpu) {
    const { device, onlyGpu } = work.options;
    if (device === 'cpu') return runOnCpu();
    for (const route of this.#routes) {
      if (!(await route.takes(work))) continue;
      try {
        return /** @type {T} */ (await route.run(work));
      } catch (error) {
        // The route's own code reports the reason to the reader; the CPU does the work.
        if (!mayFallBack(work)) throw error;
      }
    }
    if (onlyGpu) throw new Failure('worker', 'the GPU is not open');
    const value = await runOnCpu();
    for (const route of this.#routes) route.cpuHasRun?.(work, value);
    return value;
  }
}

/**
 * True if the CPU may do work that another worker has failed to do. It has no state of a run created elsewhere: the training controller
 * continues such a run from the last snapshot.
 * @param {Work} work
 */
function mayFallBack({ action, args, options }) {
  if (action === 'train') return 'verb' in args && args.verb === 'create';
  return !options.onlyGpu;
}
